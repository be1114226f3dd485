import { beforeEach, describe, expect, test } from '@jest/globals';
import { securityHeaders } from '../../../lambdas/http/security-headers.ts';
import { Browser } from '../../support/browser.ts';
import { type RelyingParty, startRelyingParty } from '../../support/relying-party.ts';

let rp: RelyingParty;

beforeEach(async () => {
  rp = await startRelyingParty();
});

describe.each([
  ['/auth/login', 'login'],
  ['/auth/message', 'login'],
  ['/auth/callback', 'callback'],
  ['/auth/userinfo', 'userinfo'],
  ['/auth/logout', 'logout'],
  ['/auth/signed-out', 'logout'],
  ['/auth/backchannel-logout', 'backchannel-logout'],
] as const)('%s', (path, route) => {
  test('is in the log by the name of its function', async () => {
    const { statusCode: status } = await rp.browser().request(path, { method: 'POST' });
    expect(rp.parseLog()).toContainEqual(
      expect.objectContaining({ event: 'answered', route, status, method: 'POST' }),
    );
  });

  // id: headers-on-every-route
  test('has the headers that forbid caches, referrers and content of others, and none about our software', async () => {
    const { headers } = await rp.browser().request(path);
    expect(headers).toMatchObject({
      'Cache-Control': 'no-store',
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
      'Content-Security-Policy': expect.stringMatching(/default-src 'none'.*frame-ancestors 'none'/),
    });
    const known = [...Object.keys(securityHeaders), 'Content-Type', 'Location', 'Retry-After'];
    expect(known).toEqual(expect.arrayContaining(Object.keys(headers ?? {})));
    const { Location: _signed, ...others } = headers ?? {};
    expect(Object.values(others).join()).not.toMatch(/govuk|lambda|aws|node|middy/i);
  });
});

describe('a function with more than one route', () => {
  test.each(['/auth/login', '/auth/logout'] as const)('(%s) has no other page', async (path) => {
    const other = new Browser({ '/auth/other': rp.routes[path] });
    expect((await other.request('/auth/other')).statusCode).toBe(404);
  });
});
