import { Command } from 'commander';
import { loadConfig } from '../lib/config/load-config.ts';
import { buildConfigOption, buildJsonOption, readNumber, readOnce } from './command.ts';
import { defaultVisit, estimateCost, estimateTraffic } from './cost/estimate.ts';
import { defaultPrices, readPrices } from './cost/prices.ts';
import { formatEstimateAsJson, formatEstimateAsText } from './cost/print-estimate.ts';
import { type CostedTemplate, measureTemplate } from './cost/template-usage.ts';
import { synthesiseTemplate } from './synthesise-template.ts';

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
  const result = estimateCost(traffic, measureTemplate(synthesiseTemplate<CostedTemplate>(config)), prices);
  console.log(
    options.json
      ? formatEstimateAsJson(result, prices)
      : formatEstimateAsText(result, prices, traffic.signIns),
  );
}
