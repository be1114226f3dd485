/**
 * `npm run size`: how large each function's bundle is and how long it takes to import, next to the same code bundled
 * with the AWS CDK's defaults. Exits with 1 when a bundle breaks a rule of `lib/bundling/size-rules.ts`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EnvironmentVariable, environmentVariables } from '../lambdas/environment.ts';
import { bundle, bundleWithDefaults, discoverFunctions } from '../lib/bundling/bundle-functions.ts';
import { measureImportTimes } from '../lib/bundling/import-time.ts';
import { findViolations, type Measurement, ratioOf } from '../lib/bundling/size-rules.ts';

/** Function name → why its bundle may exceed 320 KB. */
const justifications: Readonly<Record<string, string>> = {};

const runs = 15;

/** What must be more than some text for a function to start. */
const values: Partial<Record<EnvironmentVariable, string>> = {
  authenticationVtr: '["Cl.Cm"]',
  maxAge: '',
  idTokenSigningAlgorithm: 'ES256',
  returnOrigins: '[]',
  sessionIdleSeconds: '1800',
  sessionAbsoluteSeconds: '43200',
};

const directory = mkdtempSync(join(tmpdir(), 'one-login-lambda-size-'));
try {
  report(measure(directory));
} finally {
  rmSync(directory, { recursive: true });
}

function measure(outputDirectory: string): readonly Measurement[] {
  const entryPoints = discoverFunctions();
  const deployed = bundle(entryPoints, join(outputDirectory, 'deployed'));
  const byDefault = bundleWithDefaults(entryPoints, join(outputDirectory, 'default'));
  const files = [...deployed, ...byDefault].map(({ file }) => file);
  const times = measureImportTimes(files, completeEnvironment(), runs);
  const importTimeOf = (file: string) => times.get(file) ?? Number.NaN;
  return deployed.flatMap(({ name, contents, file }) =>
    byDefault
      .filter((other) => other.name === name)
      .map((other) => ({
        name,
        contents,
        importTime: importTimeOf(file),
        byDefault: { bytes: other.contents.bytes, importTime: importTimeOf(other.file) },
      })),
  );
}

/** Everything that any function wants to find in its environment. */
function completeEnvironment(): Record<string, string> {
  const names = Object.keys(environmentVariables) as EnvironmentVariable[];
  return {
    ...Object.fromEntries(
      names.map((name) => [environmentVariables[name], values[name] ?? 'https://service.example/']),
    ),
    AWS_REGION: 'eu-west-2',
    AWS_ACCESS_KEY_ID: 'none',
    AWS_SECRET_ACCESS_KEY: 'none',
  };
}

function report(measurements: readonly Measurement[]): void {
  console.table(
    Object.fromEntries(
      measurements.map((measurement) => [
        measurement.name,
        {
          bytes: measurement.contents.bytes,
          'import ms': Number(measurement.importTime.toFixed(1)),
          'default bytes': measurement.byDefault.bytes,
          'default import ms': Number(measurement.byDefault.importTime.toFixed(1)),
          ratio: Number(ratioOf(measurement).toFixed(2)),
        },
      ]),
    ),
  );
  const violations = findViolations(measurements, justifications);
  for (const violation of violations) console.error(violation);
  if (violations.length > 0) process.exitCode = 1;
}
