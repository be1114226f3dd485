import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { buildApp } from '../lib/app.ts';
import type { DeploymentConfig } from '../lib/config/deployment-config.ts';
import { listFunctions } from '../lib/functions/bundles.ts';

/**
 * Synthesises the template of a deployment without what takes long: the bundles, and the CDK's checks, which `synth` and
 * `cdk deploy` make.
 */
export function synthesiseTemplate<Template>(config: DeploymentConfig): Template {
  process.env['CDK_VALIDATION'] = 'false';
  const directory = mkdtempSync(join(tmpdir(), 'one-login-lambda-template-'));
  try {
    const nothing = join(directory, 'bundle');
    mkdirSync(nothing);
    writeFileSync(join(nothing, 'index.mjs'), '');
    const bundles = new Map(listFunctions().map((name) => [name, nothing]));
    return buildApp(config, { outdir: join(directory, 'cdk.out'), bundles }).synth().stacks[0]?.template;
  } finally {
    rmSync(directory, { recursive: true });
  }
}
