import { beforeEach, describe, expect, test } from '@jest/globals';
import { RelyingPartyError } from '../../../lambdas/core/errors.ts';
import { sessionCookieName } from '../../../lambdas/core/session/cookies.ts';
import type { SealedSession } from '../../../lambdas/core/session/session.ts';
import {
  parseSessionCredential,
  sessionKeyOf,
  subjectKeyOf,
} from '../../../lambdas/core/session/session-key.ts';
import { securityHeaders } from '../../../lambdas/http/security-headers.ts';
import { Browser, locationOf } from '../../support/browser.ts';
import { issuer } from '../../support/provider-documents.ts';
import { clientId, publicUrl, type RelyingParty, startRelyingParty } from '../../support/relying-party.ts';

let rp: RelyingParty;
let browser: Browser;

beforeEach(async () => {
  rp = await startRelyingParty();
  browser = rp.browser();
  await rp.signIn(browser, '?lang=cy');
});

describe('userinfo', () => {
  test('without a session says where to sign in, as JSON', async () => {
    expect(await rp.userinfo(rp.browser())).toEqual({
      status: 401,
      body: { error: 'login_required', login_url: `${publicUrl}/login` },
    });
  });

  test('does not honour a session past its idle expiry, though the table still holds it', async () => {
    rp.clock.advance(rp.lifetimes.idle);
    expect((await rp.userinfo(browser)).status).toBe(401);
  });

  test('does not honour a session past its absolute expiry, however busy it was', async () => {
    for (let elapsed = 0; elapsed < rp.lifetimes.absolute; elapsed += 1_800_000) {
      expect((await rp.userinfo(browser)).status).toBe(200);
      rp.clock.advance(1_800_000);
    }
    expect((await rp.userinfo(browser)).status).toBe(401);
  });

  test('counts as activity, and a peek does not', async () => {
    const began = rp.clock.now();
    rp.clock.advance(1_800_000);
    const peeked = await rp.userinfo(browser, '?peek=1');
    expect(peeked.body['session']).toMatchObject({ idle_expires_at: (began + rp.lifetimes.idle) / 1000 });
    const used = await rp.userinfo(browser);
    expect(used.body['session']).toMatchObject({
      idle_expires_at: (began + 1_800_000 + rp.lifetimes.idle) / 1000,
    });
  });

  test('writes the idle expiry at most once per tenth of the idle time', async () => {
    let writes = 0;
    const extend = rp.sessions.extendIdle.bind(rp.sessions);
    rp.sessions.extendIdle = (key, idleExpiresAt) => {
      writes += 1;
      return extend(key, idleExpiresAt);
    };
    for (let call = 0; call < 10; call += 1) {
      rp.clock.advance(rp.lifetimes.idle / 50);
      await rp.userinfo(browser);
    }
    expect(writes).toBe(2);
  });

  test('answers when only the idle expiry could not be moved on, which the log has', async () => {
    const { body } = await rp.userinfo(browser, '?peek=1');
    rp.clock.advance(1_800_000);
    rp.sessions.extendIdle = () => Promise.reject(new RelyingPartyError('dynamodb_unavailable', 'down'));
    expect(await rp.userinfo(browser)).toEqual({ status: 200, body });
    const lines = rp.logLines.map((line) => JSON.parse(line));
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: 'error',
        event: 'session_not_extended',
        route: 'userinfo',
        code: 'dynamodb_unavailable',
      }),
    );
  });

  test('says 401 for a session that was deleted while it was read', async () => {
    rp.clock.advance(1_800_000);
    const read = rp.sessions.read.bind(rp.sessions);
    rp.sessions.read = async (key) => {
      const session = await read(key);
      await rp.sessions.delete(key);
      return session;
    };
    expect((await rp.userinfo(browser)).status).toBe(401);
  });

  test('counts two session cookies as none', async () => {
    const cookie = `${sessionCookieName}=${browser.cookies.get(sessionCookieName)}`;
    const response = await rp
      .browser()
      .request('/auth/userinfo', { headers: { Cookie: `${cookie}; ${cookie}` } });
    expect(response.statusCode).toBe(401);
  });

  test('answers JSON with Retry-After while the table is down', async () => {
    rp.sessions.read = () => Promise.reject(new RelyingPartyError('dynamodb_unavailable', 'down'));
    const response = await browser.request('/auth/userinfo');
    expect(response.statusCode).toBe(503);
    expect(response.headers).toMatchObject({ 'Content-Type': 'application/json', 'Retry-After': '30' });
    expect(JSON.parse(response.body)).toEqual({
      error: 'dynamodb_unavailable',
      reference: '00000000-0000-4000-8000-000000000001',
    });
  });
});

