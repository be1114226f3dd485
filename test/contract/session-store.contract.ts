import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { SessionStore } from '../../lambdas/core/ports.ts';
import type { SealedSession } from '../../lambdas/core/session/session.ts';

const now = 1_790_000_000_123;
const hour = 3_600_000;

/** A session of this user, under a token of its own. */
export function someSession(subjectKey: string, overrides: Partial<SealedSession> = {}): SealedSession {
  return {
    key: { subjectKey, tokenHash: randomUUID() },
    sealedPayload: Uint8Array.of(0, 1, 127, 128, 255),
    schemaVersion: 1,
    absoluteExpiresAt: now + 12 * hour,
    idleExpiresAt: now + hour,
    ...overrides,
  };
}

/** The contract of every {@link SessionStore}, see `ports.ts`. */
export function describeSessionStore(name: string, getStore: () => SessionStore): void {
  describe(`${name} as a SessionStore`, () => {
    describeSessions(getStore);
    describeDeleteAll(getStore);
    describeRevocation(getStore);
    describeJti(getStore);
  });
}

function describeSessions(getStore: () => SessionStore): void {
  const putSession = async () => {
    const session = someSession(randomUUID());
    await getStore().put(session);
    return session;
  };

  test('gives back the session that was put, to the byte and the millisecond', async () => {
    const session = await putSession();
    const read = await getStore().read(session.key);
    expect(read && { ...read, sealedPayload: [...read.sealedPayload] }).toEqual({
      ...session,
      sealedPayload: [0, 1, 127, 128, 255],
    });
  });

  test('has no session under a key that was not put', async () => {
    const subjectKey = randomUUID();
    await getStore().put(someSession(subjectKey));
    expect(await getStore().read({ subjectKey, tokenHash: 'another' })).toBeUndefined();
    expect(await getStore().read({ subjectKey: 'nobody', tokenHash: 'none' })).toBeUndefined();
  });

  test('returns an expired session too, because the core checks the expiry', async () => {
    const session = someSession(randomUUID(), { absoluteExpiresAt: 1, idleExpiresAt: 1 });
    await getStore().put(session);
    expect(await getStore().read(session.key)).toMatchObject({ absoluteExpiresAt: 1, idleExpiresAt: 1 });
  });

  test('only extends the idle expiry', async () => {
    const session = await putSession();
    expect(await getStore().extendIdle(session.key, now + 2 * hour)).toBe(true);
    expect(await getStore().read(session.key)).toMatchObject({
      schemaVersion: 1,
      absoluteExpiresAt: session.absoluteExpiresAt,
      idleExpiresAt: now + 2 * hour,
    });
  });

  // id: deleted-session-stays-deleted
  test('does not bring a deleted session back by extending it', async () => {
    const session = await putSession();
    await getStore().delete(session.key);
    expect(await getStore().extendIdle(session.key, now + 2 * hour)).toBe(false);
    expect(await getStore().read(session.key)).toBeUndefined();
    expect(await getStore().deleteAll(session.key.subjectKey)).toBe(0);
  });

  test('leaves no session behind when extensions race with its deletion', async () => {
    const session = await putSession();
    const extend = () => getStore().extendIdle(session.key, now + 2 * hour);
    await Promise.all([extend(), extend(), getStore().delete(session.key), extend(), extend()]);
    expect(await getStore().read(session.key)).toBeUndefined();
  });

  test('only replaces the contents of a session', async () => {
    const session = await putSession();
    await getStore().extendIdle(session.key, now + 2 * hour);
    expect(await getStore().replaceContents(session, Uint8Array.of(3, 2, 1))).toBe(true);
    const read = await getStore().read(session.key);
    expect(read && { ...read, sealedPayload: [...read.sealedPayload] }).toEqual({
      ...session,
      idleExpiresAt: now + 2 * hour,
      sealedPayload: [3, 2, 1],
    });
  });

  test('leaves other contents than those of before as they are', async () => {
    const session = await putSession();
    await getStore().replaceContents(session, Uint8Array.of(1));
    expect(await getStore().replaceContents(session, Uint8Array.of(2))).toBe(false);
    expect([...((await getStore().read(session.key))?.sealedPayload ?? [])]).toEqual([1]);
  });

  test('does not bring a deleted session back by replacing its contents', async () => {
    const session = someSession(randomUUID());
    const replace = () => getStore().replaceContents(session, Uint8Array.of(1));
    expect(await replace()).toBe(false);
    await getStore().put(session);
    await Promise.all([replace(), getStore().delete(session.key), replace()]);
    expect(await getStore().read(session.key)).toBeUndefined();
    expect(await getStore().deleteAll(session.key.subjectKey)).toBe(0);
  });

  test('deletes one session and leaves the others of the user', async () => {
    const subjectKey = randomUUID();
    const [one, other] = [someSession(subjectKey), someSession(subjectKey)];
    await getStore().put(one);
    await getStore().put(other);
    await getStore().delete(one.key);
    expect(await getStore().read(one.key)).toBeUndefined();
    expect(await getStore().read(other.key)).toMatchObject({ key: other.key });
  });

  test('accepts the deletion of a session that does not exist', async () => {
    await expect(getStore().delete({ subjectKey: 'nobody', tokenHash: 'none' })).resolves.toBeUndefined();
  });
}

