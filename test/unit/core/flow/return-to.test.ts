import { describe, expect, test } from '@jest/globals';
import { validateReturnTo } from '../../../../lambdas/core/flow/return-to.ts';

const policy = {
  publicUrl: 'https://service.gov.uk/auth',
  defaultPage: '/home',
  returnOrigins: ['https://account.service.gov.uk'],
};

describe('return_to', () => {
  test.each([
    ['/', '/'],
    ['/claims/12?tab=2#notes', '/claims/12?tab=2#notes'],
    ['/a/../b', '/b'],
    ['/caf%C3%A9', '/caf%C3%A9'],
    ['/café', '/caf%C3%A9'],
    ['/two%20words', '/two%20words'],
    ['/search?next=https://elsewhere.example', '/search?next=https://elsewhere.example'],
    ['/authority', '/authority'],
    ['https://service.gov.uk/claims', '/claims'],
    ['https://account.service.gov.uk/x?y=1', 'https://account.service.gov.uk/x?y=1'],
    ['HTTPS://ACCOUNT.service.gov.uk', 'https://account.service.gov.uk/'],
  ])('takes %s', (returnTo, expected) => {
    expect(validateReturnTo(returnTo, policy)).toBe(expected);
  });

  const refused = [
    // protocol-relative and slashes that browsers normalise
    '//evil.example',
    '///evil.example',
    '////evil.example/%2e%2e',
    '/\\evil.example',
    '\\\\evil.example',
    '\\/evil.example',
    '/\\/evil.example',
    '//\\evil.example',
    '/.//evil.example',
    '/x/..//evil.example',
    '/./\\evil.example',
    '//service.gov.uk@evil.example',
    // encoded once and more
    '/%2fevil.example',
    '/%2Fevil.example',
    '/%5cevil.example',
    '/%5Cevil.example',
    '/%252fevil.example',
    '/%255cevil.example',
    '/%25252fevil.example',
    '/%2e%2e%2f%2fevil.example',
    '/x%2f..%2f..%2f%2fevil.example',
    '%2f%2fevil.example',
    '%68ttps://evil.example',
    '/%',
    '/%zz',
    '/%c0%af%c0%afevil.example',
    '/%252525252541',
    // control characters and white space
    '/\r\nLocation: https://evil.example',
    '/x\r\nSet-Cookie: a=b',
    '/%0d%0aSet-Cookie:%20a=b',
    '/%00',
    '/\t/evil.example',
    '\t//evil.example',
    ' //evil.example',
    '/ /evil.example',
    '/\u0000evil',
    '/\u0085',
    '/\u200b/evil.example',
    '/\u2028//evil.example',
    '/%e2%80%a8',
    '\u3000//evil.example',
    // other origins, schemes and credentials
    'https://evil.example',
    'https://evil.example/https://service.gov.uk/',
    'https:evil.example',
    '//account.service.gov.uk/x',
    'https://[',
    'https://:password@account.service.gov.uk/',
    'https:/evil.example',
    'https:///evil.example',
    'http://service.gov.uk/',
    'http://account.service.gov.uk/',
    'https://service.gov.uk:444/',
    'https://service.gov.uk.evil.example/',
    'https://service.gov.uk@evil.example/',
    'https://user@service.gov.uk/',
    'https://user:password@account.service.gov.uk/',
    'https://account.service.gov.uk.evil.example',
    'https://xaccount.service.gov.uk',
    'HTTPS://EVIL.EXAMPLE',
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:https://service.gov.uk/x',
    'mailto:a@b.example',
    // unicode that folds to something else
    'https://evil。example',
    '／／evil.example',
    '/／evil.example/../..//evil.example',
    'https://ſervice.gov.uk.evil.example',
    // our own routes, and what is no path at all
    '/auth',
    '/auth/',
    '/auth/logout',
    '/AUTH/logout',
    '/auth/login?return_to=//evil.example',
    '/x/../auth/logout',
    '/%61uth/logout',
    '/%2561uth/logout',
    '/x/%2e%2e/auth/logout',
    '/auth%2flogout',
    'https://service.gov.uk/auth/logout',
    'claims',
    '?x=1',
    '#x',
    '.',
    '',
    `/${'a'.repeat(2048)}`,
    // longer than it looks, once it is encoded
    `/${'ŵ'.repeat(400)}`,
    `/?q=${'😀'.repeat(200)}`,
    `https://account.service.gov.uk/#${'"'.repeat(700)}`,
  ];

  test.each(refused)('sends %j to the default page', (returnTo) => {
    expect(validateReturnTo(returnTo, policy)).toBe('/home');
  });

  test('the list of refused values is long enough to mean something', () => {
    expect(new Set(refused).size).toBeGreaterThanOrEqual(60);
  });

  test('takes 2,048 characters', () => {
    const returnTo = `/${'a'.repeat(2047)}`;
    expect(validateReturnTo(returnTo, policy)).toBe(returnTo);
  });

  test('sends everybody to the default page who names none', () => {
    expect(validateReturnTo(undefined, policy)).toBe('/home');
  });

  test('keeps the routes of a deployment without a domain to itself', () => {
    const stage = { ...policy, publicUrl: 'https://abc.execute-api.eu-west-2.amazonaws.com/live/auth' };
    expect(validateReturnTo('/live/auth/logout', stage)).toBe('/home');
    expect(validateReturnTo('/live/other', stage)).toBe('/live/other');
  });
});
