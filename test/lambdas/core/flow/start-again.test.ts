import { expect, test } from '@jest/globals';
import { withStartAgain } from '../../../../lambdas/core/flow/start-again.ts';

test('an error that is not ours stays as it is, without a target of "start again"', () => {
  const error = new TypeError('x');
  const target = { purpose: 'login', returnTo: '/', language: 'en' } as Parameters<typeof withStartAgain>[1];
  expect(withStartAgain(error, target)).toBe(error);
});
