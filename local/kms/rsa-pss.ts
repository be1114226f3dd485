import { constants, createHash, type KeyObject, privateEncrypt, randomBytes } from 'node:crypto';

/**
 * Signs a SHA-256 digest by RSASSA-PSS with MGF1 over SHA-256 and a salt of 32 bytes (RFC 8017, 8.1.1). Node signs
 * messages only, and would hash the digest again: the encoding is therefore written out here.
 */
export function signDigestPss(privateKey: KeyObject, digest: Uint8Array): Buffer {
  const bits = privateKey.asymmetricKeyDetails?.modulusLength ?? 0;
  const encoded = encodePss(digest, bits - 1);
  return privateEncrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, encoded);
}

/** EMSA-PSS-ENCODE, RFC 8017, 9.1.1, from step 3 on. */
function encodePss(digest: Uint8Array, bits: number): Buffer {
  const length = Math.ceil(bits / 8);
  const salt = randomBytes(digest.length);
  const seed = createHash('sha256').update(Buffer.alloc(8)).update(digest).update(salt).digest();
  const padding = Buffer.alloc(length - salt.length - seed.length - 2);
  const block = Buffer.concat([padding, Buffer.from([1]), salt]);
  const masked = xor(block, mask(seed, block.length));
  masked.writeUInt8(masked.readUInt8(0) & (0xff >> (8 * length - bits)), 0);
  return Buffer.concat([masked, seed, Buffer.from([0xbc])]);
}

/** MGF1, RFC 8017, B.2.1. */
function mask(seed: Uint8Array, length: number): Buffer {
  const blocks: Buffer[] = [];
  for (let counter = 0; counter * seed.length < length; counter += 1) {
    const suffix = Buffer.alloc(4);
    suffix.writeUInt32BE(counter);
    blocks.push(createHash('sha256').update(seed).update(suffix).digest());
  }
  return Buffer.concat(blocks).subarray(0, length);
}

function xor(left: Buffer, right: Buffer): Buffer {
  return Buffer.from(left.map((byte, index) => byte ^ (right[index] ?? 0)));
}
