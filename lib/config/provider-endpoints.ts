import type { Environment, ProviderEndpoints } from './deployment-config.ts';

/**
 * One Login's two environments.
 *
 * @see https://docs.sign-in.service.gov.uk/integrate-with-integration-environment/
 */
export const oneLoginEndpoints: Readonly<Record<Exclude<Environment, 'local'>, ProviderEndpoints>> = {
  integration: {
    issuer: 'https://oidc.integration.account.gov.uk/',
    discoveryUrl: 'https://oidc.integration.account.gov.uk/.well-known/openid-configuration',
    coreIdentityIssuer: 'https://identity.integration.account.gov.uk/',
    didUrl: 'https://identity.integration.account.gov.uk/.well-known/did.json',
    didId: 'did:web:identity.integration.account.gov.uk',
  },
  production: {
    issuer: 'https://oidc.account.gov.uk/',
    discoveryUrl: 'https://oidc.account.gov.uk/.well-known/openid-configuration',
    coreIdentityIssuer: 'https://identity.account.gov.uk/',
    didUrl: 'https://identity.account.gov.uk/.well-known/did.json',
    didId: 'did:web:identity.account.gov.uk',
  },
};
