// Replaces node:crypto. An import of the real module evaluates all of its properties, Web Crypto among them.

const crypto = process.getBuiltinModule('node:crypto');
export const {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPublicKey,
  createSecretKey,
  hash,
  hkdfSync,
  randomBytes,
  randomUUID,
  verify,
} = crypto;
/** Of Web Crypto, for the SDK. */
export const getRandomValues = (array: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(array);
