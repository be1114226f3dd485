import { jwtError, type UnverifiedJwt } from './jwt.ts';

/**
 * Seconds by which One Login's clock and ours may differ, in both directions. One Login allows as much for our request
 * object.
 */
export const clockSkewSeconds = 30;

/** @throws RelyingPartyError `…_iss_unexpected` unless `iss` is exactly the issuer */
export function checkIssuer(jwt: UnverifiedJwt, issuer: string): void {
  if (jwt.claims['iss'] !== issuer) throw jwtError(jwt.kind, 'iss_unexpected', 'unexpected "iss"');
}

/**
 * OIDC Core 3.1.3.7, steps 3 to 5: `aud` is the client id or a list with it. A list of several needs an `azp`, which must
 * be the client id.
 *
 * @throws RelyingPartyError `…_aud_unexpected`
 */
export function checkAudience(jwt: UnverifiedJwt, clientId: string): void {
  const { aud, azp } = jwt.claims;
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  if (!audiences.includes(clientId)) throw jwtError(jwt.kind, 'aud_unexpected', 'unexpected "aud"');
  if (azp === undefined && audiences.length > 1) {
    throw jwtError(jwt.kind, 'aud_unexpected', 'several "aud" without "azp"');
  }
  if (azp !== undefined && azp !== clientId) throw jwtError(jwt.kind, 'aud_unexpected', 'unexpected "azp"');
}

/**
 * RFC 7519, 4.1.4 to 4.1.6: `exp` must be present and in the future. `iat` and `nbf` may be absent, and must not be in the
 * future.
 *
 * @param now milliseconds since the epoch
 * @throws RelyingPartyError `…_malformed`, `…_expired`, `…_from_the_future`
 */
export function checkTimes(jwt: UnverifiedJwt, now: number): void {
  const nowSeconds = now / 1000;
  const exp = requireDate(jwt, 'exp');
  if (nowSeconds >= exp + clockSkewSeconds) throw jwtError(jwt.kind, 'expired', '"exp" has passed');
  for (const name of ['iat', 'nbf']) {
    const date = readOptionalDate(jwt, name);
    if (date !== undefined) checkNotInTheFuture(jwt, name, date, now);
  }
}

/** @throws RelyingPartyError `…_from_the_future` */
export function checkNotInTheFuture(jwt: UnverifiedJwt, name: string, date: number, now: number): void {
  if (date > now / 1000 + clockSkewSeconds) {
    throw jwtError(jwt.kind, 'from_the_future', `"${name}" is in the future`);
  }
}

/**
 * @returns seconds since the epoch, or undefined when the claim is absent
 * @throws RelyingPartyError `…_malformed`
 */
export function readOptionalDate(jwt: UnverifiedJwt, name: string): number | undefined {
  const value = jwt.claims[name];
  if (value === undefined) return undefined;
  // JavaScript parses a number that is too large as infinity.
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw jwtError(jwt.kind, 'malformed', `"${name}" is not a number`);
  }
  return value;
}

/**
 * @returns seconds since the epoch
 * @throws RelyingPartyError `…_malformed`
 */
export function requireDate(jwt: UnverifiedJwt, name: string): number {
  const value = readOptionalDate(jwt, name);
  if (value === undefined) throw jwtError(jwt.kind, 'malformed', `"${name}" is missing`);
  return value;
}

/**
 * OIDC Core 2: at most 255 ASCII characters.
 *
 * @returns undefined when it is missing or malformed
 */
export function readSubject(jwt: UnverifiedJwt): string | undefined {
  const { sub } = jwt.claims;
  return typeof sub === 'string' && /^[\x21-\x7e]{1,255}$/.test(sub) ? sub : undefined;
}
