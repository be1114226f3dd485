/**
 * `npm run --silent sbom`: everything that is installed by the lockfile, as a CycloneDX document, in which the packages
 * that are part of the deployed functions are told from those that build and test them. Needs no network.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { exitCodes, runCommand } from '../bin/command.ts';
import { bundle, discoverFunctions } from '../lib/functions/bundling/bundle-functions.ts';
import { describePackages, type Lockfile } from './sbom/describe-packages.ts';
import { lockfileSbom } from './sbom/lockfile-sbom.ts';

const root = join(import.meta.dirname, '..');

await runCommand('npm run --silent sbom [-- --output <file>]', async () => {
  const { values } = parseArgs({ options: { output: { type: 'string' } } });
  const lockfile: Lockfile = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const document = describePackages(await lockfileSbom(root), lockfile, bundledPackages());
  const text = `${JSON.stringify(document, undefined, 2)}\n`;
  if (values.output === undefined) process.stdout.write(text);
  else writeFileSync(values.output, text);
  return exitCodes.good;
});

/** Function name → where the packages are installed that its bundle has code of. */
function bundledPackages(): ReadonlyMap<string, ReadonlySet<string>> {
  const directory = mkdtempSync(join(tmpdir(), 'one-login-lambda-sbom-'));
  try {
    const bundles = bundle(discoverFunctions(), directory);
    return new Map(bundles.map(({ name, contents }) => [name, contents.installedAt]));
  } finally {
    rmSync(directory, { recursive: true });
  }
}
