import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { untilAborted } from '../../../lambdas/adapters/abortable-client.ts';
import type { AwsSender } from '../../../lambdas/adapters/aws/aws-service.ts';
import type { AwsClientSettings } from '../../../lambdas/adapters/aws-client.ts';
import { createDynamoDbClient } from '../../../lambdas/adapters/dynamodb/client.ts';
import { GetItemCommand } from '../../../lambdas/adapters/dynamodb/commands.ts';
import type { DynamoDb } from '../../../lambdas/adapters/dynamodb/request.ts';
import { type ExchangeLimits, TimedOut } from '../../../lambdas/adapters/http/exchange.ts';
import { createKmsClient } from '../../../lambdas/adapters/kms/client.ts';
import { SignCommand } from '../../../lambdas/adapters/kms/commands.ts';
import { RelyingPartyError } from '../../../lambdas/core/errors.ts';
import { createSelfSignedCertificate } from './http/self-signed-certificate.ts';
import { type StubProvider, startStubProvider } from './http/stub-provider.ts';
import { type AwsAnswer, type StubAws, startStubAws } from './stub-aws.ts';

// The list belongs to the process, which runs other test files as well.
const certificates = getCACertificates('default');
afterEach(() => setDefaultCACertificates(certificates));

let now = 1_790_000_000_000;
const settings = {
  connectTimeoutMilliseconds: 100,
  requestTimeoutMilliseconds: 100,
  clock: { now: () => now, wait: async () => undefined },
};

let aws: StubAws | undefined;
let httpsAws: StubProvider | undefined;
const environment = { ...process.env };
beforeEach(() => {
  process.env['AWS_REGION'] = 'eu-west-2';
  process.env['AWS_ACCESS_KEY_ID'] = 'stub';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'stub';
});
afterEach(async () => {
  process.env = { ...environment };
  await aws?.stop();
  await httpsAws?.stop();
});

async function startAs(variable: string, answer: AwsAnswer): Promise<StubAws> {
  aws = await startStubAws(() => answer);
  process.env[variable] = aws.clientOptions.endpoint;
  return aws;
}

function getItem(client: AwsClientSettings | DynamoDb = settings): Promise<unknown> {
  const command = new GetItemCommand({ TableName: 'sessions', Key: { subject_key: { S: 'subject' } } });
  return ('send' in client ? client : createDynamoDbClient(client)).send(command);
}

function requestSignature(client: AwsClientSettings | AwsSender<'kms'> = settings): Promise<unknown> {
  const Message = new Uint8Array(32);
  const command = new SignCommand({ KeyId: 'key', Message, SigningAlgorithm: 'RSASSA_PSS_SHA_256' });
  return ('send' in client ? client : createKmsClient(client)).send(command);
}

describe('a client for AWS that is bound to a signal', () => {
  const reason = new RelyingPartyError('deadline_exceeded', 'over');

  test.each(['silence', 'drip', 'drip_body', 'switch_protocols', 'half_a_body'] as const)(
    'ends a request that meets %s with the reason of the signal, and does not repeat it',
    async (failure) => {
      const { requests } = await startAs('AWS_ENDPOINT_URL', failure);
      const abort = new AbortController();
      const patient = createDynamoDbClient({ requestTimeoutMilliseconds: 10_000 });
      const asked = getItem(untilAborted(patient, abort.signal));
      while (requests.length === 0) await new Promise(setImmediate);
      abort.abort(reason);
      await expect(asked).rejects.toBe(reason);
      expect(requests).toHaveLength(1);
    },
  );

  test('sends nothing once the signal is aborted', async () => {
    const { requests } = await startAs('AWS_ENDPOINT_URL', { status: 200, body: {} });
    const bound = untilAborted(createDynamoDbClient(settings), AbortSignal.abort(reason));
    await expect(getItem(bound)).rejects.toBe(reason);
    expect(requests).toHaveLength(0);
  });
});

