import {
  type AttributeValue,
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
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
  const client = new DynamoDBClient(clientOptions);
  for (const name of tableNames) await client.send(new CreateTableCommand(buildTable(name, tableKeys[name])));
  /** Everything that a table contains. */
  const items = async (TableName: TableName): Promise<readonly Record<string, AttributeValue>[]> =>
    (await client.send(new ScanCommand({ TableName, ConsistentRead: true }))).Items ?? [];
  return {
    client,
    clientOptions,
    items,
    /** Deletes all items of a table. */
    async empty(TableName: TableName): Promise<void> {
      for (const item of await items(TableName)) {
        await client.send(new DeleteItemCommand({ TableName, Key: pickKey(TableName, item) }));
      }
    },
    stop(): Promise<void> {
      client.destroy();
      return close();
    },
  };
}
