import { constants, createHash, createPublicKey, randomBytes, verify } from 'node:crypto';
import { inspect } from 'node:util';
import * as dynamoDbSdk from '@aws-sdk/client-dynamodb';
import * as kmsSdk from '@aws-sdk/client-kms';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ConfiguredRetryStrategy } from '@smithy/core/retry';
import type { AwsSender } from '../../lambdas/adapters/aws/aws-service.ts';
import { overSdk } from '../../lambdas/adapters/aws/over-sdk.ts';
import { createDynamoDbClient } from '../../lambdas/adapters/dynamodb/client.ts';
import { GetItemCommand, PutItemCommand, QueryCommand } from '../../lambdas/adapters/dynamodb/commands.ts';
import { createKmsClient } from '../../lambdas/adapters/kms/client.ts';
import { GetPublicKeyCommand, SignCommand } from '../../lambdas/adapters/kms/commands.ts';
import { startEmbeddedKms } from '../../local/kms/embedded-kms.ts';
import { KeyStore } from '../../local/kms/key-store.ts';
import { credentials, type Fault, region, startAwsFront, writeError } from './aws-front.ts';
import { startTestDatabase } from './dynalite.ts';

const database = await startTestDatabase();
const keys = new KeyStore({ partition: 'aws', region, accountId: '123456789012' });
const key = await keys.create('RSA_2048');
const kms = await startEmbeddedKms(keys, () => {});
const dynamoDbFront = await startAwsFront('dynamodb', String(database.environment.AWS_ENDPOINT_URL));
const kmsFront = await startAwsFront('kms', kms.url);
const fronts = [dynamoDbFront, kmsFront];
afterAll(() => Promise.all([database.stop(), kms.close(), ...fronts.map((front) => front.close())]));
beforeEach(() => {
  for (const front of fronts) Object.assign(front, { faults: [], clockAhead: 0 }).actions.length = 0;
});

const environment = {
  AWS_REGION: region,
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_SESSION_TOKEN: credentials.sessionToken,
  AWS_ENDPOINT_URL_DYNAMODB: dynamoDbFront.url,
  AWS_ENDPOINT_URL_KMS: kmsFront.url,
};

interface Clients {
  readonly dynamoDb: AwsSender<'dynamodb'>;
  readonly kms: AwsSender<'kms'>;
}

function createOwnClients(): Clients {
  const settings = { environment, clock: { now: () => 0, wait: async () => undefined } };
  return { dynamoDb: createDynamoDbClient(settings), kms: createKmsClient(settings) };
}

function createSdkClients(): Clients {
  const options = { region, credentials, retryStrategy: new ConfiguredRetryStrategy(2, 0) };
  const dynamoDb = new dynamoDbSdk.DynamoDBClient({ ...options, endpoint: dynamoDbFront.url });
  const kms = new kmsSdk.KMSClient({ ...options, endpoint: kmsFront.url });
  return { dynamoDb: overSdk(dynamoDb, dynamoDbSdk), kms: overSdk(kms, kmsSdk) };
}

const itemKey = { state_hash: { S: 'Siân 🔑 \u2028"\\' } };
const item = {
  ...itemKey,
  bytes: { B: Uint8Array.from({ length: 256 }, (_, byte) => byte) },
  empty: { B: new Uint8Array() },
  B: { S: 'an attribute with the name of a type' },
  list: { L: [{ S: 'ŵ' }, { N: '-1.5' }, { B: Uint8Array.of(1) }, { L: [] }] },
};
const table = { TableName: 'login-attempts' };

function write(status: number, body: string, headers: Record<string, string> = {}): Fault {
  return (response) => void response.writeHead(status, headers).end(body);
}

function error(status: number, type: string): Fault {
  return (response) => writeError(response, status, type);
}

/** Sends the response with another checksum, as if a byte had changed on the way. */
const wrongChecksum: Fault = async (response, forward) => {
  const { status, headers, body } = await forward();
  response.writeHead(status, { ...headers, 'x-amz-crc32': '1' }).end(body);
};

const truncated: Fault = async (response, forward) => {
  const { status, headers, body } = await forward();
  response.writeHead(status, headers).write(body.subarray(0, body.length / 2), () => response.destroy());
};

function hashBytes(bytes: Uint8Array = new Uint8Array()): string {
  return createHash('sha256').update(bytes).digest('hex');
}

const resets: Fault = (response) => void response.socket?.resetAndDestroy();

const switchesProtocol: Fault = (response) =>
  void response.socket?.write(
    'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n',
  );

const huge: Fault = async (response, forward) => {
  const { body } = await forward();
  response.writeHead(200).end(Buffer.concat([Buffer.alloc(2_000_001 - body.length, ' '), body]));
};

