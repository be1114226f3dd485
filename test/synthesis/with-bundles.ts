import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleFunctions } from '../../dev/bundling/bundle-functions.ts';
import { buildApp } from '../../lib/app.ts';
import type { DeploymentConfig } from '../../lib/config/deployment-config.ts';
import { listFunctions, writePages } from '../../lib/functions/bundles.ts';

let bundled: string | undefined;
process.on('exit', () => {
  if (bundled !== undefined) rmSync(bundled, { recursive: true, force: true });
});

/** Synthesises a deployment as `npm start` does, but bundles the functions once for all deployments. */
export function synthesiseWithBundles(config: DeploymentConfig, outdir: string): void {
  bundled ??= bundleOnce();
  const directory = mkdtempSync(join(tmpdir(), 'one-login-bundles-'));
  try {
    cpSync(bundled, directory, { recursive: true });
    const bundles = new Map(listFunctions().map((name) => [name, join(directory, name)]));
    for (const [name, bundle] of bundles) writePages(config, name, bundle);
    buildApp(config, { outdir, bundles }).synth();
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function bundleOnce(): string {
  const directory = mkdtempSync(join(tmpdir(), 'one-login-bundles-'));
  bundleFunctions(directory);
  return directory;
}
