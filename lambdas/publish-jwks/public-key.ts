import { createPublicKey } from 'node:crypto';

/** What KMS says of a key's public half. */
export interface KmsPublicKey {
  readonly KeySpec?: string | undefined;
  readonly KeyUsage?: string | undefined;
  /** DER-encoded SubjectPublicKeyInfo (RFC 5280, 4.1). */
  readonly PublicKey?: Uint8Array | undefined;
}

/** The exponent that the published JWKS names for each key: 65537 (RFC 7518, 6.3.1.2). */
const publicExponent = 'AQAB';

/**
 * The modulus of an RSA 2048 signing key, as a JWK has it (RFC 7518, 6.3.1.1). It goes into a response template of
 * API Gateway as it is, so it must hold nothing that the template language minds.
 *
 * @throws Error for any other key
 */
export function readModulus({ KeySpec, KeyUsage, PublicKey }: KmsPublicKey): string {
  if (KeySpec !== 'RSA_2048' || KeyUsage !== 'SIGN_VERIFY' || PublicKey === undefined) {
    throw new Error(`the key is ${KeySpec} for ${KeyUsage}, expected RSA_2048 for SIGN_VERIFY`);
  }
  const key = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' });
  const bits = key.asymmetricKeyDetails?.modulusLength;
  if (key.asymmetricKeyType !== 'rsa' || bits !== 2048) {
    throw new Error(`the public key is ${key.asymmetricKeyType} of ${bits} bits, expected rsa of 2048`);
  }
  const { n, e } = key.export({ format: 'jwk' });
  if (e !== publicExponent) throw new Error(`the public exponent is ${e}, expected ${publicExponent}`);
  if (n === undefined || !/^[\w-]+$/.test(n)) throw new Error('the modulus is not base64url');
  return n;
}
