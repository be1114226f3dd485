import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { buildApp } from '../lib/app.ts';
import type { DeploymentConfig } from '../lib/config/deployment-config.ts';
import { loadConfig } from '../lib/config/load-config.ts';
import { listFunctions } from '../lib/functions/bundles.ts';
import { buildConfigOption, buildJsonOption, readNumber, readOnce } from './command.ts';
import { defaultVisit, estimateCost, estimateTraffic } from './cost/estimate.ts';
import { defaultPrices, readPrices } from './cost/prices.ts';
import { formatEstimateAsJson, formatEstimateAsText } from './cost/print-estimate.ts';
import { type CostedTemplate, measureTemplate } from './cost/template-usage.ts';

interface Options {
  readonly config: string;
  readonly signIns: number;
  readonly requests: number;
  readonly minutes: number;
  readonly identity: number;
  readonly signOuts: number;
  readonly prices?: string;
  readonly json?: boolean;
}

const readAmount = (text: string) => readNumber(text);
const readShare = (text: string) => readNumber(text, 1);

export const command: Command = new Command('cost')
  .description(
    'Estimates the cost of a month from counted calls, the template of the config, and a file of prices.',
  )
  .addOption(buildConfigOption())
  .option('--sign-ins <number>', 'sign-ins in a month', readAmount, 1_000_000)
  .option('--requests <number>', 'requests of a visit that need a session', readAmount, defaultVisit.requests)
  .option('--minutes <number>', 'minutes of a visit', readAmount, defaultVisit.minutes)
  .option(
    '--identity <share>',
    'share of the sign-ins that prove an identity',
    readShare,
    defaultVisit.identity,
  )
  .option(
    '--sign-outs <share>',
    'share of the visits that end with a sign-out',
    readShare,
    defaultVisit.signOuts,
  )
  .option('--prices <file>', 'your own prices, in the form of docs/cost.md', readOnce)
  .addOption(buildJsonOption())
  .addHelpText('after', '\nExample:\n  $ one-login cost --config config/production.json --sign-ins 250000')
  .action(estimate);

function estimate({ signIns, ...options }: Options): void {
  const config = loadConfig(options.config);
  const prices = readPrices(options.prices ?? defaultPrices);
  const traffic = estimateTraffic(signIns, options, config.session.idleMinutes);
  const result = estimateCost(traffic, measureTemplate(synthesise(config)), prices);
  console.log(
    options.json
      ? formatEstimateAsJson(result, prices)
      : formatEstimateAsText(result, prices, traffic.signIns),
  );
}

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