/** What passes, in all clients. */
const passing: readonly (readonly [string, Fault, service?: 'kms'])[] = [
  ['ProvisionedThroughputExceededException', error(400, 'ProvisionedThroughputExceededException')],
  ['ThrottlingException', error(400, 'ThrottlingException')],
  ['RequestLimitExceeded', error(400, 'RequestLimitExceeded')],
  ['ThrottlingException of KMS', error(400, 'ThrottlingException'), 'kms'],
  ['LimitExceededException of KMS', error(400, 'LimitExceededException'), 'kms'],
  ['KMSInternalException', error(500, 'KMSInternalException'), 'kms'],
  ['DependencyTimeoutException of KMS', error(503, 'DependencyTimeoutException'), 'kms'],
  ['InternalServerError', error(500, 'InternalServerError')],
  ['429 without a type', write(429, '{}')],
  ['500 without a body', write(500, '')],
  ['502 with text', write(502, 'Bad Gateway')],
  ['503 with a page', write(503, '<html>', { 'content-type': 'text/html' })],
  ['504', write(504, '')],
  ['a connection that breaks', resets],
  ['a response that ends in the middle', truncated],
];

/** What stays as it is, in all clients: the name of the error, and the response. */
const lasting: readonly (readonly [string, Fault, service?: 'kms'])[] = [
  ['ValidationException', error(400, 'ValidationException')],
  ['ConditionalCheckFailedException', error(400, 'ConditionalCheckFailedException')],
  ['ResourceNotFoundException', error(400, 'ResourceNotFoundException')],
  ['AccessDeniedException', error(400, 'AccessDeniedException')],
  ['UnrecognizedClientException', error(400, 'UnrecognizedClientException')],
  ['DisabledException', error(400, 'DisabledException'), 'kms'],
  ['NotFoundException', error(400, 'NotFoundException'), 'kms'],
];

describe.each([
  ['the client of the functions', createOwnClients],
  ['the AWS SDK', createSdkClients],
])('%s', (name, createClients) => {
  const clients = createClients();
  const getItem = () =>
    clients.dynamoDb.send(new GetItemCommand({ ...table, Key: itemKey, ConsistentRead: true }));
  const sign = (Message: Uint8Array) =>
    clients.kms.send(
      new SignCommand({
        KeyId: key.id,
        Message,
        MessageType: 'DIGEST',
        SigningAlgorithm: 'RSASSA_PSS_SHA_256',
      }),
    );

  /** Sends a request to a service whose next tries have these faults. */
  function sendThrough(service: 'dynamodb' | 'kms', ...faults: Fault[]): Promise<unknown> {
    const front = service === 'kms' ? kmsFront : dynamoDbFront;
    front.faults = faults;
    return service === 'kms' ? sign(new Uint8Array(32)) : getItem();
  }

  function countTries(): number {
    return fronts.flatMap(({ actions }) => actions).length;
  }

  it('stores and reads an item with text and bytes of all kinds', async () => {
    await clients.dynamoDb.send(new PutItemCommand({ ...table, Item: item }));
    expect(await getItem()).toMatchObject({ Item: item });
    const { Items: items } = await clients.dynamoDb.send(
      new QueryCommand({
        ...table,
        KeyConditionExpression: 'state_hash = :hash',
        ExpressionAttributeValues: { ':hash': itemKey.state_hash },
      }),
    );
    expect(items).toEqual([item]);
  });

  it('reads a page of 1 MB whole, the most that DynamoDB returns', async () => {
    const subject = { S: `large of ${name}` };
    const payloads = [0, 1, 2, 3].map(() => new Uint8Array(randomBytes(349_000)));
    for (const [index, B] of payloads.entries()) {
      const Item = { subject_key: subject, item: { S: `session#${index}` }, sealed_payload: { B } };
      await clients.dynamoDb.send(new PutItemCommand({ TableName: 'sessions', Item }));
    }
    const { Items: items = [], LastEvaluatedKey: last } = await clients.dynamoDb.send(
      new QueryCommand({
        TableName: 'sessions',
        KeyConditionExpression: 'subject_key = :subject',
        ExpressionAttributeValues: { ':subject': subject },
      }),
    );
    // The fourth item did not fit on the page.
    expect(last).toEqual({ subject_key: subject, item: { S: 'session#2' } });
    expect(items.map(({ sealed_payload }) => hashBytes(sealed_payload?.B))).toEqual(
      payloads.slice(0, 3).map(hashBytes),
    );
  });

  it('signs a digest with KMS, and gets the public key for it', async () => {
    const message = Buffer.from('what is signed');
    const { Signature: signature = new Uint8Array() } = await sign(
      createHash('sha256').update(message).digest(),
    );
    const { PublicKey: der = [] } = await clients.kms.send(new GetPublicKeyCommand({ KeyId: key.id }));
    const publicKey = createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' });
    const options = { key: publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
    expect(verify('sha256', message, options, signature)).toBe(true);
  });

  it.each(passing)(
    'succeeds by its second try after %s',
    async (_fault, fault, service = 'dynamodb' as never) => {
      await expect(sendThrough(service, fault)).resolves.toBeDefined();
      expect(countTries()).toBe(2);
    },
  );

  it.each(passing)(
    'gives up after two tries with %s',
    async (_fault, fault, service = 'dynamodb' as never) => {
      await expect(sendThrough(service, fault, fault)).rejects.toThrow();
      expect(countTries()).toBe(2);
    },
  );

  it.each(lasting)('rejects with %s at once', async (name, fault, service = 'dynamodb' as never) => {
    await expect(sendThrough(service, fault)).rejects.toMatchObject({
      name,
      message: name,
      $metadata: { httpStatusCode: 400 },
    });
    expect(countTries()).toBe(1);
  });

  it('reads the type of an error from its header as well', async () => {
    const headers = { 'x-amzn-errortype': 'AccessDeniedException:http://internal.amazon.com/' };
    await expect(sendThrough('dynamodb', write(400, '{"Message":"no"}', headers))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: 'no',
    });
  });

  it.each(['text', '{"Item":'])('rejects the response %j at once', async (body) => {
    await expect(sendThrough('dynamodb', write(200, body))).rejects.toThrow();
    expect(countTries()).toBe(1);
  });

  it('does not follow a redirect', async () => {
    await expect(sendThrough('dynamodb', write(307, '', { location: kmsFront.url }))).rejects.toThrow();
    expect(kmsFront.actions).toEqual([]);
  });

  it.each([
    ['fast', -10 * 60_000],
    ['slow', 10 * 60_000],
  ])('corrects its clock when it is %s, and then stays right', async (_direction, clockAhead) => {
    const fresh = createClients();
    dynamoDbFront.clockAhead = clockAhead;
    const send = () => fresh.dynamoDb.send(new GetItemCommand({ ...table, Key: itemKey }));
    await expect(send()).resolves.toBeDefined();
    await expect(send()).resolves.toBeDefined();
    // The front does not count the try that it refused.
    expect(dynamoDbFront.actions).toHaveLength(2);
  });
});