describe('logout', () => {
  async function changeSession(change: (session: SealedSession) => SealedSession) {
    const credential = parseSessionCredential(browser.cookies.get(sessionCookieName));
    const session = credential && (await rp.sessions.read(sessionKeyOf(credential)));
    if (session === undefined) throw new Error('nobody is signed in');
    await rp.sessions.put(change(session));
  }
  const sameOrigin = { headers: { 'Sec-Fetch-Site': 'same-origin' } };
  const signedIn = async () => (await rp.userinfo(browser, '?peek=1')).status === 200;

  test.each([
    ['GET', { 'Sec-Fetch-Site': 'same-origin' }],
    ['GET', { 'Sec-Fetch-Site': 'none' }],
    ['POST', { 'Sec-Fetch-Site': 'same-origin' }],
    ['POST', { Origin: 'https://service.example' }],
  ])('by %s with %j ends the session at once', async (method, headers) => {
    const response = await browser.request('/auth/logout', { method, headers });
    expect(response.statusCode).toBe(303);
    expect(browser.cookies.has(sessionCookieName)).toBe(false);
  });

  test.each([
    ['GET', {}],
    ['GET', { 'Sec-Fetch-Site': 'cross-site' }],
    ['GET', { 'Sec-Fetch-Site': 'same-site' }],
    ['GET', { Origin: 'https://service.example' }],
    ['POST', {}],
    ['POST', { 'Sec-Fetch-Site': 'none' }],
    ['POST', { 'Sec-Fetch-Site': 'same-site', Origin: 'https://sibling.example' }],
    ['POST', { Origin: 'https://service.example.evil.example' }],
    ['POST', { Origin: 'null' }],
    ['GET', { 'Sec-Fetch-Site': 'same-origin', 'Sec-Purpose': 'prefetch' }],
    ['GET', { 'Sec-Fetch-Site': 'none', 'Sec-Purpose': 'prefetch;prerender' }],
  ])('by %s with %j asks first', async (method, headers) => {
    const response = await browser.request('/auth/logout', { method, headers });
    expect(response.statusCode).toBe(200);
    expect(response.body).toContain(
      '<form method="post" action="https://service.example/auth/logout?lang=cy">',
    );
    expect(await signedIn()).toBe(true);
  });

  test('deletes the session, so that a copy of the cookie is worth nothing', async () => {
    const copy = browser.clone();
    await browser.request('/auth/logout', sameOrigin);
    expect((await rp.userinfo(copy)).status).toBe(401);
  });

  test('goes on to One Login with the hint, the registered URI and the language', async () => {
    const url = new URL(locationOf(await browser.request('/auth/logout', sameOrigin)));
    expect(url.origin + url.pathname).toBe(`${issuer}logout`);
    expect(url.searchParams.get('post_logout_redirect_uri')).toBe(`${publicUrl}/signed-out`);
    expect(url.searchParams.get('id_token_hint')).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    expect(url.searchParams.get('state')).toBe('cy');
  });

  test('ends an expired session at One Login as well', async () => {
    rp.clock.advance(rp.lifetimes.absolute);
    const url = new URL(locationOf(await browser.request('/auth/logout', sameOrigin)));
    expect(url.searchParams.has('id_token_hint')).toBe(true);
  });

  test('without a session ends on the signed-out page', async () => {
    const response = await rp.browser().request('/auth/logout', sameOrigin);
    expect(locationOf(response)).toBe(`${publicUrl}/signed-out`);
    const page = await rp.browser().request('/auth/signed-out');
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('You have signed out');
  });

  test.each([
    ['was deleted', () => browser.clone().request('/auth/logout', sameOrigin)],
    ['can not be read by this version', () => changeSession((session) => ({ ...session, schemaVersion: 0 }))],
  ])('of a session that %s ends on the signed-out page, and takes the cookie', async (_, change) => {
    await change();
    const response = await browser.request('/auth/logout?lang=cy', sameOrigin);
    expect(locationOf(response)).toBe(`${publicUrl}/signed-out?state=cy`);
    expect(browser.cookies.has(sessionCookieName)).toBe(false);
  });

  test('deletes a session that can not be read by this version', async () => {
    await changeSession((session) => ({ ...session, schemaVersion: 0 }));
    await browser.request('/auth/logout', sameOrigin);
    await expect(rp.sessions.deleteAll(subjectKeyOf(clientId, rp.provider.sub))).resolves.toBe(0);
  });

  test('goes on in the language that it is asked in, if that is one of ours', async () => {
    const copy = browser.clone();
    const stateOf = async (path: string, inBrowser: Browser) =>
      new URL(locationOf(await inBrowser.request(path, sameOrigin))).searchParams.get('state');
    expect(await stateOf('/auth/logout?lang=en', browser)).toBe('en');
    await rp.signIn(copy, '?lang=cy');
    expect(await stateOf('/auth/logout?lang=fr', copy)).toBe('cy');
  });

  test('that fails half way leaves the session and the cookie, so that it can be repeated', async () => {
    rp.sessions.delete = () => Promise.reject(new RelyingPartyError('dynamodb_unavailable', 'down'));
    const response = await browser.request('/auth/logout', sameOrigin);
    expect(response.statusCode).toBe(503);
    expect(response.headers?.['Retry-After']).toBeDefined();
    expect(browser.cookies.has(sessionCookieName)).toBe(true);
    expect(await signedIn()).toBe(true);
  });

  test.each([
    ['foreseen', new RelyingPartyError('dynamodb_unavailable', 'down')],
    ['not foreseen', new TypeError('x')],
  ])('that fails in a way that was %s lets nobody believe that they are signed out', async (_, error) => {
    rp.sessions.delete = () => Promise.reject(error);
    const { body } = await browser.request('/auth/logout?lang=en', sameOrigin);
    expect(body).toContain('You may still be signed in.');
    expect(body).not.toContain('You have not been signed in');
    expect(body).toContain(`<a href="${publicUrl}/logout?lang=en"`);
  });
});

