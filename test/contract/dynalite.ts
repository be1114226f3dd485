import * as sdk from '@aws-sdk/client-dynamodb';
import { overSdk } from '../../lambdas/adapters/aws/over-sdk.ts';
import { createDynamoDbClient } from '../../lambdas/adapters/dynamodb/client.ts';
import { startEmbeddedDynamoDb } from '../../local/dynamodb/embedded-dynamodb.ts';
import { buildTable, pickKey, type TableName, tableKeys, tableNames } from '../support/tables.ts';

/** A DynamoDB in this process, with the three tables in it. */
export type TestDatabase = Awaited<ReturnType<typeof startTestDatabase>>;

export async function startTestDatabase() {
  const { url: endpoint, close } = await startEmbeddedDynamoDb(() => {});
  /** Region, credentials and endpoint for another client. */
  const clientOptions = {
    endpoint,
    region: 'eu-west-2',
    credentials: { accessKeyId: 'embedded', secretAccessKey: 'embedded' },
  };
  /** The same for a client of the functions. */
  const environment = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'eu-west-2',
    AWS_ACCESS_KEY_ID: 'embedded',
    AWS_SECRET_ACCESS_KEY: 'embedded',
  };
  const client = new sdk.DynamoDBClient(clientOptions);
  for (const name of tableNames)
    await client.send(new sdk.CreateTableCommand(buildTable(name, tableKeys[name])));
  /** Everything that a table contains. */
  const items = async (TableName: TableName): Promise<readonly Record<string, sdk.AttributeValue>[]> =>
    (await client.send(new sdk.ScanCommand({ TableName, ConsistentRead: true }))).Items ?? [];
  return {
    client,
    clientOptions,
    environment,
    /** What stores use in Lambda, and outside. */
    senders: { own: createDynamoDbClient({ environment }), sdk: overSdk<'dynamodb'>(client, sdk) },
    items,
    /** Deletes all items of a table. */
    async empty(TableName: TableName): Promise<void> {
      for (const item of await items(TableName)) {
        await client.send(new sdk.DeleteItemCommand({ TableName, Key: pickKey(TableName, item) }));
      }
    },
    stop(): Promise<void> {
      client.destroy();
      return close();
    },
  };
}
