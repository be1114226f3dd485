/**
 * `npm run keys -- --config config/production.json`: the signing keys that are deployed, how old they are, what may be
 * done next, and whether the key list of the config may be deployed now. Exits with 1 when it may not.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { KMSClient } from '@aws-sdk/client-kms';
import { isLoopback } from '../lambdas/core/urls.ts';
import { loadConfig } from '../lib/config/load-config.ts';
import { validateConfig } from '../lib/config/validate-config.ts';
import { exitCodes, readPublicUrl, requireConfigPath, runCommand } from './command.ts';
import { inspectKeys, isGood } from './keys/inspect-keys.ts';
import { applyStep, readAskedStep } from './keys/plan-step.ts';
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
  const asked = values.next === undefined ? undefined : readAskedStep(values.next);
  const kms = createKmsClient(config.region);
  const report = await inspectKeys({
    config,
    publicUrl: readPublicUrl(config, values['public-url']),
    kms,
    now: Date.now(),
    emergency: values.emergency,
    ...(asked === undefined
      ? {}
      : {
          plan: (deployed) =>
            validKeyList(
              path,
              applyStep(
                asked,
                deployed.map(({ name, state }) => ({ name, state })),
              ),
            ),
        }),
  });
  kms.destroy();
  const source = values.next === undefined ? path : `--next ${values.next}`;
  console.log(values.json ? formatKeysAsJson(report) : formatKeysAsText(report, source));
  return isGood(report) ? exitCodes.good : exitCodes.bad;
});

/** A KMS on this machine asks for no credentials of its own. */
function createKmsClient(region: string): KMSClient {
  const { AWS_ENDPOINT_URL: everything, AWS_ENDPOINT_URL_KMS: endpoint = everything ?? '' } = process.env;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return new KMSClient({ region, ...(isLoopback(endpoint) ? { credentials } : {}) });
}

/** The key list as the config file would have it, under all of its rules. */
function validKeyList(path: string, signingKeys: unknown) {
  const file: Record<string, unknown> = JSON.parse(readFileSync(path, 'utf8'));
  return validateConfig({ ...file, signingKeys }, `${path} after that step`).signingKeys;
}
