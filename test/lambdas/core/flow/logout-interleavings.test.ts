import { describe, expect, test } from '@jest/globals';
import { revokeSessions } from '../../../../lambdas/core/flow/end-all-sessions.ts';
import { endSession } from '../../../../lambdas/core/flow/end-session.ts';
import { storeUnlessRevoked } from '../../../../lambdas/core/flow/store-unless-revoked.ts';
import type { SealedSession, SessionKey } from '../../../../lambdas/core/session/session.ts';
import {
  createSessionCredential,
  deriveSessionKey,
  hash,
} from '../../../../lambdas/core/session/session-key.ts';
import { MemorySessionStore } from '../../../support/memory/session-store.ts';
import { TestClock } from '../../../support/test-clock.ts';
import { metadata } from '../one-login/example-provider.ts';

const session = (tokenHash: string): SealedSession => ({
  key: { subjectKey: 'user', tokenHash },
  sealedPayload: new Uint8Array(40),
  schemaVersion: 1,
  absoluteExpiresAt: 9e15,
  idleExpiresAt: 9e15,
});

/** Lets one actor at a time take one step against the store, in the order of the test. */
class Schedule {
  readonly trace: string[] = [];
  readonly #waiting = new Map<string, () => void>();

  /** Waits until the actor may take its next step. */
  step(actor: string, name: string): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.set(actor, () => {
        this.trace.push(`${actor}: ${name}`);
        resolve();
      });
    });
  }

  /** Lets the actor take one step, and everything settle that follows from it. */
  async allow(actor: string): Promise<void> {
    const go = this.#waiting.get(actor);
    this.#waiting.delete(actor);
    go?.();
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  }
}

/** One request's view of a store that others use as well: each of its operations is a step. */
function steppedView(store: MemorySessionStore, schedule: Schedule, actor: string) {
  const stepped = async <T>(name: string, operation: () => Promise<T>): Promise<T> => {
    await schedule.step(actor, name);
    return operation();
  };
  return {
    put: (sealed: SealedSession) => stepped('put', () => store.put(sealed)),
    delete: (key: SessionKey) => stepped('delete', () => store.delete(key)),
    withdraw: (key: SessionKey) => stepped('withdraw', () => store.withdraw(key)),
    readRevokedBefore: (owners: readonly string[], now: number) =>
      stepped('read marks', () => store.readRevokedBefore(owners, now)),
    markRevoked: (subjectKey: string, before: number, until: number) =>
      stepped('write mark', () => store.markRevoked(subjectKey, before, until)),
  };
}

/** Every way to mix that many steps of the one with that many of the other. */
function interleavings(callbackSteps: number, logoutSteps: number): string[][] {
  if (callbackSteps === 0) return [Array.from({ length: logoutSteps }, () => 'logout')];
  if (logoutSteps === 0) return [Array.from({ length: callbackSteps }, () => 'callback')];
  return [
    ...interleavings(callbackSteps - 1, logoutSteps).map((rest) => ['callback', ...rest]),
    ...interleavings(callbackSteps, logoutSteps - 1).map((rest) => ['logout', ...rest]),
  ];
}

/** A callback that began, and a logout, step by step in this order. */
async function run(order: readonly string[]) {
  const clock = new TestClock();
  const store = new MemorySessionStore();
  const schedule = new Schedule();
  const callbackStore = steppedView(store, schedule, 'callback');
  const logoutStore = steppedView(store, schedule, 'logout');
  await store.put(session('on another device'));
  const fresh = session('of the callback');

  const beganAt = clock.now();
  const all = [fresh.key, session('on another device').key];
  const callback = storeUnlessRevoked(
    Object.assign(Object.create(store) as MemorySessionStore, callbackStore),
    clock,
    fresh,
    { beganAt, browserHash: 'browser', replaced: undefined },
  ).then(
    () => 'signed in',
    () => 'withdrawn',
  );
  // Like DynamoDB's, the deletion sees first what there is and then deletes it.
  const deleteAll = async () => {
    await schedule.step('logout', 'query');
    const seen: SessionKey[] = [];
    for (const key of all) if ((await store.read(key)) !== undefined) seen.push(key);
    for (const key of seen) await logoutStore.delete(key);
    return seen.length;
  };
  const logout = revokeSessions({ sessions: { ...logoutStore, deleteAll }, clock }, 'user');

  for (const actor of [...order, ...Array.from({ length: 8 }, () => ['callback', 'logout']).flat()]) {
    clock.advance(1);
    await schedule.allow(actor);
  }
  const outcome = await callback;
  await logout;
  const surviving: string[] = [];
  for (const key of all) if ((await store.read(key)) !== undefined) surviving.push(key.tokenHash);
  return { outcome, surviving, trace: schedule.trace, store, clock };
}

