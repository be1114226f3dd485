/**
 * `npm run revoke`: ends sessions of a deployment, see docs/operations/revoke-sessions.md. The AWS SDK reads credentials and
 * endpoints from the environment. The config has the region. It exits with 2 if an argument is wrong, and with 1 if it
 * failed.
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

/** The credentials of `npm start`: some local DynamoDBs have separate tables for each access key. */
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
    return reportError(error);
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

function reportError(error: unknown): number {
  const isUsage = error instanceof UsageError;
  console.error(isUsage ? `${error.message}\n\n${usage}` : describeError(error));
  return isUsage || error instanceof ConfigError ? 2 : 1;
}

/** Includes the message of AWS, which names the user and the missing permission. */
function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { name, message, cause } = error;
  const text = name.endsWith('Exception') || name.startsWith('Credentials') ? `${name}: ${message}` : message;
  return cause === undefined ? text : `${text}: ${describeError(cause)}`;
}
