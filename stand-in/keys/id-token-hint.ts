import { compactVerify, decodeJwt, decodeProtectedHeader, type ProtectedHeaderParameters } from 'jose';
import type { SigningKey } from './key-ring.ts';

/**
 * Verifies the signature of an `id_token_hint`. As in One Login, the times in it are ignored.
 *
 * @param findKey finds the key that may have signed it
 * @returns its first audience and its subject; undefined when it is not an ID token that this key has signed
 */
export async function readIdTokenHint(
  hint: string,
  findKey: (header: ProtectedHeaderParameters) => SigningKey | undefined,
): Promise<{ audience: string | undefined; subject: string | undefined } | undefined> {
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
