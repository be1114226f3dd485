import { type ClientJwt, readClientJwt, verifyClientJwt } from '../keys/client-jwt.ts';
import { ClientJwtError } from '../keys/client-keys.ts';
import { nowInSeconds, type Provider } from '../provider.ts';
import type { Refusal } from '../server/refusal.ts';
import { refuseToken } from './refusals.ts';

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
  if (assertion === undefined || type === undefined) throw refuseToken('client_assertion_missing');
  if (type !== assertionType) throw malformed(`client_assertion_type is not ${assertionType}`);
  try {
    await checkAssertion(readClientJwt(assertion), parameters.get('client_id'), provider);
  } catch (error) {
    throw error instanceof ClientJwtError ? refuseJwt(error) : error;
  }
}

async function checkAssertion(
  jwt: ClientJwt,
  clientId: string | undefined,
  provider: Provider,
): Promise<void> {
  const { iss, sub, aud, exp, jti } = jwt.claims;
  if (typeof iss !== 'string' || iss !== sub) throw malformed('iss and sub must be present and equal');
  if (aud === undefined) throw malformed('aud is missing');
  if (typeof exp !== 'number') throw malformed('exp is missing or not a number of seconds');
  if (typeof jti !== 'string' || jti === '') throw malformed('jti is missing');
  if (clientId !== undefined && clientId !== iss) throw malformed('client_id differs from iss');
  if (iss !== provider.client.clientId) throw refuseToken('client_unknown');
  if (exp + skewSeconds <= nowInSeconds(provider)) {
    throw refuseToken('client_assertion_expired', `the assertion expired at ${exp} (seconds)`);
  }
  await verifyClientJwt(jwt, provider.clientKeys);
  const accepted = [`${provider.url}/token`, provider.issuer];
  if (![aud].flat().some((audience) => accepted.includes(audience))) {
    const reason = `the assertion's "aud" is neither of ${accepted.join(', ')}`;
    throw refuseToken('client_assertion_aud_unexpected', reason);
  }
  if (provider.usedAssertions.find(jti) !== undefined) throw refuseToken('client_assertion_replayed');
  provider.usedAssertions.set(jti, true, (exp + skewSeconds) * 1000);
}

function refuseJwt({ kind, message }: ClientJwtError): Refusal {
  if (kind === 'key_unavailable') {
    return refuseToken('client_key_unavailable', `the assertion cannot be checked: ${message}`);
  }
  if (kind !== 'signature_invalid') return malformed(message);
  return refuseToken('client_assertion_signature_invalid', `the assertion: ${message}`);
}

function malformed(reason: string): Refusal {
  return refuseToken('client_assertion_malformed', `the client assertion: ${reason}`);
}
