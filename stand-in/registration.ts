/**
 * What One Login knows of a service: the answers given in the admin tool or the production draft.
 *
 * @see https://docs.sign-in.service.gov.uk/before-integrating/register-and-manage-your-service/
 */
export interface ClientRegistration {
  readonly clientId: string;
  /** Where the service publishes its public keys. */
  readonly jwksUrl: string;
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris: readonly string[];
  /** Without one no logout token is ever sent. */
  readonly backchannelLogoutUri?: string;
  /** Where the e-mail after an in-person check leads. */
  readonly landingPageUrl?: string;
  readonly scopes: readonly string[];
  /** The userinfo claims that the service may ask for, under their full names. */
  readonly claims: readonly string[];
  readonly clientLoCs: readonly ('P0' | 'P1' | 'P2')[];
  readonly idTokenSigningAlgorithm: 'ES256' | 'RS256';
  /** Whether `max_age` is honoured; otherwise it is ignored. */
  readonly maxAgeEnabled: boolean;
  readonly pkceEnforced: true;
  readonly jarRequired: true;
}

/** The scopes that One Login knows. */
export const knownScopes = ['openid', 'email', 'phone', 'offline_access', 'wallet-subject-id'] as const;

const vocabulary = 'https://vocab.account.gov.uk/v1/';

/** The userinfo claims that carry an identity, under their full names. */
export const identityClaims = {
  coreIdentityJwt: `${vocabulary}coreIdentityJWT`,
  address: `${vocabulary}address`,
  passport: `${vocabulary}passport`,
  drivingPermit: `${vocabulary}drivingPermit`,
  returnCode: `${vocabulary}returnCode`,
} as const;

/** The claims that may be asked for by the `claims` parameter. */
export const knownClaims: readonly string[] = Object.values(identityClaims);
