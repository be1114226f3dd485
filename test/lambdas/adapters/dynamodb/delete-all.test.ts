import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createDynamoDbClient } from '../../../../lambdas/adapters/dynamodb/client.ts';
import type { DynamoDb } from '../../../../lambdas/adapters/dynamodb/request.ts';
import { DynamoDbUserSessionStore } from '../../../../lambdas/adapters/dynamodb/user-session-store.ts';
import { type AwsAnswer, type AwsRequest, type StubAws, startStubAws } from '../stub-aws.ts';

let aws: StubAws | undefined;
afterEach(() => aws?.stop());

const waits: number[] = [];
const clock = {
  async wait(milliseconds: number) {
    waits.push(milliseconds);
  },
};

/** A partition of so many sessions, of which each batch deletes what `processes` returns. */
async function createStore(sessions: number, processes: (batch: number, size: number) => number) {
  let left = Array.from({ length: sessions }, (_, index) => `session#${index}`);
  let batches = 0;
  function answer({ operation, input }: AwsRequest): AwsAnswer {
    if (operation === 'Query') {
      const page = left.slice(0, Number(input['Limit']));
      const last = page.length < left.length ? { LastEvaluatedKey: buildKey(page.at(-1) ?? '') } : {};
      return { status: 200, body: { Items: page.map(buildKey), ...last } };
    }
    const { sessions: requests = [] } = input['RequestItems'] as Record<string, DeleteRequest[]>;
    batches += 1;
    const done = requests.slice(0, processes(batches, requests.length));
    const gone = new Set(done.map(({ DeleteRequest: { Key } }) => Key.item.S));
    left = left.filter((item) => !gone.has(item));
    const rest = requests.slice(done.length);
    return { status: 200, body: { UnprocessedItems: rest.length > 0 ? { sessions: rest } : {} } };
  }
  aws = await startStubAws(answer);
  const client = createDynamoDbClient({ environment: aws.environment });
  return { store: new DynamoDbUserSessionStore(client, 'sessions', clock), left: () => left.length };
}

interface DeleteRequest {
  readonly DeleteRequest: { readonly Key: ReturnType<typeof buildKey> };
}

function buildKey(item: string) {
  return { subject_key: { S: 'subject' }, item: { S: item } };
}

function batchSizes(): readonly number[] {
  return (aws?.requests ?? [])
    .filter(({ operation }) => operation === 'BatchWriteItem')
    .map(({ input }) => Object.values(input['RequestItems'] as Record<string, unknown[]>).flat().length);
}

describe('DynamoDbUserSessionStore.deleteAll', () => {
  test('deletes in batches of 25, and queries again only after a page that was not the last', async () => {
    const { store, left } = await createStore(130, (_, size) => size);
    expect(await store.deleteAll('subject')).toBe(130);
    expect(left()).toBe(0);
    expect(batchSizes()).toEqual([25, 25, 25, 25, 25, 5]);
    expect(aws?.requests.filter(({ operation }) => operation === 'Query')).toHaveLength(2);
  });

  test('sends the batches of a page together', async () => {
    const together = Promise.withResolvers<void>();
    let batches = 0;
    const send = async ({ action }: { readonly action: string }) => {
      if (action === 'Query') return { Items: Array.from({ length: 100 }, () => buildKey('x')) };
      batches += 1;
      if (batches === 4) together.resolve();
      await together.promise;
      return { UnprocessedItems: {} };
    };
    const client = { send } as unknown as DynamoDb;
    expect(await new DynamoDbUserSessionStore(client, 'sessions', clock).deleteAll('subject')).toBe(100);
  });

  test('ends 1,000 sessions in 21 rounds of calls', async () => {
    const calls: string[] = [];
    let left = 1000;
    const waiting: PromiseWithResolvers<void>[] = [];
    const send = async ({ action, input }: { readonly action: string; readonly input: object }) => {
      calls.push(action);
      const answered = Promise.withResolvers<void>();
      waiting.push(answered);
      await answered.promise;
      if (action === 'BatchWriteItem') return { UnprocessedItems: {} };
      const limit = Number(Object(input).Limit);
      const Items = Array.from({ length: Math.min(limit, left) }, () => buildKey('x'));
      left -= Items.length;
      // A page that is full has this key even if nothing follows.
      return { Items, ...(Items.length === limit && { LastEvaluatedKey: buildKey('x') }) };
    };
    const client = { send } as unknown as DynamoDb;
    const deleting = new DynamoDbUserSessionStore(client, 'sessions', clock).deleteAll('subject');
    // Calls that wait at the same time are one round. At 8 milliseconds a round, 21 take a fifth of a second.
    const rounds: number[] = [];
    for (await setImmediate(); waiting.length > 0; await setImmediate()) {
      rounds.push(waiting.length);
      for (const { resolve } of waiting.splice(0)) resolve();
    }
    expect(await deleting).toBe(1000);
    expect(calls.filter((action) => action === 'Query')).toHaveLength(11);
    expect(calls.filter((action) => action === 'BatchWriteItem')).toHaveLength(40);
    expect(rounds).toEqual([...Array.from({ length: 10 }, () => [1, 4]).flat(), 1]);
  });

  test('holds no more than 100 keys at a time, and no payload', async () => {
    const { store } = await createStore(1, (_, size) => size);
    await store.deleteAll('subject');
    expect(aws?.requests[0]).toMatchObject({
      operation: 'Query',
      input: {
        Limit: 100,
        ProjectionExpression: 'subject_key, #item',
        ExpressionAttributeNames: { '#item': 'item' },
      },
    });
  });

  test('repeats unprocessed deletions, each time after a longer pause', async () => {
    waits.length = 0;
    const { store, left } = await createStore(25, (batch, size) => (batch < 4 ? 5 : size));
    expect(await store.deleteAll('subject')).toBe(25);
    expect(left()).toBe(0);
    expect(batchSizes()).toEqual([25, 20, 15, 10]);
    expect(waits).toEqual([50, 100, 200]);
  });

  test('succeeds when the last try deletes the rest', async () => {
    waits.length = 0;
    const { store, left } = await createStore(25, (batch, size) => (batch < 6 ? 0 : size));
    expect(await store.deleteAll('subject')).toBe(25);
    expect(left()).toBe(0);
    expect(waits).toEqual([50, 100, 200, 400, 800]);
  });

  test('rejects when some deletions stay unprocessed', async () => {
    const { store } = await createStore(3, () => 0);
    await expect(store.deleteAll('subject')).rejects.toMatchObject({
      code: 'dynamodb_unavailable',
      message: 'BatchWriteItem left 3 items undeleted after 6 tries',
    });
    expect(batchSizes()).toHaveLength(6);
  });

  test('rejects when one batch fails, so that the caller can report the partial deletion', async () => {
    const { store, left } = await createStore(50, (batch, size) => (batch === 1 ? size : 0));
    await expect(store.deleteAll('subject')).rejects.toMatchObject({ code: 'dynamodb_unavailable' });
    expect(left()).toBe(25);
  });
});