describe('the page that asks', () => {
  test('may send its form, which leads on to One Login, and nothing else', async () => {
    const { headers } = await browser.request('/auth/logout');
    expect(headers?.['Content-Security-Policy']).toBe(
      "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
  });
});

describe('a function that is asked for a route of another one', () => {
  test.each(['/auth/login', '/auth/logout'] as const)('(%s) has no such page', async (path) => {
    const other = new Browser({ '/auth/other': rp.routes[path] });
    expect((await other.request('/auth/other')).statusCode).toBe(404);
  });
});

describe('every answer', () => {
  test.each([
    ['/auth/login', 'login'],
    ['/auth/reauthenticate', 'login'],
    ['/auth/callback', 'callback'],
    ['/auth/userinfo', 'userinfo'],
    ['/auth/signed-out', 'logout'],
    ['/auth/backchannel-logout', 'backchannel-logout'],
  ])('of %s is in the log, by the name of its function', async (path, route) => {
    const before = rp.logLines.length;
    const { statusCode: status } = await rp.browser().request(path, { method: 'POST' });
    expect(rp.logLines.slice(before).map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ event: 'answered', route, status, method: 'POST' }),
    );
  });

  test.each([
    '/auth/login',
    '/auth/callback',
    '/auth/userinfo',
    '/auth/logout',
    '/auth/signed-out',
    '/auth/message',
  ])('of %s has no header that tells what is behind it', async (path) => {
    const { headers } = await rp.browser().request(path);
    const known = [...Object.keys(securityHeaders), 'Content-Type', 'Location', 'Retry-After'];
    expect(known).toEqual(expect.arrayContaining(Object.keys(headers ?? {})));
    const { Location: _signed, ...others } = headers ?? {};
    expect(Object.values(others).join()).not.toMatch(/govuk|lambda|aws|node|middy/i);
  });

  test.each(['/auth/login', '/auth/callback', '/auth/userinfo', '/auth/logout', '/auth/signed-out'])(
    'of %s is not stored, sends no referrer and loads nothing',
    async (path) => {
      const { headers } = await rp.browser().request(path);
      expect(headers).toMatchObject({
        'Cache-Control': 'no-store',
        'Referrer-Policy': 'no-referrer',
        'X-Content-Type-Options': 'nosniff',
        'Content-Security-Policy': expect.stringMatching(/default-src 'none'.*frame-ancestors 'none'/),
      });
    },
  );
});
