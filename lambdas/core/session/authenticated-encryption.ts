import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';

const algorithm = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;
const options = { authTagLength: tagBytes };

/**
 * Derives a key for AES-256 (RFC 5869). Node takes several times as long for keys that are no key objects.
 *
 * @param secret a text counts as UTF-8
 */
export function deriveKey(secret: string | Buffer, salt: string, info: string): KeyObject {
  const key = createSecretKey(Buffer.from(secret));
  return createSecretKey(Buffer.from(hkdfSync('sha256', key, salt, info, 32)));
}

/**
 * Encrypts bytes, or a text in UTF-8, with AES-256-GCM (NIST SP 800-38D).
 *
 * @param key 32 bytes
 * @param additionalData what must be the same when the text is decrypted
 * @returns 12 bytes of IV, the ciphertext, 16 bytes of tag
 */
export function encrypt(contents: string | Uint8Array, key: KeyObject, additionalData: string): Buffer {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv(algorithm, key, iv, options);
  cipher.setAAD(Buffer.from(additionalData));
  return Buffer.concat([iv, cipher.update(Buffer.from(contents)), cipher.final(), cipher.getAuthTag()]);
}

/** @returns undefined when the key or the additional data is another, or the bytes were changed */
export function decrypt(sealed: Uint8Array, key: KeyObject, additionalData: string): Buffer | undefined {
  const bytes = Buffer.from(sealed);
  if (bytes.length <= ivBytes + tagBytes) return undefined;
  const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, ivBytes), options);
  decipher.setAAD(Buffer.from(additionalData));
  decipher.setAuthTag(bytes.subarray(-tagBytes));
  try {
    const contents = [decipher.update(bytes.subarray(ivBytes, -tagBytes)), decipher.final()];
    return Buffer.concat(contents);
  } catch {
    return undefined;
  }
}
