import { beforeEach, describe, expect, test } from '@jest/globals';
import { RelyingPartyError } from '../../../../lambdas/core/errors.ts';
import { storeUnlessRevoked } from '../../../../lambdas/core/flow/store-unless-revoked.ts';
import { MemorySessionStore } from '../../../support/memory/session-store.ts';
import { TestClock } from '../../../support/test-clock.ts';

const session = {
  key: { subjectKey: 'user', tokenHash: 'new' },
  sealedPayload: new Uint8Array(40),
  schemaVersion: 1,
  absoluteExpiresAt: 9e15,
  idleExpiresAt: 9e15,
};
const old = { ...session, key: { subjectKey: 'user', tokenHash: 'old' } };

describe('putting a session', () => {
  let sessions: MemorySessionStore;
  let clock: TestClock;
  let beganAt: number;

  beforeEach(async () => {
    sessions = new MemorySessionStore();
    clock = new TestClock();
    beganAt = clock.now();
    clock.advance(100);
    await sessions.put(old);
    // The store carries out a request only after a while: code that does not wait does not see the effect.
    const remove = sessions.delete.bind(sessions);
    sessions.delete = async (key) => {
      await new Promise(setImmediate);
      return remove(key);
    };
  });

  const put = () =>
    storeUnlessRevoked(sessions, clock, session, { beganAt, browserHash: 'browser', replaced: old.key });

  test('puts it and deletes the one that it replaces', async () => {
    await put();
    expect(await sessions.read(session.key)).toEqual(session);
    expect(await sessions.read(old.key)).toBeUndefined();
  });

  test('stands when the last revocation was before the callback began', async () => {
    await sessions.markRevoked('user', beganAt - 1, beganAt + 3_600_000);
    await put();
    expect(await sessions.read(session.key)).toEqual(session);
  });

  test.each(['user', 'browser'].flatMap((owner) => [0, 1, 50].map((after) => [owner, after] as const)))(
    'is withdrawn when a mark of the %s came %i ms after the callback began',
    async (owner, after) => {
      await sessions.markRevoked(owner, beganAt + after, beganAt + 3_600_000);
      await expect(put()).rejects.toMatchObject({ code: 'session_revoked_meanwhile' });
      expect(await sessions.read(session.key)).toBeUndefined();
    },
  );

  test('is withdrawn when the revocation mark cannot be read, and the old session stays', async () => {
    sessions.readRevokedBefore = () => Promise.reject(new RelyingPartyError('dynamodb_unavailable', 'down'));
    await expect(put()).rejects.toMatchObject({
      code: 'revocation_unreadable',
      cause: { code: 'dynamodb_unavailable' },
    });
    expect(await sessions.read(session.key)).toBeUndefined();
    expect(await sessions.read(old.key)).toEqual(old);
  });

  test('stands when the replaced session cannot be deleted, and the failure is returned', async () => {
    const failure = new RelyingPartyError('dynamodb_unavailable', 'down');
    sessions.delete = () => Promise.reject(failure);
    expect(await put()).toEqual({ replacedSessionLeft: failure });
    expect(await sessions.read(session.key)).toEqual(session);
  });

  test('is withdrawn when the time is over, which is not a fault of the mark', async () => {
    sessions.readRevokedBefore = () => Promise.reject(new RelyingPartyError('deadline_exceeded', 'late'));
    await expect(put()).rejects.toMatchObject({ code: 'deadline_exceeded' });
    expect(await sessions.read(session.key)).toBeUndefined();
  });

  test('deletes nothing when it replaces none', async () => {
    sessions.delete = () => Promise.reject(new RelyingPartyError('dynamodb_unavailable', 'down'));
    const options = { beganAt, browserHash: 'browser', replaced: undefined };
    expect(await storeUnlessRevoked(sessions, clock, session, options)).toEqual({});
  });

  test('leaves the old session alone when the new one could not be put', async () => {
    sessions.put = () => Promise.reject(new RelyingPartyError('dynamodb_unavailable', 'down'));
    await expect(put()).rejects.toMatchObject({ code: 'dynamodb_unavailable' });
    expect(await sessions.read(old.key)).toEqual(old);
  });

  // id: lost-answer-withdraws-session
  test('is withdrawn when the response to its write was lost', async () => {
    const store = sessions.put.bind(sessions);
    sessions.put = async (sealed) => {
      await store(sealed);
      throw new RelyingPartyError('dynamodb_unavailable', 'down');
    };
    await expect(put()).rejects.toMatchObject({ code: 'dynamodb_unavailable' });
    expect(await sessions.read(session.key)).toBeUndefined();
  });

  test('reads the mark only after the session was put, and deletes the old session last', async () => {
    const order: string[] = [];
    const original = { put: sessions.put.bind(sessions), read: sessions.readRevokedBefore.bind(sessions) };
    sessions.delete = async () => {
      order.push('delete');
    };
    sessions.put = async (sealed) => {
      await original.put(sealed);
      order.push('put');
    };
    sessions.readRevokedBefore = (owners, now) => {
      order.push('read marks');
      return original.read(owners, now);
    };
    await put();
    expect(order).toEqual(['put', 'read marks', 'delete']);
  });
});
