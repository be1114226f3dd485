import { RelyingPartyError } from '../errors.ts';
import { isJsonObject } from './json-object.ts';
import { type KeySource, readJwt, type UnverifiedJwt, verifySignature } from './jwt.ts';
import { checkAudience, checkIssuer, checkTimes, readSubject, requireDate } from './jwt-claims.ts';
import type { Validated } from './messages.ts';

const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';

/** Requires that every session of a user ends. */
export type LogoutToken = Validated<
  'logout_token',
  {
    readonly sub: string;
    /** A second token with the same `jti` must be refused. */
    readonly jti: string;
    /** Seconds since the epoch. */
    readonly exp: number;
  }
>;

export interface ExpectedLogoutToken {
  /** The OIDC issuer. */
  readonly issuer: string;
  readonly clientId: string;
  readonly keys: KeySource<'jwks'>;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Reads the logout token from the posted form (OIDC Back-Channel Logout 2.5). Other fields are ignored.
 *
 * @param form every value of each field, decoded
 * @throws RelyingPartyError `logout_request_malformed` unless there is exactly one `logout_token`
 */
export function readLogoutToken(form: ReadonlyMap<string, readonly string[]>): string {
  const [token, ...others] = form.get('logout_token') ?? [];
  if (token === undefined || others.length > 0) {
    throw new RelyingPartyError(
      'logout_request_malformed',
      'the logout request does not have exactly one "logout_token"',
    );
  }
  return token;
}

/**
 * Validates a logout token (OIDC Back-Channel Logout 2.6). One Login signs it with ES256, whatever the algorithm of the
 * client's ID tokens. `typ` may be absent. `sid` is not used, because One Login ends all sessions of a user.
 *
 * Anyone can post a token, so all claims are checked before the key is looked up, which may have to be fetched.
 *
 * @throws RelyingPartyError `logout_token_…`, by what was wrong. When One Login has signed a notification that is refused,
 *   it is lost, and the error has the context `genuine`
 */
export async function validateLogoutToken(
  token: string,
  expected: ExpectedLogoutToken,
): Promise<LogoutToken> {
  const jwt = readJwt('logout_token', token, 'ES256');
  const claims = await checkClaims(jwt, expected);
  await verifySignature(jwt, expected.keys);
  return claims;
}

async function checkClaims(jwt: UnverifiedJwt, expected: ExpectedLogoutToken): Promise<LogoutToken> {
  try {
    return readClaims(jwt, expected);
  } catch (error) {
    const genuine = isNotification(jwt) && (await isSignedByStoredKey(jwt, expected.keys));
    throw error instanceof RelyingPartyError ? error.with({ genuine }) : error;
  }
}

/** Users have their own ID token, which One Login has signed as well. It has a nonce and no event. */
function isNotification({ claims }: UnverifiedJwt): boolean {
  return hasLogoutEvent(claims) && !('nonce' in claims);
}

function hasLogoutEvent({ events }: UnverifiedJwt['claims']): boolean {
  return isJsonObject(events) && isJsonObject(events[logoutEvent]);
}

function isSignedByStoredKey(jwt: UnverifiedJwt, keys: KeySource<'jwks'>): Promise<boolean> {
  return verifySignature(jwt, { findKey: (kid) => keys.findStoredKey(kid) }).then(
    () => true,
    () => false,
  );
}

function readClaims(jwt: UnverifiedJwt, expected: ExpectedLogoutToken): LogoutToken {
  if (jwt.typ !== undefined && !(typeof jwt.typ === 'string' && jwt.typ.toLowerCase() === 'logout+jwt')) {
    throw new RelyingPartyError('logout_token_typ_unexpected', 'logout token header "typ" is not logout+jwt');
  }
  checkIssuer(jwt, expected.issuer);
  checkAudience(jwt, expected.clientId);
  // A token with a nonce could be an ID token.
  if ('nonce' in jwt.claims) {
    throw new RelyingPartyError('logout_token_nonce_present', 'logout token has a "nonce"');
  }
  const { jti } = jwt.claims;
  if (!hasLogoutEvent(jwt.claims)) {
    throw new RelyingPartyError(
      'logout_token_events_unexpected',
      'logout token "events" does not contain the back-channel logout event',
    );
  }
  const sub = readSubject(jwt);
  if (sub === undefined) {
    throw new RelyingPartyError('logout_token_sub_invalid', 'logout token "sub" is missing or ill-formed');
  }
  if (typeof jti !== 'string' || jti === '') {
    throw new RelyingPartyError('logout_token_jti_invalid', 'logout token "jti" is missing or not a string');
  }
  requireDate(jwt, 'iat');
  checkTimes(jwt, expected.now);
  return { sub, jti, exp: requireDate(jwt, 'exp') } as LogoutToken;
}
