import { compactVerify, decodeJwt, decodeProtectedHeader, type ProtectedHeaderParameters } from 'jose';
import type { SigningKey } from './key-ring.ts';

/** The claims of a hint. */
export interface IdTokenHint {
  /** The first, if there are several. */
  readonly audience: string | undefined;
  readonly subject: string | undefined;
}

/**
 * Verifies the signature of an `id_token_hint`. As in One Login, the times in it are ignored.
 *
 * @param findKey finds the key that may have signed it
 * @returns undefined when it is not an ID token that this key has signed
 */
export async function readIdTokenHint(
  hint: string,
  findKey: (header: ProtectedHeaderParameters) => SigningKey | undefined,
): Promise<IdTokenHint | undefined> {
  try {
    const key = findKey(decodeProtectedHeader(hint));
    if (key === undefined) return undefined;
    await compactVerify(hint, key.publicKey, { algorithms: [key.algorithm] });
    const { aud, sub } = decodeJwt(hint);
    return { audience: [aud].flat()[0], subject: sub };
  } catch {
    return undefined;
  }
}
