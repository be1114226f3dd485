/**
 * `npm run doctor -- --config config/production.json`: checks a live deployment from outside, and prints what is wrong and
 * how to fix it. It needs no AWS credentials. It exits with 1 if a check fails.
 */
import { parseArgs } from 'node:util';
import { loadConfig } from '../lib/config/load-config.ts';
import { buildUserAgent } from '../lib/functions/user-agent.ts';
import { exitCodes, readApiUrl, requireConfigPath, requirePublicUrl, runCommand } from './command.ts';
import { examine } from './doctor/examine.ts';
import { countResults, formatResultsAsJson, formatResultsAsText } from './doctor/print-report.ts';
import { createNetwork } from './doctor/transport.ts';

await runCommand(
  'npm run doctor -- --config <file> [--public-url <url>] [--api-url <url>] [--json]',
  async () => {
    const { values } = parseArgs({
      options: {
        config: { type: 'string' },
        'public-url': { type: 'string' },
        'api-url': { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    });
    const config = loadConfig(requireConfigPath(values.config));
    const publicUrl = requirePublicUrl(config, values['public-url']);
    const apiUrl = readApiUrl(values['api-url']);
    const userAgent = buildUserAgent(config.serviceUrl ?? publicUrl);
    const results = await examine({ config, publicUrl, userAgent, apiUrl }, createNetwork());
    console.log(
      values.json ? formatResultsAsJson(publicUrl, results) : formatResultsAsText(publicUrl, results),
    );
    return countResults(results).fail === 0 ? exitCodes.good : exitCodes.bad;
  },
);
