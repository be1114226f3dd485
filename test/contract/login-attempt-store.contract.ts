import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { LoginAttempt } from '../../lambdas/core/flow/login-attempt.ts';
import { trustedAddress } from '../../lambdas/core/flow/return-to.ts';
import type { AttemptLookup, LoginAttemptStore } from '../../lambdas/core/ports.ts';

const now = 1_790_000_000_123;
const expiresAt = now + 7_200_000;

/** An attempt under a state of its own. */
export function someAttempt(overrides: Partial<LoginAttempt> = {}): LoginAttempt {
  return {
    stateHash: randomUUID(),
    browserHash: 'browser',
    nonce: 'the-nonce',
    codeVerifier: 'the-code-verifier',
    purpose: 'login',
    vtr: ['Cl.Cm', 'Cl'],
    maxAge: 3600,
    repeats: true,
    returnCodes: true,
    journey: 'benefits',
    requestedClaims: ['https://vocab.account.gov.uk/v1/address'],
    subjectKey: 'subject',
    returnTo: trustedAddress('/apply?step=2#ŵ'),
    language: 'cy',
    createdAt: now,
    expiresAt,
    ...overrides,
  };
}

/** The contract of every {@link LoginAttemptStore}, see `ports.ts`. */
export function describeLoginAttemptStore(name: string, getStore: () => LoginAttemptStore): void {
  describe(`${name} as a LoginAttemptStore`, () => {
    const remembered = {
      purpose: 'login',
      vtr: ['Cl.Cm', 'Cl'],
      journey: 'benefits',
      requestedClaims: ['https://vocab.account.gov.uk/v1/address'],
      subjectKey: 'subject',
      returnTo: '/apply?step=2#ŵ',
      language: 'cy',
    };

    type Lookup = (
      attempt: LoginAttempt,
      browserHashes?: readonly string[],
      at?: number,
    ) => Promise<AttemptLookup>;
    const read: Lookup = ({ stateHash }, browserHashes = ['browser'], at = now) =>
      getStore().read(stateHash, browserHashes, at);
    const consume: Lookup = ({ stateHash }, browserHashes = ['browser'], at = now) =>
      getStore().consume(stateHash, browserHashes, at);
    const putAttempt = async () => {
      const attempt = someAttempt();
      await getStore().put(attempt);
      return attempt;
    };

    test('gives back by read what was put, to the millisecond', async () => {
      const attempt = await putAttempt();
      expect(await read(attempt)).toEqual({ kind: 'found', attempt });
    });

    test('gives back by consume what was put', async () => {
      const attempt = await putAttempt();
      expect(await consume(attempt)).toEqual({
        kind: 'found',
        attempt,
      });
    });

    test('keeps an attempt without the optional values', async () => {
      const {
        maxAge: _maxAge,
        subjectKey: _subjectKey,
        journey: _journey,
        requestedClaims: _requestedClaims,
        ...attempt
      } = someAttempt({
        repeats: false,
        returnCodes: false,
      });
      await getStore().put(attempt);
      expect(await consume(attempt)).toStrictEqual({
        kind: 'found',
        attempt,
      });
      const { purpose, vtr, returnTo, language } = attempt;
      const consumed = { kind: 'consumed', purpose, vtr, returnTo, language };
      expect(await read(attempt)).toStrictEqual(consumed);
    });

    test('refuses a second attempt under one state and keeps the first', async () => {
      const attempt = await putAttempt();
      const second = someAttempt({ stateHash: attempt.stateHash, nonce: 'another' });
      await expect(getStore().put(second)).rejects.toMatchObject({ code: 'unexpected' });
      expect(await read(attempt)).toEqual({ kind: 'found', attempt });
    });

    test('refuses a second attempt under a state that was consumed', async () => {
      const attempt = await putAttempt();
      await consume(attempt);
      const second = someAttempt({ stateHash: attempt.stateHash, nonce: 'another' });
      await expect(getStore().put(second)).rejects.toMatchObject({ code: 'unexpected' });
    });

    test('finds nothing for a state that was never stored', async () => {
      expect(await getStore().read('nobody', ['browser'], now)).toEqual({ kind: 'unknown' });
      expect(await getStore().consume('nobody', ['browser'], now)).toEqual({ kind: 'unknown' });
      expect(await getStore().read('nobody', ['browser'], now)).toEqual({ kind: 'unknown' });
    });

    test('returns consumed, with return_to, for every later read and consume', async () => {
      const attempt = await putAttempt();
      await consume(attempt);
      const consumed = { kind: 'consumed', ...remembered };
      expect(await consume(attempt)).toStrictEqual(consumed);
      expect(await read(attempt)).toStrictEqual(consumed);
    });

    test('reads any number of times without consuming', async () => {
      const attempt = await putAttempt();
      await read(attempt);
      await read(attempt);
      expect(await consume(attempt)).toMatchObject({ kind: 'found' });
    });

    test('neither returns an attempt to another browser nor consumes it', async () => {
      const attempt = await putAttempt();
      const stranger = { kind: 'other_browser', ...remembered };
      expect(await read(attempt, ['stranger'])).toStrictEqual(stranger);
      expect(await consume(attempt, ['stranger'])).toStrictEqual(stranger);
      expect(await consume(attempt)).toEqual({
        kind: 'found',
        attempt,
      });
      expect(await consume(attempt, ['stranger'])).toStrictEqual(stranger);
    });

    test('finds an attempt of any one of many browser cookies, and returns whose it is', async () => {
      const attempt = await putAttempt();
      const strangers = Array.from({ length: 49 }, (_, index) => `stranger-${index}`);
      const other = { kind: 'other_browser', ...remembered };
      expect(await consume(attempt, strangers)).toStrictEqual(other);
      const hashes = [...strangers, 'browser'];
      const found = { kind: 'found', attempt };
      expect(await read(attempt, hashes)).toEqual(found);
      expect(await consume(attempt, hashes)).toEqual(found);
      const consumed = { kind: 'consumed', ...remembered };
      expect(await consume(attempt, hashes)).toStrictEqual(consumed);
    });

    test('does not find an attempt from the very millisecond of its expiry on', async () => {
      const attempt = await putAttempt();
      const expired = { kind: 'expired', ...remembered };
      expect(await read(attempt, ['browser'], expiresAt)).toStrictEqual(expired);
      expect(await consume(attempt, ['browser'], expiresAt)).toStrictEqual(expired);
      expect(await consume(attempt, ['browser'], expiresAt - 1)).toMatchObject({
        kind: 'found',
      });
    });

    test('marks an attempt as failed once, for its own browser only, and leaves it open', async () => {
      const attempt = await putAttempt();
      const mark = (browserHash = 'browser', at = now) =>
        getStore().markFailed(attempt.stateHash, [browserHash], at);
      expect(await mark('stranger')).toBe(false);
      expect(await mark('browser', expiresAt)).toBe(false);
      const marks = await Promise.all(Array.from({ length: 20 }, () => mark()));
      expect(marks.filter(Boolean)).toHaveLength(1);
      expect(await read(attempt)).toEqual({ kind: 'found', attempt: { ...attempt, failed: true } });
      expect(await consume(attempt)).toMatchObject({ kind: 'found' });
      expect(await mark()).toBe(false);
    });

    test('marks no attempt as failed that was consumed or never stored', async () => {
      const attempt = await putAttempt();
      await consume(attempt);
      expect(await getStore().markFailed(attempt.stateHash, ['browser'], now)).toBe(false);
      expect(await getStore().markFailed('nobody', ['browser'], now)).toBe(false);
      expect(await read({ ...attempt, stateHash: 'nobody' })).toEqual({ kind: 'unknown' });
    });

    test('returns consumed for an attempt that was consumed and has expired since', async () => {
      const attempt = await putAttempt();
      await consume(attempt);
      expect(await consume(attempt, ['browser'], expiresAt)).toMatchObject({
        kind: 'consumed',
      });
    });

    // id: consume-once
    test('gives an attempt to exactly one of 50 concurrent consumers', async () => {
      const attempt = await putAttempt();
      const lookups = await Promise.all(Array.from({ length: 50 }, () => consume(attempt)));
      expect(lookups.filter(({ kind }) => kind === 'found')).toHaveLength(1);
      expect(lookups.filter(({ kind }) => kind === 'consumed')).toHaveLength(49);
    });

    test('gives an attempt to its own browser while strangers try to consume it', async () => {
      const attempt = await putAttempt();
      const browsers = Array.from({ length: 20 }, (_, index) => (index === 10 ? 'browser' : 'stranger'));
      const lookups = await Promise.all(browsers.map((browser) => consume(attempt, [browser])));
      expect(lookups.map(({ kind }) => kind)).toEqual(
        browsers.map((browser) => (browser === 'browser' ? 'found' : 'other_browser')),
      );
    });
  });
}
