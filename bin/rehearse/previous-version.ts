import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { packageRoot } from '../../lib/package-root.ts';

const run = promisify(execFile);

/** The sources of the last release before this state. */
export interface PreviousVersion {
  /** Such as `v0.2.0`. */
  readonly tag: string;
  readonly directory: string;
}

/**
 * Takes the last tagged version out of the repository.
 *
 * @param directory an empty one, for its files
 * @returns undefined if this is no clone with tags, such as the installed package
 */
export async function extractPreviousVersion(directory: string): Promise<PreviousVersion | undefined> {
  if (!existsSync(join(packageRoot, '.git'))) return undefined;
  const git = (...args: readonly string[]) => run('git', ['-C', packageRoot, ...args]);
  const described = await git('describe', '--tags', '--abbrev=0', '--match=v*').catch(() => undefined);
  const tag = described?.stdout.trim();
  if (tag === undefined) return undefined;
  await mkdir(directory);
  const archive = join(directory, 'version.tar');
  await git('archive', '--format=tar', `--output=${archive}`, tag);
  await run('tar', ['-xf', archive, '-C', directory]);
  await symlink(join(packageRoot, 'node_modules'), join(directory, 'node_modules'), 'junction');
  return { tag, directory };
}

/**
 * Synthesises a deployment with that version.
 *
 * @param config the content of the config file. The version does not get the fields that it does not have
 */
export async function synthesisePreviousVersion(
  { directory }: PreviousVersion,
  config: Readonly<Record<string, unknown>>,
  outdir: string,
): Promise<void> {
  const schema = JSON.parse(await readFile(join(directory, 'config/schema.json'), 'utf8'));
  const known = Object.entries(config).filter(([field]) => field in schema.properties);
  const file = join(directory, 'rehearsal.json');
  await writeFile(file, JSON.stringify(Object.fromEntries(known)));
  const environment = {
    ...process.env,
    CDK_OUTDIR: outdir,
    CDK_CONTEXT_JSON: JSON.stringify({ config: file }),
    CDK_VALIDATION: 'false',
  };
  await run(process.execPath, [join(directory, 'bin/app.ts')], { cwd: directory, env: environment });
}
