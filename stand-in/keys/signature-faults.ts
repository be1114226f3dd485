/** Ways in which a token's header or signature can be wrong. Each token's own faults come on top. */
export const signatureFaults = [
  /** The header says HS256; the signature is the genuine one. */
  'INVALID_ALG_HEADER',
  /** A random signature. */
  'INVALID_SIGNATURE',
  /** Signed, and correctly so, by a key that was never published. */
  'UNKNOWN_KID',
  /** Signed by the key that was removed last. */
  'REMOVED_KEY',
  /** The header has no `kid`. */
  'MISSING_KID',
  /** `alg` none, no signature. */
  'ALG_NONE',
  /** HMAC with the text of the public key as the secret. */
  'HS256_WITH_PUBLIC_KEY',
] as const;
export type SignatureFault = (typeof signatureFaults)[number];

export function isSignatureFault(fault: string): fault is SignatureFault {
  return (signatureFaults as readonly string[]).includes(fault);
}
