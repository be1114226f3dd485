/**
 * `npm run cost -- --config config/production.json --sign-ins 1000000`: estimates the cost of a month from counted calls,
 * the template of the config, and a file of prices.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildApp } from '../lib/app.ts';
import type { DeploymentConfig } from '../lib/config/deployment-config.ts';
import { loadConfig } from '../lib/config/load-config.ts';
import { listFunctions } from '../lib/functions/bundles.ts';
import { exitCodes, readNumber, requireConfigPath, runCommand } from './command.ts';
import { defaultVisit, estimateCost, estimateTraffic } from './cost/estimate.ts';
import { defaultPrices, readPrices } from './cost/prices.ts';
import { formatEstimateAsJson, formatEstimateAsText } from './cost/print-estimate.ts';
import { type CostedTemplate, measureTemplate } from './cost/template-usage.ts';

const usage =
  'npm run cost -- --config <file> [--sign-ins <number>] [--requests <number>] [--minutes <number>] [--identity <share>] [--sign-outs <share>] [--prices <file>] [--json]';

await runCommand(usage, async () => {
  const { values } = parseArgs({
    options: {
      config: { type: 'string' },
      'sign-ins': { type: 'string', default: '1000000' },
      requests: { type: 'string', default: `${defaultVisit.requests}` },
      minutes: { type: 'string', default: `${defaultVisit.minutes}` },
      identity: { type: 'string', default: `${defaultVisit.identity}` },
      'sign-outs': { type: 'string', default: `${defaultVisit.signOuts}` },
      prices: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const config = loadConfig(requireConfigPath(values.config));
  const prices = readPrices(values.prices ?? defaultPrices);
  const visit = {
    requests: readNumber('requests', values.requests),
    minutes: readNumber('minutes', values.minutes),
    identity: readNumber('identity', values.identity, 1),
    signOuts: readNumber('sign-outs', values['sign-outs'], 1),
  };
  const traffic = estimateTraffic(
    readNumber('sign-ins', values['sign-ins']),
    visit,
    config.session.idleMinutes,
  );
  const result = estimateCost(traffic, measureTemplate(synthesise(config)), prices);
  console.log(
    values.json
      ? formatEstimateAsJson(result, prices)
      : formatEstimateAsText(result, prices, traffic.signIns),
  );
  return exitCodes.good;
});

/** Synthesises the template without bundles, which take long and do not change the cost. */
function synthesise(config: DeploymentConfig): CostedTemplate {
  const directory = mkdtempSync(join(tmpdir(), 'one-login-lambda-cost-'));
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
