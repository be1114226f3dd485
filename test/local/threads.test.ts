import { createHash } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { MessageChannel } from 'node:worker_threads';
import { DynamoDBClient, ListTablesCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { AwsCall } from '../../local/aws/aws-call.ts';
import { type LocalAws, startLocalAws } from '../../local/aws/local-aws.ts';
import { Cleanup } from '../../local/cleanup.ts';
import { listenOnLocalhost } from '../../local/loopback-server.ts';
import { createStack } from '../../local/template/create-stack.ts';
import type { JsonObject } from '../../local/template/json.ts';
import { createStackIdentity } from '../../local/template/stack-identity.ts';
import { connect } from '../../local/threads/peer.ts';
import { startThread as startAnyThread } from '../../local/threads/start-thread.ts';
import { startTestEnvironment } from '../support/environment.ts';
import { chooseAtStandIn } from '../support/service.ts';
import { until } from '../support/until.ts';
import { WebBrowser } from '../support/web-browser.ts';
import { temporaryDirectory } from './support/temporary-directory.ts';

// Environments start in these tests.
jest.setTimeout(60_000);

const isUp = (url: string) =>
  fetch(url).then(
    () => true,
    () => false,
  );

describe('an environment that keeps no records', () => {
  test('signs a user in with the stand-in, the tables and the keys in threads, and ends them', async () => {
    const warnings: string[] = [];
    const environment = await startTestEnvironment({
      record: false,
      onWarning: (text) => warnings.push(text),
    });
    const standInUrl = String(environment.standInUrl);
    const { url: dynamodbUrl } = environment.dynamodb;
    try {
      const browser = new WebBrowser();
      const login = await browser.open(`${environment.publicUrl}/login?return_to=/`);
      expect((await chooseAtStandIn(browser, login)).body).toContain('You are signed in');
      await fetch(`${standInUrl}/token`, { method: 'POST', headers: { 'user-agent': 'test/1' } });
      await until('the refusal was reported', () => warnings.length > 0);
    } finally {
      await environment.close();
    }
    expect(warnings).toEqual([expect.stringContaining("One Login's stand-in returned 400 for POST /token")]);
    expect(environment.standIn).toBeUndefined();
    expect([await isUp(standInUrl), await isUp(dynamodbUrl)]).toEqual([false, false]);
  });

  test('names the port of the stand-in that is taken', async () => {
    const taken = await listenOnLocalhost(() => {}, { port: 0, portName: '' });
    const start = startTestEnvironment({ record: false, oneLoginPort: taken.port });
    await expect(start).rejects.toThrow(`ONE_LOGIN_PORT: something else is listening on port ${taken.port};`);
    await taken.close();
  });
});

const stack = createStackIdentity('stack');
const directory = await temporaryDirectory();
const cleanup = new Cleanup();
const refusals: string[] = [];
const calls: AwsCall[] = [];

afterEach(() => cleanup.run());

async function startThread(): Promise<LocalAws> {
  const aws = await startLocalAws({
    stack,
    onCall: (call) => calls.push(call),
    onRefusal: (message) => refusals.push(message),
    ownThread: true,
    cleanup,
  });
  return aws;
}

/** Gives the function `F` a role that allows one action. */
async function allow({ access }: LocalAws, Action: string): Promise<void> {
  const Statement = [{ Effect: 'Allow', Action, Resource: '*' }];
  const Policies = [{ PolicyName: 'p', PolicyDocument: { Statement } }];
  const template: JsonObject = { Resources: { Role: { Type: 'AWS::IAM::Role', Properties: { Policies } } } };
  const created = await createStack({ template, stack, handlers: access.handlers });
  await access.assign('F', String(created.get('Role')?.attributes?.['Arn']));
}

/** The settings of a client of the function `F`. */
const settings = (endpoint: string, accessKeyId = 'F') => ({
  endpoint,
  region: stack.region,
  credentials: { accessKeyId, secretAccessKey: 'x' },
  maxAttempts: 1,
});

/** Creates a table with a time to live. The client may do everything with it. */
async function createTable(aws: LocalAws) {
  const Properties = {
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
    TimeToLiveSpecification: { AttributeName: 'expires_at', Enabled: true },
  };
  const template: JsonObject = { Resources: { Table: { Type: 'AWS::DynamoDB::Table', Properties } } };
  await createStack({ template, stack, handlers: aws.tables.handlers });
  const client = new DynamoDBClient(settings(aws.dynamodb.url, 'local'));
  return { client, TableName: aws.tables.names.get('Table') };
}

/** The directories of tables of this process. */
const listDirectories = async () =>
  (await readdir(tmpdir())).filter((name) => name.startsWith(`one-login-tables-${process.pid}-`));

describe('AWS in a thread', () => {
  test('refuses what a role does not allow, also if the role allowed it before', async () => {
    const aws = await startThread();
    const client = new DynamoDBClient(settings(aws.dynamodb.url));
    const list = () => client.send(new ListTablesCommand()).catch(({ name }: Error) => name);

    await allow(aws, 'dynamodb:ListTables');
    expect(await list()).toMatchObject({ TableNames: [] });
    expect(await list()).toMatchObject({ TableNames: [] });
    await allow(aws, 'dynamodb:GetItem');
    expect(await list()).toBe('AccessDeniedException');
    await allow(aws, 'dynamodb:ListTables');
    expect(await list()).toMatchObject({ TableNames: [] });
    expect(refusals).toEqual([expect.stringContaining('is not authorized to perform: dynamodb:ListTables')]);
    client.destroy();
  });

  test('keeps its tables on disk, and deletes them in the end', async () => {
    const { client, TableName } = await createTable(await startThread());
    await client.send(new PutItemCommand({ TableName, Item: { id: { S: 'a' } } }));
    client.destroy();
    const directories = await listDirectories();
    expect(directories).toHaveLength(1);
    expect(await readdir(path.join(tmpdir(), String(directories[0])))).toContain('CURRENT');
    await cleanup.run();
    expect(await listDirectories()).toEqual([]);
  });

  test('deletes the items of a table whose time is over, every ten minutes', async () => {
    // Only intervals: connections have timers too.
    jest.useFakeTimers({
      doNotFake: ['setTimeout', 'setImmediate', 'nextTick', 'queueMicrotask', 'performance', 'Date'],
    });
    const aws = await startThread();
    const { client, TableName } = await createTable(aws);
    await client.send(new PutItemCommand({ TableName, Item: { id: { S: 'old' }, expires_at: { N: '1' } } }));
    const count = async () => (await client.send(new ScanCommand({ TableName }))).Count;
    jest.advanceTimersByTime(599_999);
    expect(await count()).toBe(1);
    jest.advanceTimersByTime(1);
    await until('the item was deleted', async () => (await count()) === 0);
    jest.useRealTimers();
    client.destroy();
  });

  test('signs with the keys of a template, also by an alias', async () => {
    const aws = await startThread();
    const template: JsonObject = {
      Resources: {
        Key: {
          Type: 'AWS::KMS::Key',
          Properties: { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY', KeyPolicy: { Statement: [] } },
        },
        Alias: {
          Type: 'AWS::KMS::Alias',
          Properties: { AliasName: 'alias/signer', TargetKeyId: { Ref: 'Key' } },
        },
      },
    };
    const created = await createStack({ template, stack, handlers: aws.keyHandlers });
    const client = new KMSClient(settings(aws.kms.url));
    const command = new SignCommand({
      KeyId: 'alias/signer',
      Message: createHash('sha256').update('text').digest(),
      MessageType: 'DIGEST',
      SigningAlgorithm: 'RSASSA_PSS_SHA_256',
    });
    const { KeyId } = await client.send(command);
    expect(KeyId).toBe(created.get('Key')?.attributes?.['Arn']);
    client.destroy();
  });

  test('reports calls to services that are not there, and does not let callers inject faults', async () => {
    const aws = await startThread();
    const authorization = 'AWS4-HMAC-SHA256 Credential=F/20260101/eu-west-2/sns/aws4_request, Signature=x';
    await fetch(aws.endpoints.others, {
      method: 'POST',
      headers: { 'x-amz-target': 'SNS.Publish', authorization },
      body: '{}',
    });
    await until('the call was reported', () => calls.length > 0);
    expect(calls).toMatchObject([{ service: 'sns', action: 'Publish', caller: 'F' }]);
    expect(() => aws.dynamodb.injectFault({})).toThrow(
      'faults can be injected into an embedded service of this thread',
    );
  });
});

describe('a thread', () => {
  test('has little room for what it no longer needs', async () => {
    const module = pathToFileURL(path.join(directory, 'thread'));
    await writeFile(
      new URL(`${module}.ts`),
      `import { parentPort, resourceLimits } from 'node:worker_threads';
      parentPort.on('message', ({ id }) => parentPort.postMessage({ id, value: resourceLimits }));`,
    );
    const { call, end } = startAnyThread<{ read: () => object }>(module, {});
    expect(await call('read')).toMatchObject({ maxYoungGenerationSizeMb: 24 });
    await end();
  });
});

describe('a call of another thread', () => {
  const { port1, port2 } = new MessageChannel();
  afterEach(() => port1.close());

  test('returns its result, or rejects with the message and the code of its error', async () => {
    connect(port2, {
      double: (value: number) => value * 2,
      fail: () => {
        throw Object.assign(new Error('taken'), { code: 'EADDRINUSE' });
      },
    });
    const call = connect<{ double: (value: number) => number; fail: () => void }>(port1, {});
    expect(await Promise.all([call('double', 1), call('double', 2)])).toEqual([2, 4]);
    await expect(call('fail')).rejects.toMatchObject({ message: 'taken', code: 'EADDRINUSE' });
  });
});
