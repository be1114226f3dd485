import { CompactSign, type CryptoKey, exportJWK, generateKeyPair, type JWK } from 'jose';

/** A key with which the stand-in signs. */
export interface SigningKey {
  readonly kid: string;
  readonly algorithm: 'ES256' | 'RS256';
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  /** The key material only: no `kid`, `use` or `alg`. */
  readonly publicJwk: JWK;
}

/** Generates a key: P-256 for ES256, 2048 bits for RS256. */
export async function generateSigningKey(
  algorithm: SigningKey['algorithm'],
  kid: string,
): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
  return { kid, algorithm, privateKey, publicKey, publicJwk: await exportJWK(publicKey) };
}

/**
 * Signs claims into a compact JWS. Claims that are undefined are left out.
 *
 * @param header in addition to `alg` and `kid`, or in place of them; undefined removes a parameter
 */
export async function signJwt(
  key: SigningKey,
  claims: Readonly<Record<string, unknown>>,
  header: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  return new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
    .setProtectedHeader({ alg: key.algorithm, kid: key.kid, ...header })
    .sign(key.privateKey);
}
