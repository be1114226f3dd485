/**
 * `npm run size`: prints the size and the import time of each function's bundle, next to the same code bundled with the
 * AWS CDK's defaults. It exits with 1 if a bundle breaks a rule of
 * `dev/bundling/size-rules.ts`.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildApp } from '../lib/app.ts';
import { loadConfig } from '../lib/config/load-config.ts';
import { writePages } from '../lib/functions/bundles.ts';
import { type Bundle, bundle, bundleWithDefaults, findEntryPoints } from './bundling/bundle-functions.ts';
import { measureImportTimes } from './bundling/import-time.ts';
import { compareImportTime, findViolations, type Measurement } from './bundling/size-rules.ts';

const runs = 15;

const directory = mkdtempSync(join(tmpdir(), 'one-login-lambda-size-'));
try {
  report(await measure(directory));
} finally {
  rmSync(directory, { recursive: true });
}

async function measure(outputDirectory: string): Promise<readonly Measurement[]> {
  const entryPoints = findEntryPoints();
  const deployed = bundle(entryPoints, join(outputDirectory, 'deployed'));
  const config = loadConfig('config/local.json');
  for (const { name, directory } of deployed) writePages(config, name, directory);
  const byDefault = await bundleWithDefaults(entryPoints, join(outputDirectory, 'default'));
  const pairs = deployed.flatMap((bundle) =>
    byDefault.filter(({ name }) => name === bundle.name).map((other) => ({ ...bundle, other })),
  );
  // The two of a pair run one after the other, so that a busy moment of the machine affects both.
  const files = pairs.flatMap(({ file, other }) => [file, other.file]);
  const environment = buildEnvironment(deployed, join(outputDirectory, 'cdk.out'));
  const times = measureImportTimes(files, environment, runs);
  const findImportTime = (file: string) => times.get(file) ?? Number.NaN;
  return pairs.map(({ name, contents, directory, file, other }) => ({
    name,
    contents,
    pageBytes: measureCompressed(join(directory, 'pages.json')),
    importTime: findImportTime(file),
    byDefault: { contents: other.contents, importTime: findImportTime(other.file) },
  }));
}

/** Returns the size of a file in a compressed package, 0 if there is none. */
function measureCompressed(file: string): number {
  return existsSync(file) ? gzipSync(readFileSync(file)).length : 0;
}

/** Builds every variable that the local deployment with a canary gives to a function, with a URL in place of each unknown value. */
function buildEnvironment(bundles: readonly Bundle[], outdir: string): Record<string, string> {
  const directories = new Map(bundles.map(({ name, directory }) => [name, directory]));
  const config = { ...loadConfig('config/local.json'), canary: true };
  const { stacks } = buildApp(config, { outdir, bundles: directories }).synth();
  const resources: readonly TemplateResource[] = stacks.flatMap(({ template }) =>
    Object.values(template.Resources as Record<string, TemplateResource>),
  );
  const variables = resources.flatMap(({ Properties }) =>
    Object.entries(Properties?.Environment?.Variables ?? {}),
  );
  return {
    ...Object.fromEntries(
      variables.map(([name, value]) => [
        name,
        typeof value === 'string' ? value : 'https://service.example/auth',
      ]),
    ),
    // Without credentials, a function primes nothing.
    AWS_REGION: 'eu-west-2',
  };
}

/** The fields of a resource that we use. */
interface TemplateResource {
  readonly Properties?: { readonly Environment?: { readonly Variables?: Readonly<Record<string, unknown>> } };
}

function report(measurements: readonly Measurement[]): void {
  console.table(
    Object.fromEntries(
      measurements.map((measurement) => [
        measurement.name,
        {
          bytes: measurement.contents.bytes,
          'page bytes': measurement.pageBytes,
          'import ms': Number(measurement.importTime.toFixed(1)),
          'default bytes': measurement.byDefault.contents.bytes,
          'default import ms': Number(measurement.byDefault.importTime.toFixed(1)),
          ratio: Number(compareImportTime(measurement).toFixed(2)),
        },
      ]),
    ),
  );
  const violations = findViolations(measurements);
  for (const violation of violations) console.error(violation);
  if (violations.length > 0) process.exitCode = 1;
}
