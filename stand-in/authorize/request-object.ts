import type { JWTPayload } from 'jose';
import { ClientJwtInvalid, readClientJwt, verifyClientJwt } from '../keys/client-jwt.ts';
import type { ClientKeys } from '../keys/client-keys.ts';
import { ClientKeyUnavailable } from '../keys/fetch-client-jwks.ts';
import { badRequest, serverError } from './refusals.ts';

/** Seconds of clock skew that are accepted for `exp` and `nbf`. */
const skewSeconds = 30;

/**
 * Checks the signature and the times of a request object (RFC 9101). It ignores `iat` and `jti`.
 *
 * @param now milliseconds since the epoch
 * @throws Refusal a page with 400, or with 500 when the service's key is not available
 */
export async function openRequestObject(compact: string, keys: ClientKeys, now: number): Promise<JWTPayload> {
  try {
    const jwt = readClientJwt(compact);
    await verifyClientJwt(jwt, keys);
    checkTimes(jwt.claims, Math.floor(now / 1000));
    return jwt.claims;
  } catch (error) {
    if (error instanceof ClientKeyUnavailable) {
      throw serverError('client_key_unavailable', `the request object can't be checked: ${error.message}`);
    }
    if (error instanceof ClientJwtInvalid) {
      throw badRequest(`request_object_${error.kind}`, `the request object: ${error.message}`);
    }
    throw error;
  }
}

function checkTimes(claims: JWTPayload, now: number): void {
  for (const name of ['exp', 'nbf'] as const) {
    if (claims[name] !== undefined && typeof claims[name] !== 'number') {
      throw badRequest(
        'request_object_malformed',
        `the request object's "${name}" is not a number of seconds`,
      );
    }
  }
  if (claims.exp !== undefined && claims.exp + skewSeconds <= now) {
    throw badRequest(
      'request_object_expired',
      `the request object expired at ${claims.exp}, it is ${now} now (seconds)`,
    );
  }
  if (claims.nbf !== undefined && claims.nbf - skewSeconds > now) {
    throw badRequest(
      'request_object_not_yet_valid',
      `the request object's "nbf" is ${claims.nbf}, it is ${now} now (seconds)`,
    );
  }
}
