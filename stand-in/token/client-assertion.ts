import { type ClientJwt, ClientJwtInvalid, readClientJwt, verifyClientJwt } from '../keys/client-jwt.ts';
import { ClientKeyUnavailable } from '../keys/fetch-client-jwks.ts';
import { nowInSeconds, type Provider } from '../provider.ts';
import { jsonAnswer } from '../server/message.ts';
import { Refusal } from '../server/refusal.ts';

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Seconds of clock skew that are accepted for `exp`. */
const skewSeconds = 30;

/**
 * Authenticates the client by its assertion (RFC 7523, 3; docs/one-login.md, 2), in the order of the real One Login.
 * Only the documentation requires a new `jti`: the real One Login does not check it.
 *
 * @throws Refusal 400 with the error
 */
export async function authenticateClient(
  parameters: ReadonlyMap<string, string>,
  provider: Provider,
): Promise<void> {
  const assertion = parameters.get('client_assertion');
  const type = parameters.get('client_assertion_type');
  if (assertion === undefined || type === undefined) {
    throw tokenError('client_assertion_missing', 'client_assertion or client_assertion_type is missing', {
      error: 'invalid_request',
      error_description: 'Invalid token authentication method used',
    });
  }
  if (type !== assertionType) throw malformed(`client_assertion_type is not ${assertionType}`);
  const { jwt, jti, expiry } = readAssertion(assertion, parameters);
  if (jwt.claims.iss !== provider.client.clientId) {
    throw invalidClient(
      'client_unknown',
      'iss and sub are not the client id',
      'Client authentication failed',
    );
  }
  if (expiry + skewSeconds <= nowInSeconds(provider)) {
    throw tokenError('client_assertion_expired', `the assertion expired at ${expiry} (seconds)`, {
      error: 'invalid_grant',
      error_description: 'private_key_jwt has expired',
    });
  }
  await verifySignature(jwt, provider);
  checkAudience(jwt, provider);
  if (!provider.usedAssertions.remember(jti, (expiry + skewSeconds) * 1000)) {
    throw invalidClient('client_assertion_replayed', 'the assertion\'s "jti" was used before');
  }
}

function readAssertion(
  assertion: string,
  parameters: ReadonlyMap<string, string>,
): { jwt: ClientJwt; jti: string; expiry: number } {
  let jwt: ClientJwt;
  try {
    jwt = readClientJwt(assertion);
  } catch (error) {
    if (error instanceof ClientJwtInvalid) throw malformed(error.message);
    throw error;
  }
  const { iss, sub, aud, exp, jti } = jwt.claims;
  if (typeof iss !== 'string' || iss !== sub) throw malformed('iss and sub must be present and equal');
  if (aud === undefined) throw malformed('aud is missing');
  if (typeof exp !== 'number') throw malformed('exp is missing or not a number of seconds');
  if (typeof jti !== 'string' || jti === '') throw malformed('jti is missing');
  const clientId = parameters.get('client_id');
  if (clientId !== undefined && clientId !== iss) throw malformed('client_id differs from iss');
  return { jwt, jti, expiry: exp };
}

async function verifySignature(jwt: ClientJwt, provider: Provider): Promise<void> {
  try {
    await verifyClientJwt(jwt, provider.clientKeys);
  } catch (error) {
    if (error instanceof ClientJwtInvalid) {
      throw invalidClient('client_assertion_signature_invalid', `the assertion: ${error.message}`);
    }
    if (!(error instanceof ClientKeyUnavailable)) throw error;
    throw tokenError('client_key_unavailable', `the assertion can't be checked: ${error.message}`, {
      error: 'server_error',
      error_description: 'Failed to fetch or parse JWKS to verify signature of private_key_jwt',
    });
  }
}

function checkAudience(jwt: ClientJwt, provider: Provider): void {
  const accepted = [`${provider.url}/token`, provider.issuer];
  const audiences = Array.isArray(jwt.claims.aud) ? jwt.claims.aud : [jwt.claims.aud];
  if (audiences.some((audience) => accepted.includes(String(audience)))) return;
  throw invalidClient(
    'client_assertion_aud_unexpected',
    `the assertion's "aud" is neither of ${accepted.join(', ')}`,
  );
}

function malformed(reason: string): Error {
  return tokenError('client_assertion_malformed', `the client assertion: ${reason}`, {
    error: 'invalid_request',
    error_description: 'Invalid private_key_jwt',
  });
}

function invalidClient(
  code: string,
  reason: string,
  error_description = 'Invalid signature in private_key_jwt',
): Error {
  return tokenError(code, reason, { error: 'invalid_client', error_description });
}

/** An error of the token endpoint (RFC 6749, 5.2), for which One Login always returns 400. */
export function tokenError(
  code: string,
  reason: string,
  error: { readonly error: string; readonly error_description: string },
): Refusal {
  return new Refusal(code, reason, jsonAnswer(400, error, { 'cache-control': 'no-store' }));
}
