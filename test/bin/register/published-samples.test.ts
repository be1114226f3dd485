import { describe, expect, it } from '@jest/globals';
import { fillDraft } from '../../../bin/register/fill-draft.ts';
import { buildRegistration } from '../../../bin/register/registration.ts';
import { buildTestConfig } from '../../infra/synthesise.ts';

/** What the three samples of One Login's documentation have in common. */
const common = {
  Channel: 'WEB',
  ClientLoCs: ['P0'],
  ClientName: '{CLIENT_NAME}',
  ClientType: 'web',
  CookieConsentShared: false,
  IdentityVerificationSupported: false,
  IdTokenSigningAlgorithm: 'RS256',
  IsActive: true,
  JarValidationRequired: false,
  MaxAgeEnabled: false,
  OneLoginService: false,
  PermitMissingNonce: false,
  PKCEEnforced: false,
  PostLogoutRedirectUrls: ['{POSTLOGOUT_REDIRECT_URLS}'],
  PublicKeySource: 'STATIC',
  RedirectUrls: ['{REDIRECT_URLS}'],
  Scopes: ['openid', 'email', 'phone'],
  SectorIdentifierUri: '{SECTORIDENTIFIER_URI}',
  ServiceType: 'MANDATORY',
  SmokeTest: false,
  SubjectType: 'pairwise',
  TestClient: false,
  TestClientEmailAllowlist: [],
  TokenAuthMethod: 'private_key_jwt',
};

/** @see https://docs.sign-in.service.gov.uk/configure-for-production/ */
const authenticationOnly = { ...common, JarValidationRequired: true, PublicKey: '{PUBLIC_KEY}' };
const withIdentity = {
  ...common,
  BackChannelLogoutUri: '{BACKCHANNEL_LOGOUT_URL}',
  Claims: ['{CLAIMS}'],
  ClientLoCs: ['P2'],
  IdentityVerificationSupported: true,
  JwksUrl: '{JWKS_URL}',
  LandingPageUrl: '{LANDING_PAGEURL}',
  PublicKeySource: 'JWKS',
};

function fill(sample: object, overrides: Parameters<typeof buildTestConfig>[1] = {}) {
  const config = buildTestConfig('production.example', {
    scopes: ['openid', 'email', 'phone'],
    idTokenSigningAlgorithm: 'RS256',
    ...overrides,
  });
  const registration = buildRegistration(
    config,
    'https://service.example.gov.uk/auth',
    'https://service.example.gov.uk',
  );
  const { filled, open } = fillDraft(JSON.stringify({ ...sample, ClientID: config.clientId }), registration);
  return { filled, open: open.map(({ kind, attribute }) => `${kind} ${attribute}`) };
}
const withoutIdentity = { identity: undefined, authorizers: [] };

describe('fillDraft with a sample of One Login’s documentation', () => {
  it('matches the sample with identity, except what we ask One Login to enforce', () => {
    expect(fill(withIdentity)).toEqual({
      filled: [
        'ClientName',
        'PostLogoutRedirectUrls',
        'RedirectUrls',
        'SectorIdentifierUri',
        'BackChannelLogoutUri',
        'Claims',
        'JwksUrl',
        'LandingPageUrl',
      ],
      open: ['contradiction JarValidationRequired', 'contradiction PKCEEnforced'],
    });
  });

  it('reports the missing keys and back channel of the sample without identity', () => {
    expect(fill(authenticationOnly, withoutIdentity)).toEqual({
      filled: ['ClientName', 'PostLogoutRedirectUrls', 'RedirectUrls', 'SectorIdentifierUri'],
      open: [
        'contradiction PKCEEnforced',
        'contradiction PublicKeySource',
        'placeholder PublicKey',
        'missing BackChannelLogoutUri',
        'missing JwksUrl',
      ],
    });
  });
});
