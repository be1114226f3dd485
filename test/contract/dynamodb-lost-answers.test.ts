import { afterAll, describe, expect, test } from '@jest/globals';
import { createDynamoDbClient } from '../../lambdas/adapters/dynamodb/client.ts';
import { DynamoDbLoginAttemptStore } from '../../lambdas/adapters/dynamodb/login-attempt-store.ts';
import { DynamoDbProviderDocumentStore } from '../../lambdas/adapters/dynamodb/provider-document-store.ts';
import type { DynamoDb } from '../../lambdas/adapters/dynamodb/request.ts';
import { DynamoDbUserSessionStore } from '../../lambdas/adapters/dynamodb/user-session-store.ts';
import { exchange, TimedOut } from '../../lambdas/adapters/http/exchange.ts';
import { startTestDatabase } from './dynalite.ts';
import { someAttempt } from './login-attempt-store.contract.ts';
import { someSession } from './session-store.contract.ts';

const now = 1_790_000_000_123;

const database = await startTestDatabase();
afterAll(() => database.stop());

/** A client whose first request is carried out, but whose response is lost, so that it sends the request again. */
function losingTheFirstAnswer(): DynamoDb {
  let requests = 0;
  return createDynamoDbClient({
    environment: database.environment,
    exchange: async (...request) => {
      const answer = await exchange(...request);
      requests += 1;
      if (requests === 1) throw new TimedOut('lost');
      return answer;
    },
  });
}

describe('a write that the client repeats because its response was lost', () => {
  test('stores a login attempt without taking it for another one', async () => {
    const attempt = someAttempt();
    const store = new DynamoDbLoginAttemptStore(losingTheFirstAnswer(), 'login-attempts');
    await expect(store.put(attempt)).resolves.toBeUndefined();
    expect(await store.read(attempt.stateHash, ['browser'], now)).toEqual({ kind: 'found', attempt });
  });

  // id: consume-despite-lost-answer
  test('consumes a login attempt and gives it to the one callback that did, and to no other', async () => {
    const attempt = someAttempt();
    await new DynamoDbLoginAttemptStore(database.senders.own, 'login-attempts').put(attempt);
    const store = new DynamoDbLoginAttemptStore(losingTheFirstAnswer(), 'login-attempts');
    expect(await store.consume(attempt.stateHash, ['browser'], now)).toEqual({ kind: 'found', attempt });
    expect(await store.consume(attempt.stateHash, ['browser'], now)).toMatchObject({ kind: 'consumed' });
  });

  test('remembers a jti without taking it for a replay, so that the logout is carried out', async () => {
    const store = new DynamoDbUserSessionStore(losingTheFirstAnswer(), 'sessions');
    expect(await store.rememberJti('subject', 'jti', now, now + 1)).toBe(true);
    expect(await store.rememberJti('subject', 'jti', now, now + 1)).toBe(false);
  });

  test('replaces the contents of a session and reports success', async () => {
    const session = someSession('subject');
    await new DynamoDbUserSessionStore(database.senders.own, 'sessions').put(session);
    const store = new DynamoDbUserSessionStore(losingTheFirstAnswer(), 'sessions');
    expect(await store.replaceContents(session, Uint8Array.of(1))).toBe(true);
  });

  test('claims a refresh for the caller', async () => {
    const store = new DynamoDbProviderDocumentStore(losingTheFirstAnswer(), 'provider-documents');
    expect(await store.claimRefresh('jwks', 'callback', now, 30_000)).toBe(true);
    expect(await store.claimRefresh('jwks', 'callback', now, 30_000)).toBe(false);
  });

  test('stores a document and reports success', async () => {
    const store = new DynamoDbProviderDocumentStore(losingTheFirstAnswer(), 'provider-documents');
    expect(await store.put({ name: 'jwks', body: '{}', fetchedAt: now, freshUntil: now })).toBe(true);
  });
});
