import type { JWTPayload } from 'jose';
import { readClientJwt, verifyClientJwt } from '../keys/client-jwt.ts';
import { ClientJwtError, type ClientKeys } from '../keys/client-keys.ts';
import { pageRefusal } from '../pages/plain-pages.ts';
import { badRequest } from './refusals.ts';

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
    if (!(error instanceof ClientJwtError)) throw error;
    if (error.kind === 'key_unavailable') {
      const reason = `the request object cannot be checked: ${error.message}`;
      throw pageRefusal(500, 'Server error', 'client_key_unavailable', reason);
    }
    throw badRequest(`request_object_${error.kind}`, `the request object: ${error.message}`);
  }
}

function checkTimes({ exp, nbf }: JWTPayload, now: number): void {
  for (const [name, time] of Object.entries({ exp, nbf })) {
    if (time !== undefined && typeof time !== 'number') {
      const reason = `the request object's "${name}" is not a number of seconds`;
      throw badRequest('request_object_malformed', reason);
    }
  }
  if (exp !== undefined && exp + skewSeconds <= now) {
    const reason = `the request object expired at ${exp}, it is ${now} now (seconds)`;
    throw badRequest('request_object_expired', reason);
  }
  if (nbf !== undefined && nbf - skewSeconds > now) {
    const reason = `the request object's "nbf" is ${nbf}, it is ${now} now (seconds)`;
    throw badRequest('request_object_not_yet_valid', reason);
  }
}
