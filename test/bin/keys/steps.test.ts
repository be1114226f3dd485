import { describe, expect, test } from '@jest/globals';
import type { RecordedKey } from '../../../bin/keys/deployed-keys.ts';
import {
  judgeKeyList,
  judgeStep,
  listNextSteps,
  type Situation,
  type Target,
} from '../../../bin/keys/steps.ts';
import type { SigningKeyState } from '../../../lib/config/deployment-config.ts';

const hour = 60 * 60 * 1000;
const now = 1_800_000_000_000;
const day = 24 * hour;

function key(name: string, state: SigningKeyState, age: number, inJwks = age): RecordedKey {
  return {
    name,
    keyId: `id-of-${name}`,
    createdAt: now - 100 * day,
    keyState: 'Enabled',
    state,
    since: now - age,
    ...(state === 'retire' ? {} : { inJwksSince: now - inJwks }),
  };
}

function situation(deployed: readonly RecordedKey[], changes: Partial<Situation> = {}): Situation {
  const served = deployed.filter(({ state }) => state !== 'retire').map(({ keyId }) => keyId);
  return { deployed, served, now, emergency: false, ...changes };
}

const verdictOf = (to: Target, deployed: RecordedKey, changes: Partial<Situation> = {}) =>
  judgeStep(deployed.name, to, situation([deployed], changes)).verdict;

describe('a step of a rotation', () => {
  test.each([
    ['sign by a key that has been in the JWKS for a day', 'sign', key('b', 'publish', day)],
    ['sign again by a key that has just stopped', 'sign', key('a', 'publish', hour, 90 * day)],
    ['keep the key in publish that signs no more', 'publish', key('a', 'sign', hour)],
    ['retire a key that has not signed for a day', 'retire', key('a', 'publish', day, 90 * day)],
    ['bring a retired key back', 'publish', key('a', 'retire', hour)],
    ['remove a key that has been retired for a day', 'remove', key('a', 'retire', day)],
  ] as const)('may be taken: %s', (_, to, deployed) => {
    expect(verdictOf(to, deployed).kind).toBe('allowed');
  });

  test.each([
    ['sign', key('b', 'publish', day - 1)],
    ['retire', key('a', 'publish', day - 1, 90 * day)],
    ['remove', key('a', 'retire', day - 1)],
  ] as const)('is too early before a day has passed: %s', (to, deployed) => {
    expect(verdictOf(to, deployed)).toMatchObject({ kind: 'too-early', notBefore: now + 1 });
  });

  test.each([
    ['retire the key that signs', 'retire', key('a', 'sign', 90 * day)],
    ['remove the key that signs', 'remove', key('a', 'sign', 90 * day)],
    ['remove a key that is still published', 'remove', key('a', 'publish', 90 * day)],
    ['sign by a retired key', 'sign', key('a', 'retire', 90 * day)],
    ['sign by a key that KMS has disabled', 'sign', { ...key('b', 'publish', day), keyState: 'Disabled' }],
  ] as const)('is refused: %s', (_, to, deployed) => {
    expect(verdictOf(to, deployed).kind).toBe('refused');
  });

  test('is refused when it would sign by a key that is not in the JWKS that is served', () => {
    const published = key('b', 'publish', 90 * day);

    expect(verdictOf('sign', published, { served: ['id-of-a'] }).kind).toBe('refused');
    expect(verdictOf('sign', published, { served: undefined }).kind).toBe('refused');
  });

  test('may begin with any state when nothing is deployed, later only with publish', () => {
    const first = situation([]);
    const later = situation([key('a', 'sign', hour)]);

    expect(judgeStep('a', 'sign', first).verdict.kind).toBe('allowed');
    expect(judgeStep('b', 'publish', later).verdict.kind).toBe('allowed');
    expect(judgeStep('b', 'sign', later).verdict.kind).toBe('refused');
    expect(judgeStep('b', 'retire', later).verdict.kind).toBe('refused');
    expect(judgeStep('b', 'remove', later).verdict.kind).toBe('refused');
  });

  test('needs no wait in an emergency, but keeps the order', () => {
    const emergency = { emergency: true };

    expect(verdictOf('sign', key('b', 'publish', 1), emergency).kind).toBe('allowed');
    expect(verdictOf('retire', key('a', 'publish', 1), emergency).kind).toBe('allowed');
    expect(verdictOf('retire', key('a', 'sign', 1), emergency).kind).toBe('allowed');
    expect(verdictOf('remove', key('a', 'retire', 1), emergency).kind).toBe('allowed');
    expect(verdictOf('sign', key('b', 'publish', 1), { ...emergency, served: [] }).kind).toBe('refused');
    expect(verdictOf('remove', key('a', 'publish', 1), emergency).kind).toBe('refused');
  });
});

test('a key list is judged by what it changes', () => {
  const deployed = situation([
    key('a', 'sign', 90 * day),
    key('b', 'publish', hour),
    key('c', 'retire', day),
  ]);
  const steps = judgeKeyList(
    [
      { name: 'a', state: 'publish' },
      { name: 'b', state: 'sign' },
    ],
    deployed,
  );

  expect(steps.map(({ key, from, to, verdict }) => [key, from, to, verdict.kind])).toEqual([
    ['a', 'sign', 'publish', 'allowed'],
    ['b', 'publish', 'sign', 'too-early'],
    ['c', 'retire', 'remove', 'allowed'],
  ]);
});

test('a key list that is deployed already changes nothing', () => {
  const deployed = situation([key('a', 'sign', hour)]);

  expect(judgeKeyList([{ name: 'a', state: 'sign' }], deployed)).toEqual([]);
});

test('what comes next is said for each key', () => {
  const deployed = situation([key('a', 'sign', hour), key('b', 'publish', day), key('c', 'retire', hour)]);

  expect(listNextSteps(deployed).map(({ key, to, verdict }) => [key, to, verdict.kind])).toEqual([
    ['b', 'sign', 'allowed'],
    ['b', 'retire', 'allowed'],
    ['c', 'publish', 'allowed'],
    ['c', 'remove', 'too-early'],
  ]);
});
