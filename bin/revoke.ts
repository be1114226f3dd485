/**
 * `npm run revoke`: ends sessions of a deployment, see docs/operations/revoke-sessions.md. Credentials and endpoints
 * come from the environment, as the AWS SDK reads it, and the region from the config. Exits with 2 when it was called
 * wrongly, and with 1 when it failed.
 */
import { createInterface } from 'node:readline/promises';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SystemClock } from '../lambdas/adapters/system-clock.ts';
import { isLoopback } from '../lambdas/core/urls.ts';
import { loadConfig } from '../lib/config/load-config.ts';
import { ConfigError } from '../lib/config/mistakes.ts';
import { readArguments, UsageError, usage } from './revoke/arguments.ts';
import { AwsClock } from './revoke/aws-clock.ts';
import { revoke } from './revoke/revoke.ts';
import { writeToAuditTrail } from './revoke/write-to-audit-trail.ts';

/** What `npm start` uses: some DynamoDBs on a machine have other tables for each access key. */
const localCredentials = { accessKeyId: 'local', secretAccessKey: 'local' };

process.exitCode = await main();

async function main(): Promise<number> {
  try {
    const args = readArguments(process.argv.slice(2));
    const config = loadConfig(args.config);
    const { AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_DYNAMODB = AWS_ENDPOINT_URL ?? '' } = process.env;
    const isLocal = isLoopback(AWS_ENDPOINT_URL_DYNAMODB);
    const options = { region: config.region, maxAttempts: 10 };
    const client = new DynamoDBClient({ ...options, ...(isLocal ? { credentials: localCredentials } : {}) });
    const clock = new AwsClock(client, new SystemClock());
    await revoke(config, args, {
      client,
      clock,
      print: (text) => console.log(text),
      progress: (text) => console.error(text),
      ask: process.stdin.isTTY ? ask : undefined,
      audit: isLocal
        ? undefined
        : (event) => writeToAuditTrail(new CloudWatchLogsClient(options), config, event, clock.now()),
    });
    return 0;
  } catch (error) {
    return complain(error);
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

/** @returns the exit status */
function complain(error: unknown): number {
  const isUsage = error instanceof UsageError;
  console.error(isUsage ? `${error.message}\n\n${usage}` : describe(error));
  return isUsage || error instanceof ConfigError ? 2 : 1;
}

/** With what AWS said, which names the user and the permission that was missing. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { name, message, cause } = error;
  const text = name.endsWith('Exception') || name.startsWith('Credentials') ? `${name}: ${message}` : message;
  return cause === undefined ? text : `${text}: ${describe(cause)}`;
}
