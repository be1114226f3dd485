import { expect, test } from '@jest/globals';
import { applyStep, readAskedStep } from '../../../bin/keys/plan-step.ts';

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
  expect(applyStep(readAskedStep(text), keys).map(({ name, state }) => `${name} ${state}`)).toEqual(expected);
});

test.each(['b', 'use:b', 'sign:'])('%s is no step', (text) => {
  expect(() => readAskedStep(text)).toThrow(/is no step; allowed: publish:<key>/);
});

test('a step of a key that is not there is refused, with those that are', () => {
  expect(() => applyStep(readAskedStep('sign:c'), keys)).toThrow('there is no key c; deployed: a, b');
});