function describeDeleteAll(getStore: () => SessionStore): void {
  // id: delete-all-200-sessions
  test('deletes all 200 sessions of a user and leaves other users alone', async () => {
    const subjectKey = randomUUID();
    const sessions = Array.from({ length: 200 }, () => someSession(subjectKey));
    const others = Array.from({ length: 3 }, (_, index) => someSession(`${subjectKey}${index}`));
    for (const session of [...sessions, ...others]) await getStore().put(session);
    expect(await getStore().deleteAll(subjectKey)).toBe(200);
    for (const session of sessions) expect(await getStore().read(session.key)).toBeUndefined();
    for (const other of others) expect(await getStore().read(other.key)).toMatchObject({ key: other.key });
  });

  test('has nothing to delete for a user without sessions', async () => {
    expect(await getStore().deleteAll(randomUUID())).toBe(0);
  });

  test('deletes sessions but neither the mark nor a jti', async () => {
    const subjectKey = randomUUID();
    await getStore().put(someSession(subjectKey));
    await getStore().markRevoked(subjectKey, now, now + hour);
    await getStore().rememberJti(subjectKey, 'jti', now, now + hour);
    expect(await getStore().deleteAll(subjectKey)).toBe(1);
    expect(await getStore().readRevokedBefore([subjectKey], now)).toBe(now);
    expect(await getStore().rememberJti(subjectKey, 'jti', now, now + hour)).toBe(false);
  });

  // id: parallel-deletions
  test('leaves no session behind when two deletions run at once', async () => {
    const subjectKey = randomUUID();
    const sessions = Array.from({ length: 60 }, () => someSession(subjectKey));
    for (const session of sessions) await getStore().put(session);
    await Promise.all([getStore().deleteAll(subjectKey), getStore().deleteAll(subjectKey)]);
    for (const session of sessions) expect(await getStore().read(session.key)).toBeUndefined();
  });
}

function describeRevocation(getStore: () => SessionStore): void {
  test('has no mark for a user who was never logged out', async () => {
    expect(await getStore().readRevokedBefore([randomUUID()], now)).toBeUndefined();
  });

  test('gives back the mark to the millisecond, to its user only', async () => {
    const subjectKey = randomUUID();
    await getStore().markRevoked(subjectKey, now, now + hour);
    expect(await getStore().readRevokedBefore([subjectKey], now)).toBe(now);
    expect(await getStore().readRevokedBefore([`${subjectKey}x`], now)).toBeUndefined();
  });

  test('has the latest mark of several owners', async () => {
    const [one, two, none] = [randomUUID(), randomUUID(), randomUUID()];
    await getStore().markRevoked(one, now, now + hour);
    await getStore().markRevoked(two, now + 1, now + hour / 2);
    expect(await getStore().readRevokedBefore([one, two, none], now)).toBe(now + 1);
    expect(await getStore().readRevokedBefore([none, one, two], now + hour / 2)).toBe(now);
    expect(await getStore().readRevokedBefore([none], now)).toBeUndefined();
  });

  test('replaces a mark by a later one', async () => {
    const subjectKey = randomUUID();
    await getStore().markRevoked(subjectKey, now, now + hour);
    await getStore().markRevoked(subjectKey, now + 1, now + hour + 1);
    expect(await getStore().readRevokedBefore([subjectKey], now + hour)).toBe(now + 1);
  });

  test('ignores a mark that is earlier than the stored one', async () => {
    const subjectKey = randomUUID();
    await getStore().markRevoked(subjectKey, now, now + hour);
    await expect(getStore().markRevoked(subjectKey, now - 1, now - 1 + hour)).resolves.toBeUndefined();
    expect(await getStore().readRevokedBefore([subjectKey], now)).toBe(now);
  });

  test('ends with the latest of many concurrent marks', async () => {
    const subjectKey = randomUUID();
    const marks = [5, 3, 9, 1, 7, 2, 8, 4, 6, 0].map((offset) => now + offset);
    await Promise.all(marks.map((mark) => getStore().markRevoked(subjectKey, mark, mark + hour)));
    expect(await getStore().readRevokedBefore([subjectKey], now)).toBe(now + 9);
  });

  test('does not show a mark that has expired', async () => {
    const subjectKey = randomUUID();
    await getStore().markRevoked(subjectKey, now, now + hour);
    expect(await getStore().readRevokedBefore([subjectKey], now + hour - 1)).toBe(now);
    expect(await getStore().readRevokedBefore([subjectKey], now + hour)).toBeUndefined();
  });
}

function describeJti(getStore: () => SessionStore): void {
  test('remembers a jti until it expires', async () => {
    const subjectKey = randomUUID();
    expect(await getStore().rememberJti(subjectKey, 'jti', now, now + hour)).toBe(true);
    expect(await getStore().rememberJti(subjectKey, 'jti', now, now + hour)).toBe(false);
    expect(await getStore().rememberJti(subjectKey, 'jti', now + hour - 1, now + 2 * hour)).toBe(false);
    expect(await getStore().rememberJti(subjectKey, 'jti', now + hour, now + 2 * hour)).toBe(true);
    expect(await getStore().rememberJti(subjectKey, 'jti', now + hour, now + 2 * hour)).toBe(false);
  });

  test('keeps the jtis of one user apart, and those of users from each other', async () => {
    const subjectKey = randomUUID();
    expect(await getStore().rememberJti(subjectKey, 'jti', now, now + hour)).toBe(true);
    expect(await getStore().rememberJti(subjectKey, 'another', now, now + hour)).toBe(true);
    expect(await getStore().rememberJti(`${subjectKey}x`, 'jti', now, now + hour)).toBe(true);
  });

  test('accepts a jti from exactly one of 20 concurrent callers', async () => {
    const subjectKey = randomUUID();
    const results = await Promise.all(
      Array.from({ length: 20 }, () => getStore().rememberJti(subjectKey, 'jti', now, now + hour)),
    );
    expect(results.filter(Boolean)).toHaveLength(1);
  });
}
