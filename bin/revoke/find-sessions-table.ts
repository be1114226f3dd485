import { DescribeTableCommand, type DynamoDBClient, paginateListTables } from '@aws-sdk/client-dynamodb';
import type { DeploymentConfig } from '../../lib/config/deployment-config.ts';
import { onlyOne, RevokeError, sessionsTablePrefix } from './deployment.ts';

/**
 * Finds the table with a deployment's sessions, and looks at it before anybody relies on it: to find no sessions in
 * the wrong table looks like a success.
 *
 * @param named the table's name, if it is known
 * @throws RevokeError
 */
export async function findSessionsTable(
  client: DynamoDBClient,
  config: Pick<DeploymentConfig, 'name' | 'region' | 'account'>,
  named: string | undefined,
): Promise<string> {
  const name = named ?? (await lookUp(client, config));
  const { Table } = await client.send(new DescribeTableCommand({ TableName: name }));
  const key = Table?.KeySchema?.map(({ AttributeName: attribute }) => attribute).join(', ');
  if (key !== 'subject_key, item') {
    throw new RevokeError(`the table ${name} holds no sessions: its key is ${key}`);
  }
  const account = Table?.TableArn?.split(':')[4];
  if (config.account !== undefined && account !== config.account) {
    throw new RevokeError(
      `the credentials belong to the account ${account}, and the config is about ${config.account}`,
    );
  }
  return name;
}

async function lookUp(
  client: DynamoDBClient,
  config: Pick<DeploymentConfig, 'name' | 'region'>,
): Promise<string> {
  const prefix = sessionsTablePrefix(config);
  const names: string[] = [];
  for await (const { TableNames: page = [] } of paginateListTables({ client }, {})) {
    names.push(...page.filter((name) => name.startsWith(prefix)));
  }
  return onlyOne(
    `table in ${config.region} whose name begins with ${prefix}`,
    names,
    "Is it the right config, region and account? Else say --table; the stack's output SessionsTable has the name.",
  );
}
