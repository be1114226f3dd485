import { afterEach, describe, expect, test } from '@jest/globals';
import { createDynamoDbClient } from '../../../../lambdas/adapters/dynamodb/client.ts';
import { DynamoDbLoginAttemptStore } from '../../../../lambdas/adapters/dynamodb/login-attempt-store.ts';
import { DynamoDbProviderDocumentStore } from '../../../../lambdas/adapters/dynamodb/provider-document-store.ts';
import type { DynamoDb } from '../../../../lambdas/adapters/dynamodb/request.ts';
import { DynamoDbSessionStore } from '../../../../lambdas/adapters/dynamodb/session-store.ts';
import { DynamoDbUserSessionStore } from '../../../../lambdas/adapters/dynamodb/user-session-store.ts';
import { someAttempt } from '../../../contract/login-attempt-store.contract.ts';
import { someSession } from '../../../contract/session-store.contract.ts';
import { type AwsAnswer, type AwsRequest, type StubAws, startStubAws } from '../stub-aws.ts';

let aws: StubAws | undefined;
afterEach(() => aws?.stop());

const clock = { now: () => 0, wait: async () => undefined };

async function createClient(answer: (request: AwsRequest, count: number) => AwsAnswer): Promise<DynamoDb> {
  aws = await startStubAws(answer);
  return createDynamoDbClient({ environment: aws.environment, clock });
}

const throttled = { status: 400, body: { __type: 'ThrottlingException', message: 'slow down, the-nonce' } };
const conditionFailed = { status: 400, body: { __type: 'ConditionalCheckFailedException', message: 'no' } };
/** The response to every read of what is not there. */
const nothing = { status: 200, body: { Items: [], ConsumedCapacity: { CapacityUnits: 1 } } };
const key = { subjectKey: 'subject', tokenHash: 'hash' };

type Call = readonly [name: string, call: (client: DynamoDb) => Promise<unknown>];

const attempts = (client: DynamoDb) => new DynamoDbLoginAttemptStore(client, 'login-attempts');
const sessions = (client: DynamoDb) => new DynamoDbUserSessionStore(client, 'sessions', clock);
const documents = (client: DynamoDb) => new DynamoDbProviderDocumentStore(client, 'provider-documents');

const calls: readonly Call[] = [
  ['LoginAttemptStore.put', (client) => attempts(client).put(someAttempt())],
  ['LoginAttemptStore.read', (client) => attempts(client).read('state', ['browser'], 1)],
  ['LoginAttemptStore.consume', (client) => attempts(client).consume('state', ['browser'], 1)],
  ['SessionStore.put', (client) => sessions(client).put(someSession('subject'))],
  ['SessionStore.read', (client) => sessions(client).read(key)],
  ['SessionStore.extendIdle', (client) => sessions(client).extendIdle(key, 1)],
  ['SessionStore.delete', (client) => sessions(client).delete(key)],
  ['SessionStore.markRevoked', (client) => sessions(client).markRevoked('subject', 1, 2)],
  ['SessionStore.readRevokedBefore', (client) => sessions(client).readRevokedBefore(['subject'], 1)],
  ['SessionStore.deleteAll', (client) => sessions(client).deleteAll('subject')],
  ['SessionStore.rememberJti', (client) => sessions(client).rememberJti('subject', 'jti', 1, 2)],
  ['ProviderDocumentStore.readAll', (client) => documents(client).readAll()],
  [
    'ProviderDocumentStore.put',
    (client) => documents(client).put({ name: 'jwks', body: '{}', fetchedAt: 1, freshUntil: 2 }),
  ],
  [
    'ProviderDocumentStore.claimRefresh',
    (client) => documents(client).claimRefresh('jwks', 'callback', 1, 1),
  ],
  [
    'ProviderDocumentStore.refreshClaimedAt',
    (client) => documents(client).refreshClaimedAt('jwks', 'callback'),
  ],
  [
    'ProviderDocumentStore.releaseRefresh',
    (client) => documents(client).releaseRefresh('jwks', 'callback', 1, 1),
  ],
  ['SessionStore.withdraw', (client) => sessions(client).withdraw(key)],
];

describe('a failing DynamoDB', () => {
  test.each(calls)(
    'becomes dynamodb_unavailable with its cause in %s, without the text of its error',
    async (_, call) => {
      const client = await createClient(() => throttled);
      const error = await call(client).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        name: 'RelyingPartyError',
        code: 'dynamodb_unavailable',
        message: expect.stringMatching(/^\w+ of .+ failed: ThrottlingException$/),
        cause: { name: 'ThrottlingException' },
      });
    },
  );

  test.each(calls)('becomes dynamodb_unavailable in %s when the connection breaks', async (_, call) => {
    const client = await createClient(() => 'hang_up');
    await expect(call(client)).rejects.toMatchObject({ code: 'dynamodb_unavailable' });
  });

  test.each(
    calls
      .filter(([name]) => /\.(read|readAll|readRevokedBefore|deleteAll|consume|refreshClaimedAt)$/.test(name))
      .flatMap(([name, call]) =>
        [
          {},
          [],
          null,
          'text',
          { Item: 'text', Items: 'text', Attributes: 'text' },
          { Items: ['text'], Item: ['text'], Attributes: [] },
        ].map((body) => [name, body, call] as const),
      ),
  )('becomes dynamodb_unavailable in %s when it returns %j', async (_, body, call) => {
    const client = await createClient(() => ({ status: 200, body }));
    await expect(call(client)).rejects.toMatchObject({ code: 'dynamodb_unavailable' });
  });

  test('is not taken for a success when its response has no list of unprocessed items', async () => {
    const Items = [{ subject_key: { S: 'subject' }, item: { S: 'session#x' } }];
    const client = await createClient((_, count) => ({ status: 200, body: count === 1 ? { Items } : {} }));
    await expect(sessions(client).deleteAll('subject')).rejects.toMatchObject({
      code: 'dynamodb_unavailable',
    });
  });

  test('is not mistaken for a refused condition when the read that explains one fails', async () => {
    const client = await createClient((_, count) => (count === 1 ? conditionFailed : throttled));
    await expect(attempts(client).consume('state', ['browser'], 1)).rejects.toMatchObject({
      code: 'dynamodb_unavailable',
    });
  });
});

