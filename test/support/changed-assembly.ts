import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadLocalConfig } from '../../local/local-config.ts';
import type { JsonObject } from '../../local/template/json.ts';
import { cachedAssembly } from './assembly-cache.ts';

/**
 * The local deployment's cloud assembly with a changed template.
 *
 * @returns its directory, and what removes it
 */
export async function changedAssembly(
  change: (template: JsonObject) => JsonObject,
): Promise<{ readonly directory: string; readonly remove: () => Promise<void> }> {
  const directory = await mkdtemp(path.join(tmpdir(), 'one-login-lambda-'));
  await cp(await cachedAssembly(loadLocalConfig()), directory, { recursive: true });
  const names = (await readdir(directory)).filter((name) => name.endsWith('.template.json'));
  for (const file of names.map((name) => path.join(directory, name))) {
    const template: JsonObject = JSON.parse(await readFile(file, 'utf8'));
    await writeFile(file, JSON.stringify(change(template)));
  }
  return { directory, remove: () => rm(directory, { recursive: true, force: true }) };
}
