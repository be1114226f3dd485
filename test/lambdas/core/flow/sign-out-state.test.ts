import { expect, test } from '@jest/globals';
import { parseSignOutState, serializeSignOutState } from '../../../../lambdas/core/flow/sign-out-state.ts';

test.each([
  { language: 'en', returnTo: '/a?b=ŵ' },
  { language: 'cy', returnTo: '' },
] as const)('the state of a logout request comes back as it was: %j', (state) => {
  expect(parseSignOutState(serializeSignOutState(state))).toEqual(state);
});

test.each([undefined, '', 'fr', 'xen', 'en!', 'en L2E', 'enL2E='])(
  'a state of another form is not read: %j',
  (state) => {
    expect(parseSignOutState(state)).toBeUndefined();
  },
);
