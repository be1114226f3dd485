import { once } from 'node:events';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import {
  type AttributeValue,
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';

// dynalite comes without types.
const dynalite: (options: Record<string, number>) => Server = createRequire(import.meta.url)('dynalite');

/** Table names by what they hold, each with its key, as the design lays them out. */
const tables = {
  'login-attempts': ['state_hash'],
  sessions: ['subject_key', 'item'],
  'provider-documents': ['partition', 'item'],
} as const;

export type TableName = keyof typeof tables;

/** A DynamoDB in this process, with the three tables in it. */
export interface EmbeddedDynamoDb {
  readonly client: DynamoDBClient;
  /** Region, credentials and endpoint for another client. */
  readonly clientOptions: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** Everything that a table holds, as it holds it. */
  items(table: TableName): Promise<readonly Record<string, AttributeValue>[]>;
  /** Makes a table empty again. */
  empty(table: TableName): Promise<void>;
  stop(): Promise<void>;
}

export async function startEmbeddedDynamoDb(): Promise<EmbeddedDynamoDb> {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const clientOptions = {
    endpoint: `http://127.0.0.1:${port}`,
    region: 'eu-west-2',
    credentials: { accessKeyId: 'embedded', secretAccessKey: 'embedded' },
  };
  const client = new DynamoDBClient(clientOptions);
  const names = Object.keys(tables) as TableName[];
  for (const name of names) await createTable(client, name);
  return {
    client,
    clientOptions,
    items: (table) => items(client, table),
    async empty(table) {
      for (const item of await items(client, table)) {
        const key = Object.fromEntries(
          Object.entries(item).filter(([name]) => buildKey(table).includes(name)),
        );
        await client.send(new DeleteItemCommand({ TableName: table, Key: key }));
      }
    },
    async stop() {
      client.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function createTable(client: DynamoDBClient, name: TableName): Promise<void> {
  const key = buildKey(name);
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: key.map((attribute) => ({ AttributeName: attribute, AttributeType: 'S' })),
      KeySchema: key.map((attribute, index) => ({
        AttributeName: attribute,
        KeyType: index === 0 ? 'HASH' : 'RANGE',
      })),
    }),
  );
}

async function items(client: DynamoDBClient, table: TableName): Promise<Record<string, AttributeValue>[]> {
  const { Items: found = [] } = await client.send(
    new ScanCommand({ TableName: table, ConsistentRead: true }),
  );
  return found;
}

function buildKey(table: TableName): readonly string[] {
  return tables[table];
}
