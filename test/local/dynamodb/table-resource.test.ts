import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  type AttributeValue,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AwsCall } from '../../../local/aws/aws-call.ts';
import type { AwsEndpoint } from '../../../local/aws/aws-endpoint.ts';
import { startEmbeddedDynamoDb } from '../../../local/dynamodb/embedded-dynamodb.ts';
import { TableResources } from '../../../local/dynamodb/table-resource.ts';
import { createStack } from '../../../local/template/create-stack.ts';
import type { JsonObject } from '../../../local/template/json.ts';
import { createStackIdentity } from '../../../local/template/stack-identity.ts';
import { until } from '../../support/until.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const calls: AwsCall[] = [];
let dynamodb: AwsEndpoint;
let client: DynamoDBClient;

const properties = {
  AttributeDefinitions: [
    { AttributeName: 'subject', AttributeType: 'S' },
    { AttributeName: 'item', AttributeType: 'S' },
  ],
  KeySchema: [
    { AttributeName: 'subject', KeyType: 'HASH' },
    { AttributeName: 'item', KeyType: 'RANGE' },
  ],
  BillingMode: 'PAY_PER_REQUEST',
  SSESpecification: { SSEEnabled: true, KMSMasterKeyId: 'arn:key' },
  TimeToLiveSpecification: { AttributeName: 'expires_at', Enabled: true },
};

/** Creates one table, and returns its name. */
async function create(changes: JsonObject = {}) {
  const tables = new TableResources(client);
  const Sessions = { Type: 'AWS::DynamoDB::Table', Properties: { ...properties, ...changes } };
  const stack = createStackIdentity('stack');
  const template = { Resources: { Sessions } };
  const created = await createStack({ template, stack, handlers: tables.handlers });
  return { tables, created, TableName: String(tables.names.get('Sessions')) };
}

const put = (TableName: string, item: string, attributes: Record<string, AttributeValue>) =>
  client.send(
    new PutItemCommand({ TableName, Item: { subject: { S: 'a' }, item: { S: item }, ...attributes } }),
  );

async function list(TableName: string): Promise<readonly unknown[]> {
  const { Items: items = [] } = await client.send(new ScanCommand({ TableName }));
  return items.map(({ item }) => item?.S).sort();
}

/** The bytes of all objects and buffers that are in use. */
function measureMemory(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return arrayBuffers + heapUsed;
}

describe.each([
  ['in memory', undefined],
  ['on disk', await temporaryDirectory()],
])('a table of the template, %s,', (_name, directory) => {
  beforeAll(async () => {
    dynamodb = await startEmbeddedDynamoDb((call) => calls.push(call), undefined, directory);
    client = new DynamoDBClient({
      endpoint: dynamodb.url,
      region: 'eu-west-2',
      credentials: { accessKeyId: 'CallbackFunction', secretAccessKey: 'x' },
    });
  });

  afterAll(async () => {
    client.destroy();
    await dynamodb.close();
  });

  test('has a name as in CloudFormation and its key', async () => {
    const { tables, created, TableName } = await create();
    expect(TableName).toMatch(/^stack-Sessions-[0-9A-F]{12}$/);
    const arn = expect.stringMatching(`:table/${TableName}$`);
    expect(created.get('Sessions')).toEqual({ ref: TableName, attributes: { Arn: arn } });
    expect(tables.find(TableName)).toEqual({ arn, keyArn: 'arn:key' });
  });

  test('accepts one of fifty conditional writes at the same time', async () => {
    const { TableName } = await create();
    const write = () =>
      client.send(
        new UpdateItemCommand({
          TableName,
          Key: { subject: { S: 'a' }, item: { S: 'b' } },
          UpdateExpression: 'SET taken = :now',
          ConditionExpression: 'attribute_not_exists(taken)',
          ExpressionAttributeValues: { ':now': { N: '1' } },
        }),
      );
    const results = await Promise.allSettled(Array.from({ length: 50 }, write));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('loses the items whose time to live is over, if the template has one', async () => {
    const [ending, lasting] = [
      await create(),
      await create({ TimeToLiveSpecification: { AttributeName: 'expires_at', Enabled: false } }),
    ];
    const ends = { over: { N: '99' }, now: { N: '100' }, text: { S: '99' } };
    for (const { tables, TableName } of [ending, lasting]) {
      for (const [item, expires_at] of Object.entries(ends)) await put(TableName, item, { expires_at });
      await put(TableName, 'endless', {});
      await tables.deleteExpired(100);
    }
    expect(await list(ending.TableName)).toEqual(['endless', 'now', 'text']);
    expect(await list(lasting.TableName)).toEqual(['endless', 'now', 'over', 'text']);
  });

  test('keeps an item that gets more time while it is being deleted', async () => {
    const { tables, TableName } = await create();
    await put(TableName, 'renewed', { expires_at: { N: '99' } });
    const { promise: hold, resolve: release } = Promise.withResolvers<void>();
    const end = dynamodb.injectFault({ action: 'DeleteItem', hold });
    calls.length = 0;
    const deleted = tables.deleteExpired(100);
    await until('the item is being deleted', () => calls.at(-1)?.action === 'DeleteItem');
    await put(TableName, 'renewed', { expires_at: { N: '101' } });
    release();
    await deleted;
    end();
    expect(await list(TableName)).toEqual(['renewed']);
  });

  test('keeps nothing of what was deleted after a query', async () => {
    const { TableName } = await create();
    const query = new QueryCommand({
      TableName,
      KeyConditionExpression: 'subject = :a',
      ExpressionAttributeValues: { ':a': { S: 'a' } },
    });
    const before = measureMemory();
    for (let count = 0; count < 100; count += 1) {
      const item = `${count}`;
      await put(TableName, item, { text: { S: 'x'.repeat(100_000) } });
      expect((await client.send(query)).Count).toBe(1);
      await client.send(
        new DeleteItemCommand({ TableName, Key: { subject: { S: 'a' }, item: { S: item } } }),
      );
    }
    calls.length = 0;
    await until('the items are gone', () => (measureMemory() - before) / 100 < 60_000);
  });

  test('reports its callers', async () => {
    const { TableName } = await create();
    calls.length = 0;
    await client.send(new GetItemCommand({ TableName, Key: { subject: { S: 'a' }, item: { S: 'b' } } }));
    const input = expect.objectContaining({ TableName });
    expect(calls).toEqual([{ service: 'dynamodb', action: 'GetItem', caller: 'CallbackFunction', input }]);
  });

  test.each<[string, JsonObject, string]>([
    ['a stream', { StreamSpecification: { StreamViewType: 'NEW_IMAGE' } }, 'property StreamSpecification'],
    ['an index', { GlobalSecondaryIndexes: [] }, 'property GlobalSecondaryIndexes: the local environment'],
    [
      'an unknown type of key',
      { KeySchema: [{ AttributeName: 'subject', KeyType: 'SORT' }] },
      'KeySchema[0].KeyType: "SORT" is none of',
    ],
    ['no key', { KeySchema: [] }, 'DynamoDB did not create the table stack-Sessions-'],
  ])('with %s ends the start', async (_name, changes, problem) => {
    await expect(create(changes)).rejects.toThrow(problem);
  });
});