describe('the requests to DynamoDB', () => {
  const openAttempt = {
    state_hash: { S: 'state' },
    browser_hash: { S: 'browser' },
    nonce: { S: 'nonce' },
    code_verifier: { S: 'verifier' },
    purpose: { S: 'login' },
    vtr: { L: [] },
    return_to: { S: '/' },
    language: { S: 'en' },
    created_at: { N: '1' },
    valid_until: { N: '2' },
  };

  test('are one UpdateItem for a consumption that succeeds', async () => {
    const client = await createClient(() => ({ status: 200, body: { Attributes: openAttempt } }));
    expect(await attempts(client).consume('state', ['browser'], 1)).toMatchObject({ kind: 'found' });
    expect(aws?.requests.map(({ operation }) => operation)).toEqual(['UpdateItem']);
  });

  test('are one UpdateItem and one consistent GetItem for a consumption that fails', async () => {
    const client = await createClient((_, count) => (count === 1 ? conditionFailed : nothing));
    expect(await attempts(client).consume('state', ['browser'], 1)).toEqual({ kind: 'unknown' });
    expect(aws?.requests).toMatchObject([
      { operation: 'UpdateItem' },
      { operation: 'GetItem', input: { ConsistentRead: true } },
    ]);
  });

  test('find no attempt that appears between the two requests of a consumption, because it was not consumed', async () => {
    const client = await createClient((_, count) =>
      count === 1 ? conditionFailed : { status: 200, body: { Item: openAttempt } },
    );
    expect(await attempts(client).consume('state', ['browser'], 1)).toEqual({ kind: 'unknown' });
  });

  test('read marks consistently', async () => {
    const body = { Responses: { sessions: [] } };
    const client = await createClient(() => ({ status: 200, body }));
    expect(await sessions(client).readRevokedBefore(['user', 'browser'], 1)).toBeUndefined();
    expect(aws?.requests).toMatchObject([
      { operation: 'BatchGetItem', input: { RequestItems: { sessions: { ConsistentRead: true } } } },
    ]);
  });

  test.each([
    [
      'leaves some unread twice',
      { Responses: { sessions: [] }, UnprocessedKeys: { sessions: { Keys: [{}] } } },
    ],
    [
      'leaves some unread without their keys',
      { Responses: { sessions: [] }, UnprocessedKeys: { sessions: {} } },
    ],
    ['has no result for the table', { Responses: {} }],
    ['is empty', {}],
  ])('become an error, without a mark, when the response %s', async (_, body) => {
    const client = await createClient(() => ({ status: 200, body }));
    await expect(sessions(client).readRevokedBefore(['user', 'browser'], 1)).rejects.toMatchObject({
      code: 'dynamodb_unavailable',
    });
  });

  test.each([DynamoDbSessionStore, DynamoDbUserSessionStore])(
    'wait with the given clock before they repeat a read, also when the store is bound to a signal',
    async (Store) => {
      const unread = { Responses: { sessions: [] }, UnprocessedKeys: { sessions: { Keys: [{}] } } };
      const client = await createClient((_, count) => ({
        status: 200,
        body: count === 1 ? unread : { Responses: { sessions: [] } },
      }));
      const waits: number[] = [];
      const store = new Store(client, 'sessions', { wait: async (time) => void waits.push(time) });
      await store.withSignal(new AbortController().signal).readRevokedBefore(['user'], 1);
      expect(waits).toHaveLength(1);
    },
  );

  test('repeat the read for marks that DynamoDB has not processed', async () => {
    const key = { subject_key: { S: 'browser' }, item: { S: 'revoked-before' } };
    const mark = { ...key, revoked_before: { N: '7' }, valid_until: { N: '9' } };
    const client = await createClient((_, count) => ({
      status: 200,
      body:
        count === 1
          ? { Responses: { sessions: [] }, UnprocessedKeys: { sessions: { Keys: [key] } } }
          : { Responses: { sessions: [mark] } },
    }));

    expect(await sessions(client).readRevokedBefore(['user', 'browser'], 1)).toBe(7);
    expect(aws?.requests[1]).toMatchObject({ input: { RequestItems: { sessions: { Keys: [key] } } } });
  });

  test.each(calls.filter(([name]) => /\.(read|readAll|deleteAll|refreshClaimedAt)$/.test(name)))(
    'read consistently in %s',
    async (_, call) => {
      const client = await createClient(() => nothing);
      await call(client);
      expect(aws?.requests).toMatchObject([{ input: { ConsistentRead: true } }]);
    },
  );
});

test('a document that cannot be stored is reported before the caller goes on without, also by a store with a signal', async () => {
  const reported: unknown[] = [];
  const client = await createClient(() => throttled);
  const store = new DynamoDbProviderDocumentStore(client, 'provider-documents', (name, failure) =>
    reported.push([name, failure]),
  ).withSignal(new AbortController().signal);

  await expect(store.put({ name: 'jwks', body: '{}', fetchedAt: 1, freshUntil: 2 })).rejects.toMatchObject({
    code: 'dynamodb_unavailable',
  });
  expect(reported).toEqual([['jwks', expect.objectContaining({ code: 'dynamodb_unavailable' })]]);
});
