import { expect, test } from '@jest/globals';
import { applyStep, readStep } from '../../../bin/keys/plan-step.ts';

const keys = [
  { name: 'a', state: 'sign' },
  { name: 'b', state: 'publish' },
] as const;

test.each([
  ['publish:c', ['a sign', 'b publish', 'c publish']],
  ['sign:b', ['a publish', 'b sign']],
  ['retire:b', ['a sign', 'b retire']],
  ['remove:b', ['a sign']],
])('%s makes the key list %j', (text, expected) => {
  expect(applyStep(readStep(text), keys).map(({ name, state }) => `${name} ${state}`)).toEqual(expected);
});

test.each(['b', 'use:b', 'sign:'])('%s is no step', (text) => {
  expect(() => readStep(text)).toThrow(/is not a step; allowed: publish:<key>/);
});

test('a step of a key that is not there is refused, with those that are', () => {
  expect(() => applyStep(readStep('sign:c'), keys)).toThrow('there is no key c; deployed: a, b');
});
