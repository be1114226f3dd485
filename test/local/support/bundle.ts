import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

let count = 0;

/** Writes a function's bundle and returns its file URL. */
export async function writeBundle(directory: string, source: string): Promise<string> {
  count += 1;
  const file = path.join(directory, `bundle-${count}.mjs`);
  await writeFile(file, source);
  return pathToFileURL(file).href;
}
