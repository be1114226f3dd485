import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DeploymentConfig } from '../../lib/config/deployment-config.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const cache = path.join(root, 'node_modules', '.cache', 'one-login-lambda');
/** Everything that the synthesis depends on. */
const sources = ['lib', 'lambdas', 'dev/bundling', 'test/synthesis', 'package-lock.json'];
/** How many assemblies to keep: those of a run of all tests, and of another that may be going on. */
const kept = 60;

const inThisProcess = new Map<string, Promise<string>>();
const sourcesKey = hashSources();

/**
 * The cloud assembly of a deployment, synthesised once for each state of the sources, so that runs of the tests share it.
 *
 * @returns the assembly's directory, which must not be changed
 */
export async function cachedAssembly(config: DeploymentConfig): Promise<string> {
  const key = hash(JSON.stringify(config), process.version, await sourcesKey);
  const known = inThisProcess.get(key) ?? find(key, config);
  inThisProcess.set(key, known);
  known.catch(() => inThisProcess.delete(key));
  return known;
}

async function find(key: string, config: DeploymentConfig): Promise<string> {
  const directory = path.join(cache, key);
  if (existsSync(directory)) {
    const now = new Date();
    await utimes(directory, now, now);
    return directory;
  }
  await mkdir(cache, { recursive: true });
  const temporary = await mkdtemp(path.join(cache, 'new-'));
  try {
    // Loads the CDK, which takes a second.
    const { synthesiseWithBundles } = await import('./with-bundles.ts');
    synthesiseWithBundles(config, temporary);
    await removeOldest();
    // Another process may have been quicker: its assembly is the same.
    await rename(temporary, directory).catch(() => {});
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return directory;
}

async function hashSources(): Promise<string> {
  const files = (await Promise.all(sources.map(filesBelow))).flat().sort();
  const contents = await Promise.all(files.map((file) => readFile(file)));
  return hash(...files.map((file, index) => `${path.relative(root, file)} ${hash(contents[index] ?? '')}`));
}

function hash(...parts: readonly (string | Buffer)[]): string {
  const sum = createHash('sha256');
  for (const part of parts) sum.update(part).update('\n');
  return sum.digest('hex').slice(0, 32);
}

async function filesBelow(source: string): Promise<string[]> {
  const start = path.join(root, source);
  if (path.extname(source) !== '') return [start];
  const entries = await readdir(start, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}

async function removeOldest(): Promise<void> {
  const names = (await readdir(cache)).filter((name) => /^[0-9a-f]{32}$/.test(name));
  if (names.length < kept) return;
  const ages = await Promise.all(
    names.map(async (name) => ({ name, changed: (await stat(path.join(cache, name))).mtimeMs })),
  );
  const oldest = ages.sort((left, right) => left.changed - right.changed).slice(0, names.length - kept + 1);
  await Promise.all(oldest.map(({ name }) => rm(path.join(cache, name), { recursive: true, force: true })));
}
