import { type AttributeValue, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { DynamoDbLoginAttemptStore } from '../../lambdas/adapters/dynamodb/login-attempt-store.ts';
import { DynamoDbPlaceStore } from '../../lambdas/adapters/dynamodb/place-store.ts';
import { DynamoDbProviderDocumentStore } from '../../lambdas/adapters/dynamodb/provider-document-store.ts';
import { DynamoDbUserSessionStore } from '../../lambdas/adapters/dynamodb/user-session-store.ts';
import { type TableName, tableNames } from '../support/tables.ts';
import { startTestDatabase } from './dynalite.ts';
import { someAttempt } from './login-attempt-store.contract.ts';
import { somePlace } from './place-store.contract.ts';
import { someSession } from './session-store.contract.ts';

const now = 1_790_000_000_123;

const database = await startTestDatabase();
afterAll(() => database.stop());
beforeEach(async () => {
  for (const table of tableNames) await database.empty(table);
});

async function onlyItem(table: TableName): Promise<Record<string, AttributeValue>> {
  const [item, ...others] = await database.items(table);
  if (item === undefined || others.length > 0) throw new Error(`expected one item in ${table}`);
  return item;
}

describe('the item of a login attempt', () => {
  const attempts = new DynamoDbLoginAttemptStore(database.senders.own, 'login-attempts');
  const putAttempt = async () => {
    const attempt = someAttempt();
    await attempts.put(attempt);
    return attempt;
  };

  test('contains the time and the call of its consumption', async () => {
    const attempt = await putAttempt();
    await attempts.consume(attempt.stateHash, ['browser'], now);
    const item = await onlyItem('login-attempts');
    expect(item).toMatchObject({ consumed_at: { N: String(now) }, call: { S: expect.any(String) } });
  });

  test('stays the same when a stranger consumes it, or its own browser after the expiry', async () => {
    const attempt = await putAttempt();
    const before = await onlyItem('login-attempts');
    await attempts.consume(attempt.stateHash, ['stranger'], now);
    await attempts.consume(attempt.stateHash, ['browser'], attempt.expiresAt);
    expect(await onlyItem('login-attempts')).toEqual(before);
  });

  // id: ttl-after-expiry
  test('lives in DynamoDB until the second after its expiry', async () => {
    await attempts.put(someAttempt({ expiresAt: 1_790_000_000_001 }));
    expect(await onlyItem('login-attempts')).toMatchObject({ expires_at: { N: '1790000001' } });
  });

  test.each([
    ['nonce', undefined, 'a string'],
    ['nonce', { N: '1' }, 'a string'],
    ['valid_until', { S: 'tomorrow' }, 'a whole number'],
    ['valid_until', { N: '0.5' }, 'a whole number'],
    ['language', { S: 'fr' }, 'a known value'],
    ['purpose', { S: 'toString' }, 'a known value'],
    ['vtr', { S: '["Cl.Cm"]' }, 'a list'],
    ['vtr', { L: [{ S: 'Cl.Cm.P9' }] }, 'a list of known values'],
    ['vtr', { L: [{ N: '1' }] }, 'a list of known values'],
    ['claims', { L: [{ S: '' }] }, 'a list of known values'],
  ])('is an error that names the attribute when %s is %j', async (attribute, value, expected) => {
    const attempt = await putAttempt();
    const { [attribute]: _removed, ...item } = await onlyItem('login-attempts');
    const corrupt = value === undefined ? item : { ...item, [attribute]: value as AttributeValue };
    await database.client.send(new PutItemCommand({ TableName: 'login-attempts', Item: corrupt }));
    await expect(attempts.read(attempt.stateHash, ['browser'], now)).rejects.toMatchObject({
      code: 'unexpected',
      message: `table "login-attempts" has an item whose attribute "${attribute}" is not ${expected}`,
    });
  });
});

describe('the item of a kept place', () => {
  const places = new DynamoDbPlaceStore(database.senders.own, 'login-attempts');

  test('is no attempt, whatever its key is, and lives until the second after its expiry', async () => {
    await places.put(somePlace({ key: 'hash', expiresAt: 1_790_000_000_001 }));
    expect(await onlyItem('login-attempts')).toMatchObject({
      state_hash: { S: 'place#hash' },
      expires_at: { N: '1790000001' },
    });
    const attempts = new DynamoDbLoginAttemptStore(database.senders.own, 'login-attempts');
    expect(await attempts.read('hash', ['browser'], now)).toEqual({ kind: 'unknown' });
    expect(await attempts.consume('hash', ['browser'], now)).toEqual({ kind: 'unknown' });
  });
});

describe('the items of a user', () => {
  const sessions = new DynamoDbUserSessionStore(database.senders.own, 'sessions');

  test('are one per session, keyed by user and token hash, living until the absolute expiry', async () => {
    await sessions.put(
      someSession('subject', {
        key: { subjectKey: 'subject', tokenHash: 'hash' },
        absoluteExpiresAt: 1_790_000_000_001,
      }),
    );
    expect(await onlyItem('sessions')).toMatchObject({
      subject_key: { S: 'subject' },
      item: { S: 'session#hash' },
      expires_at: { N: '1790000001' },
    });
  });

  test('keep their time to live when the idle expiry moves', async () => {
    const session = someSession('subject');
    await sessions.put(session);
    const before = await onlyItem('sessions');
    await sessions.extendIdle(session.key, now + 7);
    expect(await onlyItem('sessions')).toEqual({ ...before, idle_expires_at: { N: String(now + 7) } });
  });

  test('include the mark and each jti, each with its own time to live', async () => {
    await sessions.markRevoked('subject', now, 1_790_000_003_001);
    expect(await onlyItem('sessions')).toMatchObject({
      item: { S: 'revoked-before' },
      expires_at: { N: '1790000004' },
    });
    await database.empty('sessions');
    await sessions.rememberJti('subject', 'hash', now, 1_790_000_003_001);
    expect(await onlyItem('sessions')).toMatchObject({
      item: { S: 'jti#hash' },
      expires_at: { N: '1790000004' },
    });
  });

  test.each([
    ['sealed_payload', { S: 'AAAA' }, 'binary'],
    ['schema_version', { S: '1' }, 'a whole number'],
    ['idle_expires_at', { N: '9007199254740993' }, 'a whole number'],
  ])('are an error that names the attribute when %s is %j', async (attribute, value, expected) => {
    const session = someSession('subject');
    await sessions.put(session);
    const item = { ...(await onlyItem('sessions')), [attribute]: value as AttributeValue };
    await database.client.send(new PutItemCommand({ TableName: 'sessions', Item: item }));
    await expect(sessions.read(session.key)).rejects.toMatchObject({
      code: 'unexpected',
      message: `table "sessions" has an item whose attribute "${attribute}" is not ${expected}`,
    });
  });
});

describe("the items of One Login's documents", () => {
  const documents = new DynamoDbProviderDocumentStore(database.senders.own, 'provider-documents');
  const jwks = { partition: { S: 'documents' }, item: { S: 'jwks' }, fetched_at: { N: '1' } };

  test('are ignored when a newer version wrote a document with an unknown name', async () => {
    const item = { partition: { S: 'documents' }, item: { S: 'trustmarks' } };
    await database.client.send(new PutItemCommand({ TableName: 'provider-documents', Item: item }));
    expect(await documents.readAll()).toEqual([]);
  });

  test('lead to an error with the name of the attribute when the body is missing', async () => {
    await database.client.send(new PutItemCommand({ TableName: 'provider-documents', Item: jwks }));
    await expect(documents.readAll()).rejects.toMatchObject({
      code: 'unexpected',
      message: 'table "provider-documents" has an item whose attribute "body" is not a string',
    });
  });
});