/** A callback that began, and a sign-out in the same browser, step by step in this order. */
async function runSignOut(order: readonly string[]) {
  const clock = new TestClock();
  const store = new MemorySessionStore();
  const schedule = new Schedule();
  const fresh = session('of the callback');
  const old = createSessionCredential('user');
  await store.put({ ...fresh, key: deriveSessionKey(old) });
  const callback = storeUnlessRevoked(
    Object.assign(Object.create(store) as MemorySessionStore, steppedView(store, schedule, 'callback')),
    clock,
    fresh,
    { beganAt: clock.now(), browserHash: hash('browser'), replaced: undefined },
  ).then(
    () => 'signed in',
    () => 'withdrawn',
  );
  const { delete: deleteOne, markRevoked } = steppedView(store, schedule, 'logout');
  const signOut = endSession(
    {
      sessions: { read: (key) => store.read(key), delete: deleteOne, markRevoked },
      clock,
      documents: { metadata: async () => metadata, find: async () => undefined },
      settings: { publicUrl: 'https://service.example/auth', clientId: 'client' },
    },
    { sessionCredential: old, browserSecrets: ['browser'], language: undefined, returnTo: undefined },
  );
  for (const actor of [...order, ...Array.from({ length: 6 }, () => ['callback', 'logout']).flat()]) {
    clock.advance(1);
    await schedule.allow(actor);
  }
  const outcome = await callback;
  await signOut;
  return {
    outcome,
    oldSurvives: (await store.read(deriveSessionKey(old))) !== undefined,
    survives: (await store.read(fresh.key)) !== undefined,
    trace: schedule.trace,
  };
}

describe('a sign-out while a callback of the same browser is under way', () => {
  const orders = interleavings(3, 2);

  // id: logout-in-every-order
  test.each(orders.map((order) => [order.map((actor) => actor[0]).join(''), order] as const))(
    'leaves no session in the order %s, unless the callback had looked before',
    async (_, order) => {
      const { outcome, survives, oldSurvives, trace } = await runSignOut(order);
      expect(oldSurvives).toBe(false);
      expect(trace.indexOf('logout: write mark')).toBeLessThan(trace.indexOf('logout: delete'));
      const hadLooked = trace.indexOf('callback: read marks') < trace.indexOf('logout: write mark');
      expect({ outcome, survives, trace }).toEqual({
        outcome: hadLooked ? 'signed in' : 'withdrawn',
        survives: hadLooked,
        trace,
      });
    },
  );

  test('both withdraws and comes too late, somewhere among the orders', async () => {
    const outcomes = new Set<string>();
    for (const order of orders) outcomes.add((await runSignOut(order)).outcome);
    expect(outcomes).toEqual(new Set(['signed in', 'withdrawn']));
  });
});

describe('a back-channel logout while a callback of the same user is under way', () => {
  const orders = interleavings(4, 5);

  // id: logout-orders-complete
  test('runs in every order of their steps', () => {
    expect(orders).toHaveLength(126);
  });

  test.each(orders.map((order) => [order.map((actor) => actor[0]).join('')]))(
    'leaves no session in the order %s',
    async (letters) => {
      const { surviving, trace } = await run(
        [...letters].map((letter) => (letter === 'c' ? 'callback' : 'logout')),
      );
      expect({ surviving, trace }).toEqual({ surviving: [], trace });
    },
  );

  test('both withdraws and deletes, whichever comes first, somewhere among the orders', async () => {
    const outcomes = new Set<string>();
    for (const order of orders) outcomes.add((await run(order)).outcome);
    expect(outcomes).toEqual(new Set(['signed in', 'withdrawn']));
  });

  test('lets the user sign in again at once', async () => {
    const { store, clock } = await run(orders[0] ?? []);
    const again = session('afterwards');
    clock.advance(1);
    await storeUnlessRevoked(store, clock, again, {
      beganAt: clock.now(),
      browserHash: 'browser',
      replaced: undefined,
    });
    expect(await store.read(again.key)).toEqual(again);
  });
});
