/**
 * The entry point of the CDK CLI. Which deployment it is about comes with the command:
 *
 *     cdk deploy -c config=config/production.json
 *
 * Without it the local one is synthesised.
 */
import { App } from 'aws-cdk-lib/core';
import { buildApp } from '../lib/app.ts';
import { loadConfig } from '../lib/config/load-config.ts';
import { ConfigError } from '../lib/config/mistakes.ts';

// The CLI hands its context over in more than one way: an App knows them all.
const path: unknown = new App({ autoSynth: false }).node.tryGetContext('config') ?? 'config/local.json';

try {
  buildApp(loadConfig(String(path))).synth();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
