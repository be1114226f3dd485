import { compactVerify, decodeJwt, decodeProtectedHeader } from 'jose';
import type { Provider } from '../provider.ts';
import { invalidRequest, type RefuseByRedirect } from './refusals.ts';

/**
 * Checks the hint of a re-authentication: an ID token that this stand-in signed with ES256 for this client. It may
 * have expired.
 *
 * @returns its subject
 * @throws Refusal a redirect with `invalid_request`
 */
export async function readIdTokenHint(
  hint: unknown,
  provider: Provider,
  refuse: RefuseByRedirect,
): Promise<string> {
  if (typeof hint !== 'string' || !(await isSignedByAnyKey(hint, provider))) {
    throw refuse(
      'id_token_hint_invalid',
      'id_token_hint is not an ID token signed with ES256 by a key of the stand-in (it does not accept RS256)',
      invalidRequest('Unable to validate id_token_hint'),
    );
  }
  const claims = decodeJwt(hint);
  const audience = Array.isArray(claims.aud) ? claims.aud[0] : claims.aud;
  if (audience !== provider.client.clientId || claims.sub === undefined) {
    throw refuse(
      'id_token_hint_of_other_client',
      'id_token_hint was issued to another client',
      invalidRequest('Invalid id_token_hint for client'),
    );
  }
  return claims.sub;
}

/** As in One Login, old keys are accepted, also those that are no longer in the JWKS. */
async function isSignedByAnyKey(hint: string, provider: Provider): Promise<boolean> {
  try {
    const { kid } = decodeProtectedHeader(hint);
    const { published, removed } = provider.keys.es256;
    const key = [...published, ...removed].find((candidate) => candidate.kid === kid);
    if (key === undefined) return false;
    await compactVerify(hint, key.publicKey);
    return true;
  } catch {
    return false;
  }
}
