/**
 * The entry point of the CDK CLI. The option `config` has the deployment's config file:
 *
 *     cdk deploy -c config=config/production.json
 *
 * Without it the CLI synthesises `config/local.json`.
 */
import { App } from 'aws-cdk-lib/core';
import { buildApp } from '../lib/app.ts';
import { loadConfig } from '../lib/config/load-config.ts';
import { ConfigError } from '../lib/config/mistakes.ts';

// The CLI passes its context in more than one way. An App reads all of them.
const path: unknown = new App({ autoSynth: false }).node.tryGetContext('config') ?? 'config/local.json';

try {
  buildApp(loadConfig(String(path))).synth();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
