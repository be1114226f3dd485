import process from 'node:process';
import { Command } from 'commander';
import type { StartOptions } from '../local/start-settings.ts';
import { exitCodes, readOnce } from './command.ts';

export const command: Command = new Command('local')
  .description(
    'Runs a deployment on this machine, with a stand-in for One Login, until you press Ctrl-C. It needs no AWS account and no network, and leaves nothing behind.',
  )
  .option('--config <file>', 'the config file of the deployment (default: an example service)', readOnce)
  .option(
    '--service <origin>',
    'put it in front of your own service, such as http://localhost:5000',
    readOnce,
  )
  .option('--port <number>', 'the port to listen on (default: PORT, that of --public-url, or 8080)', readOnce)
  .option(
    '--public-url <origin>',
    'where browsers reach the port, if not at http://localhost:<port>',
    readOnce,
  )
  .option('--https', 'listen with TLS, as Safari needs it, with a certificate made for this start')
  .option(
    '--one-login-port <number>',
    "the port of One Login's stand-in (default: ONE_LOGIN_PORT, or 3000)",
    readOnce,
  )
  .option('--json', 'print the log as Lambda writes it, one JSON object a line')
  .addHelpText(
    'after',
    `
Environment variables, if the option is not there:
  PORT, ONE_LOGIN_PORT        as the options
  ONE_LOGIN_URL               use the provider at this URL, and start no stand-in
  CLIENT_ID                   the client id, in place of the one in the config
  AWS_ENDPOINT_URL_DYNAMODB   use this DynamoDB, in place of an embedded one
  AWS_ENDPOINT_URL_KMS        use this KMS, in place of an embedded one

Example:
  $ one-login local --config config/production.json --service http://localhost:5000`,
  )
  .action(async (options: StartOptions) => {
    const { runLocal } = await import('../local/start.ts');
    // A browser may still have an open connection.
    process.exit((await runLocal(options)) ? exitCodes.good : exitCodes.unknown);
  });
