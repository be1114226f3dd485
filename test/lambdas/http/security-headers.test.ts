import { expect, test } from '@jest/globals';
import { RelyingPartyError } from '../../../lambdas/core/errors.ts';
import { trustedAddress } from '../../../lambdas/core/flow/return-to.ts';
import { htmlResponse, redirect } from '../../../lambdas/http/response.ts';
import { selectSecurityHeaders } from '../../../lambdas/http/security-headers.ts';
import { buttonScriptSource } from '../../../lib/pages/button-script.ts';
import { createRoute } from '../../support/call-route.ts';

/** All of them: no header lets other origins read a response. */
const protections = {
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  // Our own styles, fonts and images, and the one script of the buttons.
  'Content-Security-Policy': `default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; script-src ${buttonScriptSource}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
  'Strict-Transport-Security': 'max-age=63072000',
  'X-Robots-Tag': 'noindex',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

// id: security-headers
test.each([
  ['a page', async () => htmlResponse(200, '<h1>Page</h1>')],
  ['an error', () => Promise.reject(new RelyingPartyError('attempt_expired', 'too late'))],
  ['an unexpected error', () => Promise.reject(new TypeError('x'))],
])(
  '%s has exactly the headers against caching, referrers, sniffing, framing, foreign content, http and other origins',
  async (_, answer) => {
    const response = await createRoute(answer).call();
    expect(response.headers).toEqual({
      ...protections,
      'Content-Type': 'text/html; charset=utf-8',
      'Cross-Origin-Opener-Policy': 'same-origin',
    });
    expect(response.multiValueHeaders).toBeUndefined();
  },
);

test('a redirect shares the window with the page that opened it, and has all other headers', async () => {
  const { headers } = await createRoute(async () => redirect(trustedAddress('/'))).call();
  expect(headers).toEqual({ ...protections, Location: '/' });
});

test('a redirect without cookies sets none', async () => {
  const response = await createRoute(async () => redirect(trustedAddress('/'))).call();
  expect(response.multiValueHeaders).toBeUndefined();
});

test.each([
  [299, true],
  [300, false],
  [399, false],
  [400, true],
])('a response with the status %d separates its window from others: %s', (statusCode, separates) => {
  const headers = selectSecurityHeaders({ statusCode, body: '' });
  expect('Cross-Origin-Opener-Policy' in headers).toBe(separates);
});
