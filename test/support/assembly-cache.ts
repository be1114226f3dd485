import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DeploymentConfig } from '../../lib/config/deployment-config.ts';
import { synthesise } from '../../local/synthesis/synthesise.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const cache = path.join(root, 'node_modules', '.cache', 'one-login-lambda');
/** Everything that the synthesis depends on. */
const sources = ['lib', 'lambdas', 'local/synthesis', 'package-lock.json'];
/** How many assemblies to keep: other processes may be using them. */
const kept = 20;

const inThisProcess = new Map<string, Promise<string>>();

/**
 * The cloud assembly of a deployment, synthesised once for each state of the sources, so that test files share it.
 *
 * @returns the assembly's directory, which must not be changed
 */
export async function cachedAssembly(config: DeploymentConfig): Promise<string> {
  const key = await cacheKey(config);
  const known = inThisProcess.get(key) ?? find(key, config);
  inThisProcess.set(key, known);
  known.catch(() => inThisProcess.delete(key));
  return known;
}

async function find(key: string, config: DeploymentConfig): Promise<string> {
  const directory = path.join(cache, key);
  if (existsSync(directory)) return directory;
  await mkdir(cache, { recursive: true });
  const temporary = await mkdtemp(path.join(cache, 'new-'));
  try {
    await synthesise({ config, directory: temporary });
    await removeOldest();
    // Another process may have been quicker: its assembly is the same.
    await rename(temporary, directory).catch(() => {});
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return directory;
}

async function cacheKey(config: DeploymentConfig): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(config)).update(process.version);
  const files = (await Promise.all(sources.map(filesBelow))).flat().sort();
  const contents = await Promise.all(files.map((file) => readFile(file)));
  for (const [index, file] of files.entries()) {
    const content = contents[index] ?? '';
    hash.update(`\n${path.relative(root, file)} ${content.length}\n`).update(content);
  }
  return hash.digest('hex').slice(0, 32);
}

async function filesBelow(source: string): Promise<string[]> {
  const start = path.join(root, source);
  if (path.extname(source) !== '') return [start];
  const entries = await readdir(start, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}

async function removeOldest(): Promise<void> {
  const names = (await readdir(cache)).filter((name) => !name.startsWith('new-'));
  if (names.length < kept) return;
  const ages = await Promise.all(
    names.map(async (name) => ({ name, changed: (await stat(path.join(cache, name))).mtimeMs })),
  );
  const oldest = ages.sort((left, right) => left.changed - right.changed).slice(0, names.length - kept + 1);
  await Promise.all(oldest.map(({ name }) => rm(path.join(cache, name), { recursive: true, force: true })));
}
