/**
 * The registration of a service: the values in the admin tool or the production draft.
 *
 * @see https://docs.sign-in.service.gov.uk/before-integrating/register-and-manage-your-service/
 */
export interface ClientRegistration {
  readonly clientId: string;
  /** Where the service publishes its public keys. */
  readonly jwksUrl: string;
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris: readonly string[];
  /** Logout tokens are sent only to a service that has one. */
  readonly backchannelLogoutUri?: string;
  /** The destination of the link in the email after an in-person check. */
  readonly landingPageUrl?: string;
  readonly scopes: readonly string[];
  /** The userinfo claims that the service may request, by their full names. */
  readonly claims: readonly string[];
  readonly clientLoCs: readonly ('P0' | 'P1' | 'P2')[];
  readonly idTokenSigningAlgorithm: 'ES256' | 'RS256';
  /** Whether `max_age` has an effect. */
  readonly maxAgeEnabled: boolean;
  readonly pkceEnforced: true;
  readonly jarRequired: true;
}

/** The scopes of One Login. */
export const knownScopes = ['openid', 'email', 'phone', 'offline_access', 'wallet-subject-id'] as const;

const vocabulary = 'https://vocab.account.gov.uk/v1/';

/** The full names of the userinfo claims of an identity. */
export const identityClaims = {
  coreIdentityJwt: `${vocabulary}coreIdentityJWT`,
  address: `${vocabulary}address`,
  passport: `${vocabulary}passport`,
  drivingPermit: `${vocabulary}drivingPermit`,
  returnCode: `${vocabulary}returnCode`,
} as const;

/** The claims of the `claims` parameter. */
export const knownClaims: readonly string[] = Object.values(identityClaims);
