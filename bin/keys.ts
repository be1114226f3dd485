import process from 'node:process';
import { KMSClient } from '@aws-sdk/client-kms';
import { Command } from 'commander';
import { isLoopback } from '../lambdas/core/urls.ts';
import { loadConfig, readConfigFile } from '../lib/config/load-config.ts';
import { validateConfig } from '../lib/config/validate-config.ts';
import {
  buildConfigOption,
  buildJsonOption,
  buildPublicUrlOption,
  exitCodes,
  readOnce,
  readPublicUrl,
} from './command.ts';
import { inspectKeys, isDeployable } from './keys/inspect-keys.ts';
import { applyStep, readStep } from './keys/plan-step.ts';
import { formatKeysAsJson, formatKeysAsText } from './keys/print-report.ts';

interface Options {
  readonly config: string;
  readonly next?: string;
  readonly emergency: boolean;
  readonly publicUrl?: string;
  readonly json?: boolean;
}

export const command: Command = new Command('keys')
  .description(
    'Prints the deployed signing keys, their age and the next possible steps, and whether you can deploy the key list of the config now.',
  )
  .addOption(buildConfigOption())
  .option('--next <step>:<key>', 'print the key list after this step, such as sign:2026-07', readOnce)
  .option('--emergency', 'do not wait: a key may be misused', false)
  .addOption(buildPublicUrlOption())
  .addOption(buildJsonOption())
  .addHelpText('after', '\nExample:\n  $ one-login keys --config config/production.json --next sign:2026-07')
  .action(showKeys);

async function showKeys({ config: path, next, emergency, publicUrl, json }: Options): Promise<void> {
  const config = loadConfig(path);
  const asked = next === undefined ? undefined : readStep(next);
  const kms = createKmsClient(config.region);
  const report = await inspectKeys({
    config,
    publicUrl: readPublicUrl(config, publicUrl),
    kms,
    now: Date.now(),
    emergency,
    plan: asked && ((deployed) => validateKeyList(path, applyStep(asked, deployed))),
  });
  kms.destroy();
  const source = next === undefined ? path : `--next ${next}`;
  console.log(json ? formatKeysAsJson(report) : formatKeysAsText(report, source));
  if (!isDeployable(report)) process.exitCode = exitCodes.bad;
}

/** A KMS on this machine needs no real credentials. */
function createKmsClient(region: string): KMSClient {
  const { AWS_ENDPOINT_URL: everything, AWS_ENDPOINT_URL_KMS: endpoint = everything ?? '' } = process.env;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return new KMSClient({ region, ...(isLoopback(endpoint) ? { credentials } : {}) });
}

/** Validates the key list as part of the config file. */
function validateKeyList(path: string, signingKeys: unknown) {
  return validateConfig({ ...Object(readConfigFile(path)), signingKeys }, `${path} after this step`)
    .signingKeys;
}
