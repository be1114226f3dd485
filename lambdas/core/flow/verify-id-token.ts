import { RelyingPartyError } from '../errors.ts';
import { type ValidatedIdToken, validateIdToken } from '../one-login/id-token.ts';
import type { ProviderKeySet } from '../one-login/jwks.ts';
import { readJwt } from '../one-login/jwt.ts';
import type { TokenResponse } from '../one-login/token-response.ts';
import type { VectorOfTrust } from '../one-login/vector-of-trust.ts';
import type { Clock } from '../ports.ts';
import type { IdTokenKeys } from './id-token-keys.ts';

/** What an ID token is held against, but for the keys and the time. */
export interface IdTokenExpectations {
  readonly issuer: string;
  readonly clientId: string;
  readonly algorithm: 'ES256' | 'RS256';
  readonly nonce: string;
  readonly vtr: readonly VectorOfTrust[];
  readonly maxAge: number | undefined;
}

/**
 * Validates an ID token, following key rotation: a key id that the stored documents lack leads to one look for newer
 * ones, and is refused if they lack it as well.
 *
 * @throws RelyingPartyError `id_token_…`
 */
export async function verifyIdToken(
  tokens: TokenResponse,
  expected: IdTokenExpectations,
  keys: IdTokenKeys,
  clock: Clock,
): Promise<ValidatedIdToken> {
  const validateWith = (keySet: ProviderKeySet) =>
    validateIdToken(tokens, { ...expected, keys: keySet, now: clock.now() });
  try {
    return await validateWith(await keys.current());
  } catch (error) {
    if (!(error instanceof RelyingPartyError && error.code === 'id_token_key_unknown')) throw error;
  }
  const { kid } = readJwt('id_token', tokens.id_token, expected.algorithm);
  return validateWith(await keys.lookFor(kid));
}
