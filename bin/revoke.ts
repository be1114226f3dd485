import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Command, InvalidArgumentError, Option } from 'commander';
import { SystemClock } from '../lambdas/adapters/system-clock.ts';
import { isLoopback } from '../lambdas/core/urls.ts';
import { loadConfig } from '../lib/config/load-config.ts';
import { buildConfigOption, CommandError, describeError, isForPerson, readOnce } from './command.ts';
import { AwsClock } from './revoke/aws-clock.ts';
import { RevokeError } from './revoke/find-resources.ts';
import { type RevokeOptions, revoke } from './revoke/revoke.ts';
import { writeToAuditTrail } from './revoke/write-to-audit-trail.ts';

/** The credentials of `npm start`: some local DynamoDBs have separate tables for each access key. */
const localCredentials = { accessKeyId: 'local', secretAccessKey: 'local' };

interface Options {
  readonly config: string;
  readonly sub?: string;
  readonly all: boolean;
  readonly table?: string;
  readonly yes: boolean;
}

export const command: Command = new Command('revoke')
  .description(
    'Ends sessions of a deployment. The AWS SDK reads credentials and endpoints from the environment. See docs/operations/revoke-sessions.md.',
  )
  .addOption(buildConfigOption())
  .option('--sub <sub>', 'end all sessions of the user with this sub', readSub)
  .addOption(new Option('--all', 'end all sessions of all users').default(false).conflicts('sub'))
  .option('--table <name>', 'the table with the sessions, if the command does not find it', readOnce)
  .option('--yes', 'end the sessions of all users without a confirmation', false)
  .addHelpText(
    'after',
    "\nExample:\n  $ one-login revoke --config config/production.json --sub 'urn:fdc:gov.uk:2022:56P4…'",
  )
  .action(runRevoke);

function readSub(text: string, previous: unknown): string {
  const sub = readOnce(text, previous);
  if (/^[\x21-\x7e]+$/.test(sub)) return sub;
  throw new InvalidArgumentError('It contains spaces or other characters that a sub cannot have.');
}

function chooseWhose(sub: string | undefined, all: boolean): RevokeOptions['whose'] {
  if (sub !== undefined) return { kind: 'user', sub };
  if (all) return { kind: 'everybody' };
  throw new CommandError('add --sub or --all: whose sessions to end');
}

async function runRevoke({ config: path, sub, all, table, yes }: Options): Promise<void> {
  const whose = chooseWhose(sub, all);
  const config = loadConfig(path);
  const { AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_DYNAMODB = AWS_ENDPOINT_URL ?? '' } = process.env;
  const isLocal = isLoopback(AWS_ENDPOINT_URL_DYNAMODB);
  const options = { region: config.region, maxAttempts: 10 };
  const client = new DynamoDBClient({ ...options, ...(isLocal ? { credentials: localCredentials } : {}) });
  const clock = new AwsClock(client, new SystemClock());
  try {
    await revoke(
      config,
      { whose, table, yes },
      {
        client,
        clock,
        print: (text) => console.log(text),
        progress: (text) => console.error(text),
        ask: process.stdin.isTTY ? ask : undefined,
        audit: isLocal
          ? undefined
          : (event) => writeToAuditTrail(new CloudWatchLogsClient(options), config, event, clock.now()),
      },
    );
  } catch (error) {
    // Some sessions may have ended.
    if (error instanceof CommandError || !isForPerson(error)) throw error;
    throw new RevokeError(describeError(error));
  }
}

async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}
