import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib/core';
import type { DeploymentConfig } from './config/deployment-config.ts';
import { buildStackName } from './config/stack-name.ts';
import { bundleFunctions } from './functions/bundling/bundle-functions.ts';
import { acknowledgeNagFindings } from './nag-acknowledgements.ts';
import { OneLoginStack } from './one-login-stack.ts';

export interface BuildAppOptions {
  /** Where `synth()` writes. @default the directory that the CDK CLI names, else a temporary one */
  readonly outdir?: string;
  /**
   * Function name → directory with its bundle.
   * @default the functions are bundled now
   */
  readonly bundles?: ReadonlyMap<string, string>;
}

/**
 * The CDK app of one deployment: what `cdk deploy` deploys, `npm start` runs, and the tests look at. Its feature flags
 * come from aws-cdk-lib and not from cdk.json, which only the CLI reads, so that all three get one template.
 *
 * @param config validated
 */
export function buildApp(config: DeploymentConfig, options: BuildAppOptions = {}): App {
  const app = new App({
    context: recommendedFeatureFlags(),
    analyticsReporting: false,
    ...(options.outdir === undefined ? {} : { outdir: options.outdir }),
  });
  if (options.bundles !== undefined) {
    addStack(app, config, options.bundles);
    return app;
  }
  const directory = mkdtempSync(join(tmpdir(), 'one-login-lambda-'));
  try {
    // The stack copies the bundles into the app's output as it is built.
    addStack(app, config, bundleFunctions(config, directory));
  } finally {
    rmSync(directory, { recursive: true });
  }
  return app;
}

function addStack(app: App, config: DeploymentConfig, bundles: ReadonlyMap<string, string>): void {
  const stack = new OneLoginStack(app, buildStackName(config), {
    config,
    bundles,
    description: 'Sign in with GOV.UK One Login',
    env: { region: config.region, ...(config.account === undefined ? {} : { account: config.account }) },
  });
  acknowledgeNagFindings(stack);
}

function recommendedFeatureFlags(): Record<string, unknown> {
  const path = createRequire(import.meta.url).resolve('aws-cdk-lib/recommended-feature-flags.json');
  return JSON.parse(readFileSync(path, 'utf8'));
}
