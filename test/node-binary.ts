import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import process from 'node:process';
import { pipeline } from 'node:stream/promises';

/** Platform → SHA-256 of the binary that the package `node` installs. npm does not check it: a script downloads it. */
const hashes: Readonly<Record<string, string>> = {
  'linux-x64': '7fde7b8afa198da66257f42ee2001d874c7355631e6d1579a5fb5ef1f246df4c',
  'linux-arm64': '0f8949d1028f6d61506b2d5bc57e7e6fe893d7b1997509b7847294fc9c616584',
  'win32-x64': 'ba4e6d110e8c1592a1ecd390f6b05f3da124b13871a5be62b341a07a853c6c32',
};

/**
 * Checks that the tests run with the pinned Node. It accepts any on a platform without a hash.
 *
 * @param expected SHA-256, in hexadecimal
 * @throws Error with what to do
 */
export async function checkNodeBinary(
  file = process.execPath,
  expected = hashes[`${process.platform}-${process.arch}`],
): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const actual = hash.digest('hex');
  if (expected === undefined || actual === expected) return;
  throw new Error(
    `${file} is not the Node that the tests are for: its SHA-256 is ${actual}, not ${expected}. Run "npm ci", and the tests with "npm test".`,
  );
}
