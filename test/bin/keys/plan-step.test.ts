import { describe, expect, it } from '@jest/globals';
import { applyStep, readStep } from '../../../bin/keys/plan-step.ts';

const keys = [
  { name: 'a', state: 'sign' },
  { name: 'b', state: 'publish' },
] as const;

describe('applyStep', () => {
  it.each([
    ['publish:c', ['a sign', 'b publish', 'c publish']],
    ['sign:b', ['a publish', 'b sign']],
    ['retire:b', ['a sign', 'b retire']],
    ['remove:b', ['a sign']],
  ])('turns %s into the key list %j', (text, expected) => {
    expect(applyStep(readStep(text), keys).map(({ name, state }) => `${name} ${state}`)).toEqual(expected);
  });

  it.each(['b', 'use:b', 'sign:'])('refuses %s, which is not a step', (text) => {
    expect(() => readStep(text)).toThrow(/is not a step; allowed: publish:<key>/);
  });

  it('refuses a step of an unknown key, and lists the deployed ones', () => {
    expect(() => applyStep(readStep('sign:c'), keys)).toThrow('there is no key c; deployed: a, b');
  });
});
