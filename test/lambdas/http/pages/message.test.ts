import { describe, expect, test } from '@jest/globals';
import { chooseErrorPage } from '../../../../lambdas/http/pages/message.ts';

describe('chooseErrorPage', () => {
  test.each([
    ['problem', true, 'sign-out-problem'],
    ['not-found', true, 'not-found'],
    ['problem', false, 'problem'],
  ] as const)('chooses for "%s", while signing out: %s, the page "%s"', (page, signsOut, chosen) => {
    expect(chooseErrorPage(page, { signsOut, purpose: undefined })).toBe(chosen);
  });

  test.each([
    ['prove-identity', 'identity-denied'],
    ['login', 'denied'],
  ] as const)('chooses for a denial of %s the page "%s"', (purpose, chosen) => {
    expect(chooseErrorPage('denied', { signsOut: false, purpose })).toBe(chosen);
  });
});
