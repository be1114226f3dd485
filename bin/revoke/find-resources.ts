import { type CloudWatchLogsClient, paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeTableCommand, type DynamoDBClient, paginateListTables } from '@aws-sdk/client-dynamodb';
import type { DeploymentConfig } from '../../lib/config/deployment-config.ts';
import { buildStackName } from '../../lib/config/stack-name.ts';
import { CommandError, exitCodes } from '../command.ts';

/** Sessions could not be ended, or only some. */
export class RevokeError extends CommandError {
  override readonly name = 'RevokeError';
  override readonly exitCode = exitCodes.bad;
}

/** CloudFormation builds a name from the stack, the logical id and random characters. A test compares both prefixes with the template. */
export function buildSessionsTablePrefix(config: Pick<DeploymentConfig, 'name'>): string {
  return `${buildStackName(config)}-TablesSessions`;
}

export function buildAuditLogGroupPrefix(config: Pick<DeploymentConfig, 'name'>): string {
  return `${buildStackName(config)}-AuditTrailcollectauditLogs`;
}

/** @param advice what to do if there are several or none */
function requireOne(what: string, names: readonly string[], advice: string): string {
  const [name] = names;
  if (name !== undefined && names.length === 1) return name;
  const found =
    name === undefined ? `there is no ${what}` : `there is more than one ${what}: ${names.join(', ')}`;
  throw new RevokeError(`${found}. ${advice}`);
}

/**
 * Finds the table with a deployment's sessions, and checks it: no sessions in the wrong table would look like a success.
 *
 * @param named the table's name, if it is known
 * @throws RevokeError
 */
export async function findSessionsTable(
  client: DynamoDBClient,
  config: Pick<DeploymentConfig, 'name' | 'region' | 'account'>,
  named: string | undefined,
): Promise<string> {
  const name = named ?? (await lookUpTable(client, config));
  const { Table } = await client.send(new DescribeTableCommand({ TableName: name }));
  const key = Table?.KeySchema?.map(({ AttributeName: attribute }) => attribute).join(', ');
  if (key !== 'subject_key, item') {
    throw new RevokeError(`the table ${name} contains no sessions: its key is ${key}`);
  }
  const account = Table?.TableArn?.split(':')[4];
  if (config.account !== undefined && account !== config.account) {
    throw new RevokeError(
      `the credentials belong to the account ${account}, and the config is for ${config.account}`,
    );
  }
  return name;
}

async function lookUpTable(
  client: DynamoDBClient,
  config: Pick<DeploymentConfig, 'name' | 'region'>,
): Promise<string> {
  const prefix = buildSessionsTablePrefix(config);
  const names: string[] = [];
  for await (const { TableNames: page = [] } of paginateListTables({ client }, {})) {
    names.push(...page.filter((name) => name.startsWith(prefix)));
  }
  return requireOne(
    `table in ${config.region} whose name begins with ${prefix}`,
    names,
    "Check the config, region and account, or add --table with the stack's output SessionsTable.",
  );
}

/** Finds the log group of a deployment's audit trail. @throws RevokeError */
export async function findLogGroup(
  client: CloudWatchLogsClient,
  config: Pick<DeploymentConfig, 'name' | 'region'>,
): Promise<string> {
  const logGroupNamePrefix = buildAuditLogGroupPrefix(config);
  const names: string[] = [];
  for await (const { logGroups = [] } of paginateDescribeLogGroups({ client }, { logGroupNamePrefix })) {
    names.push(...logGroups.flatMap(({ logGroupName }) => logGroupName ?? []));
  }
  return requireOne(
    `log group in ${config.region} whose name begins with ${logGroupNamePrefix}`,
    names,
    'Write down by hand what you did.',
  );
}
