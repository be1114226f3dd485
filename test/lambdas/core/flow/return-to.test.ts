import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { trustedAddress, validateReturnTo } from '../../../../lambdas/core/flow/return-to.ts';
import { redirect } from '../../../../lambdas/http/response.ts';

const policy = {
  publicUrl: 'https://service.gov.uk/auth',
  defaultPage: trustedAddress('/home'),
  returnOrigins: ['https://account.service.gov.uk'],
};

describe('return_to', () => {
  test.each([
    ['/', '/'],
    ['/claims/12?tab=2#notes', '/claims/12?tab=2#notes'],
    ['/a/../b', '/b'],
    ['/.well-known/..x', '/.well-known/..x'],
    ['/reports./x', '/reports./x'],
    ['/a//b', '/a//b'],
    ['/caf%C3%A9', '/caf%C3%A9'],
    ['/café', '/caf%C3%A9'],
    ['/two%20words', '/two%20words'],
    ['/reports/50%25-complete', '/reports/50%25-complete'],
    ['/files/a%252Fb', '/files/a%252Fb'],
    ['/%252fa.example', '/%252fa.example'],
    ['/%2561uth/logout', '/%2561uth/logout'],
    ['/%252525252541', '/%252525252541'],
    ['/caf%E9', '/caf%E9'],
    [
      '/%D9%86%D9%85%DB%8C%E2%80%8C%D8%AF%D8%A7%D9%86%D9%85',
      '/%D9%86%D9%85%DB%8C%E2%80%8C%D8%AF%D8%A7%D9%86%D9%85',
    ],
    ['/نمی\u200cدانم', '/%D9%86%D9%85%DB%8C%E2%80%8C%D8%AF%D8%A7%D9%86%D9%85'],
    ['/10%C2%A0km', '/10%C2%A0km'],
    ['/10\u00a0km', '/10%C2%A0km'],
    ['/Llan%C2%ADfair', '/Llan%C2%ADfair'],
    ['/Llan\u00adfair', '/Llan%C2%ADfair'],
    ['/%e2%80%a8', '/%e2%80%a8'],
    ['/?q=50%25&r=%2525&s=50%', '/?q=50%25&r=%2525&s=50%'],
    ['https://account.service.gov.uk/50%25', 'https://account.service.gov.uk/50%25'],
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
    '/%2e%2e%2f%2fevil.example',
    '/x%2f..%2f..%2f%2fevil.example',
    '%2f%2fevil.example',
    '%68ttps://evil.example',
    '/%',
    '/%zz',
    '/%4',
    '/%c0%af%c0%afevil.example',
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
    '/%c2%85',
    '/%7f',
    '/x%5c..%5cauth',
    '/50%-complete',
    '/x%e0%80%afx',
    '/x%C0%AFx',
    '/x%c1%9cx',
    '/x%f0%80%80%afx',
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
    'https:///service.gov.uk/x',
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
    '/%61%75%74%68/logout',
    '/auth%2F',
    '/%2e%2e%2fauth/logout',
    '/x%2F%2E%2E%2Fauth/logout',
    '/x%2f..',
    '/x%2f%2e',
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

  // id: return-to-refused-values
  test('is tested with at least sixty refused values', () => {
    expect(new Set(refused).size).toBeGreaterThanOrEqual(60);
  });

  // id: return-to-stable
  test('leads to the same place when it is validated once more', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 4 }),
      fc.constantFrom(
        '%25',
        '%2F',
        '%',
        '/',
        '..',
        '%2e',
        '\\',
        '//',
        'auth',
        '%E9',
        '?',
        '#',
        '@',
        ':',
        ' ',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const address = validateReturnTo(`/${pieces.join('')}`, policy);
        expect(validateReturnTo(address, policy)).toBe(address);
        expect(new URL(address, policy.publicUrl).origin).toBe('https://service.gov.uk');
      }),
      { numRuns: 1000 },
    );
  });

  test('of a caller can not be redirected to before it is validated', () => {
    // @ts-expect-error a text is no address
    redirect('/claims');
    expect(redirect(validateReturnTo('/claims', policy)).headers).toEqual({ Location: '/claims' });
  });

  test('can have 2,048 characters', () => {
    const returnTo = `/${'a'.repeat(2047)}`;
    expect(validateReturnTo(returnTo, policy)).toBe(returnTo);
  });

  test('is the default page when it is missing', () => {
    expect(validateReturnTo(undefined, policy)).toBe('/home');
  });

  test('keeps the routes of a deployment without a domain to itself', () => {
    const stage = { ...policy, publicUrl: 'https://abc.execute-api.eu-west-2.amazonaws.com/live/auth' };
    expect(validateReturnTo('/live/auth/logout', stage)).toBe('/home');
    expect(validateReturnTo('/live/other', stage)).toBe('/live/other');
  });
});

describe('return_to of a service at another address', () => {
  test('may be a URL over http where the service is', () => {
    const local = { ...policy, publicUrl: 'http://localhost:8080/auth' };
    expect(validateReturnTo('http://localhost:8080/x', local)).toBe('/x');
  });

  test('is none of our own routes, however their path is spelt', () => {
    const capital = { ...policy, publicUrl: 'https://service.gov.uk/Auth' };
    for (const path of ['/Auth/login', '/auth/login']) expect(validateReturnTo(path, capital)).toBe('/home');
  });
});