describe('the client of the functions, unlike the SDK,', () => {
  const { dynamoDb } = createOwnClients();
  const getItem = (faults: readonly Fault[], client = dynamoDb) => {
    dynamoDbFront.faults = faults;
    return client.send(new GetItemCommand({ ...table, Key: itemKey, ConsistentRead: true }));
  };

  it('computes the checksum of a response, and sends the request again when it is another one', async () => {
    await expect(getItem([wrongChecksum])).resolves.toBeDefined();
    await expect(getItem([wrongChecksum, wrongChecksum])).rejects.toMatchObject({
      name: 'UnexpectedResponse',
      message: 'the response has another checksum',
    });
    expect(dynamoDbFront.actions).toHaveLength(4);
  });

  it('gives up at once on a response that changes the protocol, where the SDK waits without end', async () => {
    await expect(getItem([switchesProtocol])).resolves.toBeDefined();
    await expect(getItem([switchesProtocol, switchesProtocol])).rejects.toMatchObject({
      name: 'UnexpectedResponse',
    });
  });

  it('reads 2 MB of a response and no more, where the SDK reads any length', async () => {
    await expect(getItem([huge, huge])).rejects.toMatchObject({
      message: 'the response has more than 2000000 bytes',
    });
  });

  it.each(['', 'text', '{"Item":'])(
    'rejects the response %j without its text, which the SDK quotes',
    async (body) => {
      await expect(getItem([write(200, body)])).rejects.toMatchObject({
        name: 'UnexpectedResponse',
        message: 'the response to GetItem is not JSON',
      });
    },
  );

  it('names an error without a type by its status, where the SDK has a fault of its parser', async () => {
    await expect(getItem([write(403, 'Forbidden')])).rejects.toMatchObject({ name: 'Http403', message: '' });
    await expect(getItem([write(307, '', { location: '/' })])).rejects.toMatchObject({ name: 'Http307' });
    await expect(getItem([write(400, '{"__type":"a b"}')])).rejects.toMatchObject({ name: 'Http400' });
  });

  it.each([
    ['secret', { AWS_SECRET_ACCESS_KEY: 'another-secret' }],
    ['session token', { AWS_SESSION_TOKEN: 'another-token' }],
    ['session token with a line break', { AWS_SESSION_TOKEN: 'another-token\r\nx-injected: 1' }],
  ])(
    'does not reveal the credentials when AWS quotes the request with a wrong %s, which the SDK passes on',
    async (_, wrong) => {
      const client = createDynamoDbClient({ environment: { ...environment, ...wrong } });
      const failure = await getItem([], client).catch((thrown: unknown) => thrown);
      expect(failure).toMatchObject({ message: expect.any(String) });
      expect(inspect(failure, { depth: Number.POSITIVE_INFINITY, showHidden: true })).not.toMatch(
        /another-|session\+token|AKID|wJalr/,
      );
      expect(dynamoDbFront.actions).toEqual([]);
    },
  );
});
