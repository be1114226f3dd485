import { beforeEach, describe, expect, test } from '@jest/globals';
import { RelyingPartyError } from '../../../../lambdas/core/errors.ts';
import { readSession, useSession } from '../../../../lambdas/core/flow/read-session.ts';
import { readSessionLanguage, withLanguage } from '../../../../lambdas/core/flow/session-language.ts';
import { sealSession } from '../../../../lambdas/core/session/seal.ts';
import type { SealedSession, SessionPayload } from '../../../../lambdas/core/session/session.ts';
import { createSessionCredential, deriveSubjectKey } from '../../../../lambdas/core/session/session-key.ts';
import { MemorySessionStore } from '../../../support/memory/session-store.ts';
import { TestClock } from '../../../support/test-clock.ts';

const payload: SessionPayload = {
  sub: 'somebody',
  vot: 'Cl.Cm',
  idToken: 'header.payload.signature',
  claims: {},
  language: 'en',
  signedInAt: 1,
};
const credential = createSessionCredential(deriveSubjectKey('client', 'somebody'));

let clock: TestClock;
let sessions: MemorySessionStore;

beforeEach(() => {
  clock = new TestClock();
  sessions = new MemorySessionStore();
});

const read = () => readSession({ sessions, clock }, credential);
const use = () => useSession({ sessions, clock }, credential, 3_600_000);

/** A session with these times, in milliseconds from now, and other values that the table may have. */
async function put(absolute: number, idle: number, changed: Partial<SealedSession> = {}) {
  const expiries = { absoluteExpiresAt: clock.now() + absolute, idleExpiresAt: clock.now() + idle };
  await sessions.put({ ...sealSession(payload, credential, expiries), ...changed });
}

describe.each([
  ['reading', read],
  ['using', use],
])('%s a session', (_, look) => {
  test('gives what was sealed', async () => {
    await put(2_000, 1_000);
    expect(await look()).toMatchObject({ payload });
  });

  // id: idle-expiry-exact
  test('gives nothing from the very millisecond of the idle expiry on', async () => {
    await put(2_000, 1_000);
    clock.advance(1_000);
    expect(await look()).toBeUndefined();
  });

  // id: sealed-absolute-expiry
  test('uses the sealed absolute expiry, even if the table has a later idle expiry', async () => {
    await put(1_000, 1_000_000);
    clock.advance(999);
    expect(await look()).toMatchObject({ payload });
    clock.advance(1);
    expect(await look()).toBeUndefined();
  });

  test('gives nothing when the table has a later absolute expiry than was sealed', async () => {
    await put(1_000, 1_000_000, { absoluteExpiresAt: clock.now() + 1_000_000 });
    expect(await look()).toBeUndefined();
  });

  test('gives nothing for a session of an unknown schema version', async () => {
    await put(2_000, 1_000, { schemaVersion: 0 });
    expect(await look()).toBeUndefined();
  });

  // id: no-session-no-data
  test('gives nothing where there is no session', async () => {
    expect(await look()).toBeUndefined();
  });
});

test('a request without a cookie makes no read of the table', async () => {
  sessions.read = () => Promise.reject(new Error('read'));
  expect(await readSession({ sessions, clock }, undefined)).toBeUndefined();
  expect(await useSession({ sessions, clock }, undefined, 1)).toBeUndefined();
});

describe('the language of a session', () => {
  const readLanguage = () => readSessionLanguage(sessions, credential);

  test('is read even if the session has expired', async () => {
    await put(-1, -1);
    expect(await readLanguage()).toBe('en');
  });

  test('is unknown without a session, and of one that does not open', async () => {
    expect(await readSessionLanguage(sessions, undefined)).toBeUndefined();
    expect(await readLanguage()).toBeUndefined();
    await put(2_000, 1_000, { schemaVersion: 0 });
    expect(await readLanguage()).toBeUndefined();
  });

  test('is unknown when the session cannot be read', async () => {
    sessions.read = () => Promise.reject(new Error('read'));
    expect(await readLanguage()).toBeUndefined();
  });

  test('is added to the errors of ours, and only if it is known', async () => {
    const ours = new RelyingPartyError('dynamodb_unavailable', 'down');
    const fail = (error: Error) => () => Promise.reject(error);
    await expect(withLanguage('cy', fail(ours))).rejects.toMatchObject({ context: { language: 'cy' } });
    await expect(withLanguage(undefined, fail(ours))).rejects.toBe(ours);
    const unknown = new TypeError('unknown');
    await expect(withLanguage('cy', fail(unknown))).rejects.toBe(unknown);
  });
});
