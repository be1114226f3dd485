/** The remainder of every byte. `node:zlib` has this function as well, but takes 2 ms to load. */
const remainders = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit += 1) remainder = (remainder >>> 1) ^ (remainder & 1 ? 0xedb88320 : 0);
  return remainder;
});

/** Computes the CRC-32 of ISO 3309, with which DynamoDB checks its responses. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  // An iterator over the bytes takes ten times as long.
  for (let at = 0; at < bytes.length; at += 1) {
    crc = (crc >>> 8) ^ (remainders[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
