/**
 * `npm run --silent sbom`: prints everything that the lockfile installs as a CycloneDX document. It marks the packages in
 * the deployed functions and those that only build and test them. It needs no network.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { readOnce, runProgram } from '../bin/command.ts';
import { bundleFunctions } from './bundling/bundle-functions.ts';
import { describePackages, type Lockfile } from './sbom/describe-packages.ts';
import { readLockfileSbom } from './sbom/lockfile-sbom.ts';

const root = join(import.meta.dirname, '..');

const program = new Command('npm run --silent sbom --')
  .description('Prints everything that the lockfile installs as a CycloneDX document.')
  .option('--output <file>', 'the file to write, in place of standard output', readOnce)
  .action(printSbom);

await runProgram(program);

async function printSbom({ output }: { readonly output?: string }): Promise<void> {
  const lockfile: Lockfile = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const document = describePackages(await readLockfileSbom(root), lockfile, listBundledPackages());
  const text = `${JSON.stringify(document, undefined, 2)}\n`;
  if (output === undefined) process.stdout.write(text);
  else writeFileSync(output, text);
}

/** Lists the paths of the packages in each function's bundle, by function name. */
function listBundledPackages(): ReadonlyMap<string, ReadonlySet<string>> {
  const directory = mkdtempSync(join(tmpdir(), 'one-login-lambda-sbom-'));
  try {
    const bundles = bundleFunctions(directory);
    return new Map(bundles.map(({ name, contents }) => [name, contents.installedAt]));
  } finally {
    rmSync(directory, { recursive: true });
  }
}
