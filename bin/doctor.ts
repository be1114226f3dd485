import process from 'node:process';
import { Command } from 'commander';
import { loadConfig } from '../lib/config/load-config.ts';
import { buildUserAgent } from '../lib/functions/user-agent.ts';
import {
  buildConfigOption,
  buildJsonOption,
  buildPublicUrlOption,
  exitCodes,
  printReport,
  readApiUrl,
  readOnce,
  requirePublicUrl,
} from './command.ts';
import { examine } from './doctor/examine.ts';
import { countResults, formatResultsAsJson, formatResultsAsText } from './doctor/print-report.ts';
import { createNetwork } from './doctor/transport.ts';

interface Options {
  readonly config: string;
  readonly publicUrl?: string;
  readonly apiUrl?: string;
  readonly json?: boolean;
}

export const command: Command = new Command('doctor')
  .description(
    'Checks a live deployment from outside, and prints what is wrong and how to fix it. It needs no AWS credentials.',
  )
  .addOption(buildConfigOption())
  .addOption(buildPublicUrlOption())
  .option('--api-url <url>', "the API's own address up to and including /auth, to check that too", readOnce)
  .addOption(buildJsonOption())
  .addHelpText('after', '\nExample:\n  $ one-login doctor --config config/production.json')
  .action(runDoctor);

async function runDoctor(options: Options): Promise<void> {
  const config = loadConfig(options.config);
  const publicUrl = requirePublicUrl(config, options.publicUrl);
  const apiUrl = readApiUrl(options.apiUrl);
  const userAgent = buildUserAgent(config.serviceUrl ?? publicUrl);
  const results = await examine({ config, publicUrl, userAgent, apiUrl }, createNetwork());
  if (options.json) console.log(formatResultsAsJson(publicUrl, results));
  else printReport(formatResultsAsText(publicUrl, results));
  if (countResults(results).fail > 0) process.exitCode = exitCodes.bad;
}
