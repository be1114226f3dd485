import { describe, expect, it } from '@jest/globals';
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

const judge = (to: Target, deployed: RecordedKey, changes: Partial<Situation> = {}) =>
  judgeStep(deployed.name, to, situation([deployed], changes)).verdict;

describe('judgeStep', () => {
  it.each([
    ['sign with a key that has been in the JWKS for a day', 'sign', key('b', 'publish', day)],
    ['sign again with a key that has just stopped', 'sign', key('a', 'publish', hour, 90 * day)],
    ['move the signing key back to publish', 'publish', key('a', 'sign', hour)],
    ['retire a key that has not signed for a day', 'retire', key('a', 'publish', day, 90 * day)],
    ['publish a retired key again', 'publish', key('a', 'retire', hour)],
    ['remove a key that has been retired for a day', 'remove', key('a', 'retire', day)],
  ] as const)('allows to %s', (_, to, deployed) => {
    expect(judge(to, deployed).kind).toBe('allowed');
  });

  // id: rotation-too-early
  it.each([
    ['sign', key('b', 'publish', day - 1)],
    ['retire', key('a', 'publish', day - 1, 90 * day)],
    ['remove', key('a', 'retire', day - 1)],
  ] as const)('finds it too early before a day has passed to %s', (to, deployed) => {
    expect(judge(to, deployed)).toMatchObject({ kind: 'too-early', notBefore: now + 1 });
  });

  it.each([
    ['retire the key that signs', 'retire', key('a', 'sign', 90 * day)],
    ['remove the key that signs', 'remove', key('a', 'sign', 90 * day)],
    ['remove a key that is still published', 'remove', key('a', 'publish', 90 * day)],
    ['sign with a retired key', 'sign', key('a', 'retire', 90 * day)],
    ['sign with a key that KMS has disabled', 'sign', { ...key('b', 'publish', day), keyState: 'Disabled' }],
  ] as const)('refuses to %s', (_, to, deployed) => {
    expect(judge(to, deployed).kind).toBe('refused');
  });

  it('refuses to sign with a key that is not in the served JWKS', () => {
    const published = key('b', 'publish', 90 * day);

    expect(judge('sign', published, { served: ['id-of-a'] }).kind).toBe('refused');
    expect(judge('sign', published, { served: undefined }).kind).toBe('refused');
  });

  it('allows any state for the first key, and only publish for a later one', () => {
    const first = situation([]);
    const later = situation([key('a', 'sign', hour)]);

    expect(judgeStep('a', 'sign', first).verdict.kind).toBe('allowed');
    expect(judgeStep('b', 'publish', later).verdict.kind).toBe('allowed');
    expect(judgeStep('b', 'sign', later).verdict.kind).toBe('refused');
    expect(judgeStep('b', 'retire', later).verdict.kind).toBe('refused');
    expect(judgeStep('b', 'remove', later).verdict.kind).toBe('refused');
  });

  it('requires no waiting in an emergency, but the same order', () => {
    const emergency = { emergency: true };

    expect(judge('sign', key('b', 'publish', 1), emergency).kind).toBe('allowed');
    expect(judge('retire', key('a', 'publish', 1), emergency).kind).toBe('allowed');
    expect(judge('retire', key('a', 'sign', 1), emergency).kind).toBe('allowed');
    expect(judge('remove', key('a', 'retire', 1), emergency).kind).toBe('allowed');
    expect(judge('sign', key('b', 'publish', 1), { ...emergency, served: [] }).kind).toBe('refused');
    expect(judge('remove', key('a', 'publish', 1), emergency).kind).toBe('refused');
  });
});

describe('judgeKeyList', () => {
  it('returns a step for each changed key', () => {
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

  it('returns nothing for the deployed key list', () => {
    const deployed = situation([key('a', 'sign', hour)]);

    expect(judgeKeyList([{ name: 'a', state: 'sign' }], deployed)).toEqual([]);
  });
});

describe('listNextSteps', () => {
  it('returns the next steps of each key', () => {
    const deployed = situation([key('a', 'sign', hour), key('b', 'publish', day), key('c', 'retire', hour)]);

    expect(listNextSteps(deployed).map(({ key, to, verdict }) => [key, to, verdict.kind])).toEqual([
      ['b', 'sign', 'allowed'],
      ['b', 'retire', 'allowed'],
      ['c', 'publish', 'allowed'],
      ['c', 'remove', 'too-early'],
    ]);
  });
});
