import { beforeEach, describe, expect, test } from '@jest/globals';
import { readLocation } from '../../support/browser.ts';
import { sessionCookieName } from '../../support/cookie-names.ts';
import { issuer } from '../../support/provider-documents.ts';
import { publicUrl } from '../../support/relying-party.ts';
import { browser, rp, start } from './relying-party.ts';

beforeEach(() => start());

const navigation = {
  'Sec-Fetch-Site': 'same-origin',
  'Sec-Fetch-Mode': 'navigate',
  'Sec-Fetch-Dest': 'document',
} as const;

/** What browsers, frameworks and proxies send for a page that no user has opened yet. */
const prefetches: readonly (readonly [name: string, headers: Record<string, string>])[] = [
  ['a prefetch by Next.js', { 'Next-Router-Prefetch': '1' }],
  ['a prefetch by a link element', { ...navigation, 'Sec-Fetch-Mode': 'no-cors', 'Sec-Purpose': 'prefetch' }],
  ['a prefetch by speculation rules', { ...navigation, 'Sec-Purpose': 'prefetch' }],
  ['a prerender by speculation rules', { ...navigation, 'Sec-Purpose': 'prefetch;prerender' }],
  ['a prefetch whose header a proxy renamed', { 'X-Sec-Purpose': 'prefetch' }],
  ['a prefetch by an older Chrome', { Purpose: 'prefetch' }],
  ['a preview by an older Safari', { 'X-Purpose': 'preview' }],
  ['a prefetch by an older Firefox', { 'X-Moz': 'prefetch' }],
];
const notNavigations: typeof prefetches = [
  ['a script', { ...navigation, 'Sec-Fetch-Mode': 'cors', 'Sec-Fetch-Dest': 'empty' }],
  ['a script that sends no mode', { 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Dest': 'empty' }],
  ['an image', { ...navigation, 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Dest': 'image' }],
  ['a frame', { ...navigation, 'Sec-Fetch-Dest': 'iframe' }],
  ['a script in an older Chrome', { 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Mode': 'cors' }],
  ...prefetches,
];

/** The response to a request that is not a navigation. */
const navigationRequired = (path: string) => ({
  statusCode: 403,
  body: JSON.stringify({ error: 'navigation_required', url: `${publicUrl}/${path}` }),
});

describe.each(notNavigations)('%s', (_, headers) => {
  // id: only-navigations-sign-in
  test.each(['login', 'reauthenticate', 'prove-identity', 'in-person-return'])(
    'starts nothing at /auth/%s and gets the address to open',
    async (route) => {
      rp.attempts.put = () => Promise.reject(new Error('an attempt was stored'));
      const query = '?journey=pay&return_to=%2Forders%3Fid%3D1&lang=cy';
      const response = await browser.request(`/auth/${route}${query}&other=1`, { headers });
      expect(response).toMatchObject(navigationRequired(`${route}${query}`));
      expect(response.multiValueHeaders).toBeUndefined();
      expect(rp.logLines.join()).not.toContain('started');
    },
  );

  // id: only-navigations-sign-out
  test.each(['GET', 'POST'])('does not sign the user out by %s', async (method) => {
    await rp.signIn(browser);
    const options = { method, headers: { ...headers, Origin: 'https://service.example' } };
    expect(await browser.request('/auth/logout', options)).toMatchObject(navigationRequired('logout'));
    expect((await rp.userinfo(browser)).status).toBe(200);
  });

  test('keeps the attempt of a callback and does not repeat the code', async () => {
    const response = await rp.begin(browser);
    const refused = await browser.request(`/auth/callback?${new URLSearchParams(response)}`, { headers });
    expect(refused).toMatchObject(navigationRequired('login'));
    expect((await rp.callback(browser, response)).statusCode).toBe(303);
    expect(browser.cookies.has(sessionCookieName)).toBe(true);
  });
});

describe.each(prefetches)('%s', (_, headers) => {
  test('does not extend the session at /auth/userinfo', async () => {
    await rp.signIn(browser);
    rp.clock.advance(1_800_000);
    const before = await rp.userinfo(browser, '?peek=1');
    const { statusCode, body } = await browser.request('/auth/userinfo', { headers });
    expect([statusCode, JSON.parse(body)]).toEqual([200, before.body]);
  });
});

describe('a navigation', () => {
  test.each([
    ['of a current browser', navigation],
    ['from another site', { ...navigation, 'Sec-Fetch-Site': 'cross-site' }],
    ['that a service worker passed on', { ...navigation, 'Sec-Fetch-Dest': 'empty' }],
    ['of a browser that sends no Fetch Metadata', {}],
    ["of a program that sends a mode alone, as Node's fetch does", { 'Sec-Fetch-Mode': 'cors' }],
  ])('%s signs in', async (_, headers) => {
    const begun = await browser.request('/auth/login', { headers });
    expect(readLocation(begun)).toContain(`${issuer}authorize?`);
    const query = new URLSearchParams(rp.provider.authorize(readLocation(begun)));
    expect((await browser.request(`/auth/callback?${query}`, { headers })).statusCode).toBe(303);
    expect((await rp.userinfo(browser)).status).toBe(200);
  });
});