describe('the clients for AWS', () => {
  test.each([
    ['DynamoDB', 'AWS_ENDPOINT_URL_DYNAMODB', getItem, 'GetItem'],
    ['DynamoDB', 'AWS_ENDPOINT_URL', getItem, 'GetItem'],
    ['KMS', 'AWS_ENDPOINT_URL_KMS', requestSignature, 'Sign'],
    ['KMS', 'AWS_ENDPOINT_URL', requestSignature, 'Sign'],
  ])('find %s at the address in %s', async (_, variable, call, operation) => {
    const { requests } = await startAs(variable, { status: 200, body: {} });
    await call();
    expect(requests).toMatchObject([{ operation }]);
  });

  test.each([
    ['dynamodb', createDynamoDbClient, getItem],
    ['kms', createKmsClient, requestSignature],
  ] as const)('call %s at its public endpoint in the region without those', async (service, create, call) => {
    const urls: string[] = [];
    const client = create({
      environment: { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'stub', AWS_SECRET_ACCESS_KEY: 'stub' },
      exchange: async (_pool, url) => {
        urls.push(url.href);
        return { status: 200, headers: {}, body: Buffer.from('{}') };
      },
    });
    await call(client as never);
    expect(urls).toEqual([`https://${service}.eu-west-1.amazonaws.com/`]);
  });

  test.each([
    ['AWS_REGION is not set', {}],
    [
      'AWS_USE_FIPS_ENDPOINT is not supported: set AWS_ENDPOINT_URL_DYNAMODB instead',
      { AWS_REGION: 'us-east-1', AWS_USE_FIPS_ENDPOINT: 'true' },
    ],
    [
      'AWS_USE_DUALSTACK_ENDPOINT is not supported: set AWS_ENDPOINT_URL_DYNAMODB instead',
      { AWS_REGION: 'us-east-1', AWS_USE_DUALSTACK_ENDPOINT: 'true' },
    ],
  ])('are not created when %s', (message, environment) => {
    expect(() => createDynamoDbClient({ environment })).toThrow(message);
  });

  test('send nothing to a server with an untrusted certificate', async () => {
    let requests = 0;
    httpsAws = await startStubProvider((response) => {
      requests += 1;
      response.end('{}');
    }, createSelfSignedCertificate());
    process.env['AWS_ENDPOINT_URL'] = httpsAws.origin;
    await expect(getItem({ clock: settings.clock })).rejects.toMatchObject({
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
    expect(requests).toBe(0);
  });

  test('wait up to a second before the second try when AWS throttles, and else up to 50 milliseconds', async () => {
    const waits: number[] = [];
    const clock = { now: () => now, wait: async (milliseconds: number) => void waits.push(milliseconds) };
    const random = jest.spyOn(Math, 'random').mockReturnValue(0.9999);
    try {
      for (const type of ['ThrottlingException', 'InternalServerError']) {
        const client = createDynamoDbClient({
          clock,
          exchange: async () => ({
            status: type === 'ThrottlingException' ? 400 : 500,
            headers: { date: new Date().toUTCString() },
            body: Buffer.from(JSON.stringify({ __type: type })),
          }),
        });
        await expect(getItem(client)).rejects.toMatchObject({ name: type });
      }
    } finally {
      random.mockRestore();
    }
    expect(waits).toEqual([999, 49]);
  });

  test('do not wait for the second try once the signal is aborted', async () => {
    const abort = new AbortController();
    const clock = {
      now: () => now,
      wait: () => new Promise<never>(() => undefined),
      withSignal: (signal: AbortSignal) => ({ now: () => now, wait: async () => signal.throwIfAborted() }),
    };
    const client = createDynamoDbClient({
      clock,
      exchange: async () => {
        queueMicrotask(() => abort.abort(new Error('over')));
        return { status: 503, headers: {}, body: Buffer.from('') };
      },
    });
    const key = { TableName: 'sessions', Key: {} };
    const asked = client.send(new GetItemCommand(key), { abortSignal: abort.signal });
    await expect(asked).rejects.toThrow('over');
  });

  test.each([
    ['DynamoDB never responds', getItem, 'silence'],
    ['DynamoDB drips', getItem, 'drip'],
    ['DynamoDB sends the body of its response byte by byte', getItem, 'drip_body'],
    ['DynamoDB changes the protocol', getItem, 'switch_protocols'],
    ['DynamoDB stops in the middle of its response', getItem, 'half_a_body'],
    ['KMS sends the body of its response byte by byte', requestSignature, 'drip_body'],
    ['KMS changes the protocol', requestSignature, 'switch_protocols'],
    ['KMS never responds', requestSignature, 'silence'],
    ['KMS stops in the middle of its response', requestSignature, 'half_a_body'],
  ] as const)('give up after two tries when %s', async (_, call, failure) => {
    await startAs('AWS_ENDPOINT_URL', failure);
    const tries: number[] = [];
    await expect(call({ ...settings, onTry: (milliseconds) => tries.push(milliseconds) })).rejects.toThrow();
    expect(tries).toHaveLength(2);
  });

  test('give up by default after two tries of two seconds each, and one second to connect', async () => {
    const given: ExchangeLimits[] = [];
    const client = createDynamoDbClient({
      clock: settings.clock,
      exchange: async (_pool, _url, options) => {
        given.push(options);
        throw new TimedOut('no complete response');
      },
    });
    await expect(getItem(client)).rejects.toMatchObject({ name: 'TimeoutError' });
    const limits = { connectTimeoutMilliseconds: 1000, totalTimeoutMilliseconds: 2000 };
    expect(given).toMatchObject([limits, limits]);
  });

  test.each([
    ['DynamoDB', createDynamoDbClient, getItem, 'ProvisionedThroughputExceededException'],
    ['DynamoDB', createDynamoDbClient, getItem, 'ThrottlingException'],
    ['KMS', createKmsClient, requestSignature, 'ThrottlingException'],
  ] as const)('report every try, and whether %s had too many requests', async (_, create, call, type) => {
    aws = await startStubAws((_request, count) =>
      count === 1 ? { status: 400, body: { __type: type } } : { status: 200, body: {} },
    );
    process.env['AWS_ENDPOINT_URL'] = aws.clientOptions.endpoint;
    const patient = { ...settings, connectTimeoutMilliseconds: 10_000, requestTimeoutMilliseconds: 10_000 };
    const tries: [number, boolean][] = [];
    const onTry = (...seen: [number, boolean]) => tries.push(seen);
    const began = performance.now();
    await call(create({ ...patient, onTry }) as never);
    expect(tries).toEqual([
      [expect.any(Number), true],
      [expect.any(Number), false],
    ]);
    for (const [milliseconds] of tries) expect(milliseconds).toBeLessThanOrEqual(performance.now() - began);
  });

  test('correct their clock once, and then repeat no request that AWS refuses for another reason', async () => {
    let tries = 0;
    const client = createDynamoDbClient({
      clock: settings.clock,
      exchange: async () => {
        tries += 1;
        const date = new Date(Date.now() + 10 * 60_000).toUTCString();
        return { status: 400, headers: { date }, body: Buffer.from('{"__type":"ValidationException"}') };
      },
    });
    for (const expected of [2, 3]) {
      await expect(getItem(client)).rejects.toMatchObject({ name: 'ValidationException' });
      expect(tries).toBe(expected);
    }
  });

  test.each([
    [4 * 60_000, 1],
    [4 * 60_000 + 1000, 2],
    [-4 * 60_000, 1],
    [-4 * 60_000 - 1000, 2],
  ])('with a clock that differs by %i milliseconds try %i times', async (difference, expected) => {
    const own = jest.spyOn(Date, 'now').mockReturnValue(1_790_000_000_000);
    let tries = 0;
    const client = createDynamoDbClient({
      clock: settings.clock,
      exchange: async () => {
        tries += 1;
        const date = new Date(Date.now() + difference).toUTCString();
        return { status: 400, headers: { date }, body: Buffer.from('{"__type":"ValidationException"}') };
      },
    });
    await expect(getItem(client)).rejects.toMatchObject({ name: 'ValidationException' });
    own.mockRestore();
    expect(tries).toBe(expected);
  });

  test.each(['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])(
    'send nothing and open no connection without %s',
    async (name) => {
      const { requests } = await startAs('AWS_ENDPOINT_URL', { status: 200, body: {} });
      delete process.env[name];
      const message = 'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set';
      await expect(getItem()).rejects.toThrow(message);
      await expect(createDynamoDbClient(settings).connect()).rejects.toThrow(message);
      expect(requests).toHaveLength(0);
    },
  );

  test('open a connection ahead, which the next request uses', async () => {
    httpsAws = await startStubProvider((response) => response.end('{}'));
    process.env['AWS_ENDPOINT_URL'] = httpsAws.origin;
    const client = createDynamoDbClient({ clock: settings.clock });
    await client.connect();
    expect(httpsAws.connections()).toBe(1);
    await getItem(client);
    expect(httpsAws.connections()).toBe(1);
  });

  test('report a try that failed for another reason as not throttled', async () => {
    await startAs('AWS_ENDPOINT_URL', { status: 400, body: { __type: 'ValidationException' } });
    const tries: boolean[] = [];
    const onTry = (_milliseconds: number, throttled: boolean) => tries.push(throttled);
    await expect(getItem(createDynamoDbClient({ onTry }))).rejects.toThrow();
    expect(tries).toEqual([false]);
  });

  test('do not use connections again that were idle too long by the clock, as after a freeze', async () => {
    const certificate = createSelfSignedCertificate();
    setDefaultCACertificates([certificate.cert]);
    httpsAws = await startStubProvider((response) => response.end('{"Signature":"AAEC"}'), certificate);
    process.env['AWS_ENDPOINT_URL'] = httpsAws.origin;
    // Without short time limits: on a busy machine they would make the client try again.
    const { clock } = settings;
    const [dynamoDb, kms] = [createDynamoDbClient({ clock }), createKmsClient({ clock })];
    for (const send of [() => getItem(dynamoDb), () => requestSignature(kms)]) {
      const before = httpsAws.connections();
      await send();
      now += 30_000;
      await send();
      expect(httpsAws.connections()).toBe(before + 1);
      now += 30_001;
      await send();
      expect(httpsAws.connections()).toBe(before + 2);
    }
  });
});
