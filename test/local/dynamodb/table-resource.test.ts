import {
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { AwsCall } from '../../../local/aws/aws-call.ts';
import { startEmbeddedDynamoDb } from '../../../local/dynamodb/embedded-dynamodb.ts';
import { TableResources } from '../../../local/dynamodb/table-resource.ts';
import { createStack } from '../../../local/template/create-stack.ts';
import type { JsonObject } from '../../../local/template/json.ts';
import { createStackIdentity } from '../../../local/template/stack-identity.ts';

const calls: AwsCall[] = [];
const dynamodb = await startEmbeddedDynamoDb((call) => calls.push(call));
const client = new DynamoDBClient({
  endpoint: dynamodb.url,
  region: 'eu-west-2',
  credentials: { accessKeyId: 'CallbackFunction', secretAccessKey: 'x' },
});

afterAll(async () => {
  client.destroy();
  await dynamodb.close();
});

const attribute = (AttributeName: string, AttributeType = 'S') => ({ AttributeName, AttributeType });
const key = (AttributeName: string, KeyType = 'HASH') => ({ AttributeName, KeyType });
const properties = {
  AttributeDefinitions: [attribute('subject'), attribute('item'), attribute('email')],
  KeySchema: [key('subject'), key('item', 'RANGE')],
  GlobalSecondaryIndexes: [
    { IndexName: 'by-email', KeySchema: [key('email')], Projection: { ProjectionType: 'KEYS_ONLY' } },
  ],
  BillingMode: 'PAY_PER_REQUEST',
  SSESpecification: { SSEEnabled: true },
  TimeToLiveSpecification: { AttributeName: 'expires_at', Enabled: true },
  DeletionProtectionEnabled: true,
};

async function create(template: JsonObject) {
  const tables = new TableResources(client);
  const stack = createStackIdentity('stack');
  const created = await createStack({ template: { Resources: template }, stack, handlers: tables.handlers });
  return { tables, created };
}

describe("the template's tables", () => {
  test('exist with their keys and indexes, under a name as CloudFormation would give it', async () => {
    const { tables, created } = await create({
      Sessions: { Type: 'AWS::DynamoDB::Table', Properties: properties },
    });
    const name = String(tables.names.get('Sessions'));
    expect(name).toMatch(/^stack-Sessions-[0-9A-F]{12}$/);
    expect(created.get('Sessions')).toEqual({
      ref: name,
      attributes: { Arn: expect.stringMatching(`:table/${name}$`) },
    });
    const Item = { subject: { S: 'a' }, item: { S: 'b' }, email: { S: 'c' } };
    await client.send(new PutItemCommand({ TableName: name, Item }));
    const found = await client.send(
      new QueryCommand({
        TableName: name,
        IndexName: 'by-email',
        KeyConditionExpression: 'email = :email',
        ExpressionAttributeValues: { ':email': { S: 'c' } },
      }),
    );
    expect(found.Items).toEqual([Item]);
  });

  test('of a conditional write by fifty at once, one wins', async () => {
    const { tables } = await create({ Attempts: { Type: 'AWS::DynamoDB::Table', Properties: properties } });
    const TableName = String(tables.names.get('Attempts'));
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

  test.each<[string, JsonObject, string]>([
    ['streams', { StreamSpecification: { StreamViewType: 'NEW_IMAGE' } }, 'property StreamSpecification'],
    [
      'an unknown kind of key',
      { KeySchema: [key('subject', 'SORT')] },
      'KeySchema[0].KeyType: "SORT" is none of',
    ],
    [
      'something unknown in an index',
      {
        GlobalSecondaryIndexes: [
          { IndexName: 'x', KeySchema: [], Projection: { ProjectionType: 'ALL' }, Sparse: true },
        ],
      },
      'GlobalSecondaryIndexes[0].Sparse',
    ],
  ])('end the start when they have %s', async (_name, more, problem) => {
    const template = { T: { Type: 'AWS::DynamoDB::Table', Properties: { ...properties, ...more } } };
    await expect(create(template)).rejects.toThrow(problem);
  });

  test('say why they could not be created', async () => {
    const template = { T: { Type: 'AWS::DynamoDB::Table', Properties: { ...properties, KeySchema: [] } } };
    await expect(create(template)).rejects.toThrow('DynamoDB did not create the table stack-T-');
  });
});

describe('tests', () => {
  test('see who called what, and can make it fail', async () => {
    const { tables } = await create({ T: { Type: 'AWS::DynamoDB::Table', Properties: properties } });
    const TableName = String(tables.names.get('T'));
    const read = () =>
      client.send(new GetItemCommand({ TableName, Key: { subject: { S: 'a' }, item: { S: 'b' } } }));
    calls.length = 0;
    await read();
    expect(calls).toEqual([
      {
        service: 'dynamodb',
        action: 'GetItem',
        caller: 'CallbackFunction',
        input: expect.objectContaining({ TableName }),
      },
    ]);
    const end = dynamodb.injectFault({
      action: 'GetItem',
      error: { status: 400, type: 'ResourceNotFoundException' },
    });
    await expect(read()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    end();
    await expect(read()).resolves.toMatchObject({ $metadata: { httpStatusCode: 200 } });
  });
});
