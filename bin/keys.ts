/**
 * `npm run keys -- --config config/production.json`: prints the deployed signing keys, their age, the next possible
 * steps, and whether you can deploy the key list of the config now. It exits with 1 if you cannot.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { KMSClient } from '@aws-sdk/client-kms';
import { isLoopback } from '../lambdas/core/urls.ts';
import { loadConfig } from '../lib/config/load-config.ts';
import { validateConfig } from '../lib/config/validate-config.ts';
import { exitCodes, readPublicUrl, requireConfigPath, runCommand } from './command.ts';
import { inspectKeys, isDeployable } from './keys/inspect-keys.ts';
import { applyStep, readStep } from './keys/plan-step.ts';
import { formatKeysAsJson, formatKeysAsText } from './keys/print-report.ts';

const usage =
  'npm run keys -- --config <file> [--next <step>:<key>] [--emergency] [--public-url <url>] [--json]';

await runCommand(usage, async () => {
  const { values } = parseArgs({
    options: {
      config: { type: 'string' },
      next: { type: 'string' },
      emergency: { type: 'boolean', default: false },
      'public-url': { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const path = requireConfigPath(values.config);
  const config = loadConfig(path);
  const asked = values.next === undefined ? undefined : readStep(values.next);
  const kms = createKmsClient(config.region);
  const report = await inspectKeys({
    config,
    publicUrl: readPublicUrl(config, values['public-url']),
    kms,
    now: Date.now(),
    emergency: values.emergency,
    plan: asked && ((deployed) => validateKeyList(path, applyStep(asked, deployed))),
  });
  kms.destroy();
  const source = values.next === undefined ? path : `--next ${values.next}`;
  console.log(values.json ? formatKeysAsJson(report) : formatKeysAsText(report, source));
  return isDeployable(report) ? exitCodes.good : exitCodes.bad;
});

/** A KMS on this machine needs no real credentials. */
function createKmsClient(region: string): KMSClient {
  const { AWS_ENDPOINT_URL: everything, AWS_ENDPOINT_URL_KMS: endpoint = everything ?? '' } = process.env;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return new KMSClient({ region, ...(isLoopback(endpoint) ? { credentials } : {}) });
}

/** Validates the key list as part of the config file. */
function validateKeyList(path: string, signingKeys: unknown) {
  const file: Record<string, unknown> = JSON.parse(readFileSync(path, 'utf8'));
  return validateConfig({ ...file, signingKeys }, `${path} after this step`).signingKeys;
}
