import { stageName } from '../api/routes.ts';
import { checkSchema } from './check-schema.ts';
import type { ConfigFile, DeploymentConfig, Environment, ProviderEndpoints } from './deployment-config.ts';
import { buildDomainUrl, refusesCanary } from './edge-rules.ts';
import { ConfigError, type Mistake } from './mistakes.ts';
import { rules } from './rules.ts';

/**
 * One Login's two environments.
 *
 * @see https://docs.sign-in.service.gov.uk/integrate-with-integration-environment/
 */
const oneLoginEndpoints: Readonly<Record<Exclude<Environment, 'local'>, ProviderEndpoints>> = {
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

/**
 * Validates the content of a config file, and fills in what it leaves out.
 *
 * @param json parsed JSON; not changed
 * @param source the path of the file, for messages
 * @throws ConfigError with every mistake at once, each with the field's path and what is allowed
 */
export function validateConfig(json: unknown, source?: string): DeploymentConfig {
  const file = structuredClone(json);
  const schemaMistakes = checkSchema(file);
  if (!schemaMistakes.some(({ path }) => /^(domain(\.name)?)?$/.test(path)))
    fillInPublicUrl(file as ConfigFile);
  const ruleMistakes = rules
    .filter(({ reads }) => !schemaMistakes.some(({ path }) => path === '' || reads.test(path)))
    // Each rule reads only what the schema has accepted.
    .flatMap(({ check }) => [...check(file as ConfigFile)]);
  const mistakes: readonly Mistake[] = [...schemaMistakes, ...ruleMistakes];
  if (mistakes.length > 0) throw new ConfigError(mistakes, source);

  const { $schema: _, provider, ...config } = file as ConfigFile;
  return {
    ...config,
    defaultPage: chooseDefaultPage(config),
    canary: config.canary ?? (config.environment === 'production' && !refusesCanary(config)),
    provider: provider ?? chooseEndpoints(config.environment),
  };
}

/** Without a domain every path begins with the stage's name, and there is nothing at `/`. */
function chooseDefaultPage({
  defaultPage,
  exampleService,
  publicUrl,
}: Pick<ConfigFile, 'defaultPage' | 'exampleService' | 'publicUrl'>): string {
  return exampleService && publicUrl === undefined && defaultPage === '/' ? `/${stageName}/` : defaultPage;
}

/** @param file changed in place */
function fillInPublicUrl(file: { domain?: ConfigFile['domain']; publicUrl?: string }): void {
  if (file.domain !== undefined) file.publicUrl ??= buildDomainUrl(file.domain.name);
}

function chooseEndpoints(environment: Environment): ProviderEndpoints {
  if (environment === 'local')
    throw new Error('checkProvider requires a provider with the environment local');
  return oneLoginEndpoints[environment];
}
