/**
 * The entry point of the CDK CLI. The option `config` has the deployment's config file:
 *
 *     cdk deploy -c config=config/production.json
 */
import { App } from 'aws-cdk-lib/core';
import { buildApp } from '../lib/app.ts';
import { loadConfig } from '../lib/config/load-config.ts';
import { ConfigError } from '../lib/config/mistakes.ts';

// The CLI passes its context in more than one way. An App reads all of them.
const file: unknown = new App({ autoSynth: false }).node.tryGetContext('config');

if (file === undefined) {
  console.error('Name the config file of the deployment: -c config=config/production.json');
  process.exitCode = 1;
} else {
  synthesise(String(file));
}

function synthesise(config: string): void {
  try {
    buildApp(loadConfig(config)).synth();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
