import { beforeEach, describe, expect, test } from '@jest/globals';
import { readLocation } from '../../support/browser.ts';
import { browserCookieIn } from '../../support/browser-cookie.ts';
import { sessionCookieName } from '../../support/cookie-names.ts';
import { issuer } from '../../support/provider-documents.ts';
import { failWith, readRequestObject, somebodyElse } from '../../support/relying-party.ts';
import { browser, rp, start } from './relying-party.ts';

beforeEach(() => start());

describe('a sign-in', () => {
  test('ends at the wanted page, with a session that userinfo describes', async () => {
    expect(await rp.signIn(browser, '?return_to=/claims/12')).toMatchObject({
      statusCode: 303,
      headers: { Location: '/claims/12' },
    });
    expect(await rp.userinfo(browser)).toEqual({
      status: 200,
      body: {
        sub: rp.provider.sub,
        email: 'somebody@example.com',
        email_verified: true,
        vot: 'Cl.Cm',
        auth_time: rp.clock.now() / 1000,
        identity: { outcome: 'not_requested', names: [], birth_dates: [], return_codes: [] },
        session: {
          expires_at: (rp.clock.now() + rp.lifetimes.absolute) / 1000,
          idle_expires_at: (rp.clock.now() + rp.lifetimes.idle) / 1000,
          language: 'en',
        },
      },
    });
  });

  test.each([
    ['login', '/claims/12&lang=cy', '%2Fclaims%2F12&#38;lang=cy'],
    ['prove-identity', '/claims/12&lang=cy', '%2Fclaims%2F12&#38;lang=cy'],
    ['reauthenticate', '/claims/12&lang=cy', '%2Fclaims%2F12&#38;lang=cy'],
    ['login', 'https://evil.example/', '%2Fhome&#38;lang=en'],
  ])(
    'that cannot begin at %s with return_to=%s offers to start again there for %s',
    async (route, to, kept) => {
      rp.signer.sign = failWith('kms_unavailable');
      const page = await browser.request(`/auth/${route}?return_to=${to}`);
      expect(page.statusCode).toBe(503);
      expect(page.body).toContain(`/auth/${route}?return_to=${kept}`);
    },
  );

  // id: caller-parameters-not-sent
  test('sends nothing to One Login that the caller supplied', async () => {
    const response = await browser.request('/auth/login?prompt=none&login_hint=x&scope=evil&lang=cy');
    const { searchParams } = new URL(readLocation(response));
    expect([...searchParams.keys()].sort()).toEqual(['client_id', 'request', 'response_type', 'scope']);
    const claims = readRequestObject(response);
    expect(claims).toMatchObject({ ui_locales: 'cy', scope: 'openid email' });
    expect(claims).not.toHaveProperty('prompt');
    expect(claims).not.toHaveProperty('login_hint');
  });

  test('ends at a page whose address has an encoded percent sign, also after starting again', async () => {
    const query = '?return_to=%2Freports%2F50%2525-complete';
    expect(readLocation(await rp.signIn(browser, query))).toBe('/reports/50%25-complete');
    const { state } = await rp.begin(browser, query, '/auth/reauthenticate');
    const denied = await rp.callback(browser, { error: 'access_denied', state });
    expect(denied.body).toContain('return_to=%2Freports%2F50%2525-complete');
  });

  // id: fresh-state-nonce-verifier
  test('gives every attempt its own state, nonce and verifier, and the browser one cookie', async () => {
    const first = readRequestObject(await browser.request('/auth/login'));
    const cookie = browserCookieIn(browser.cookies);
    const second = readRequestObject(await browser.request('/auth/login'));
    expect(browserCookieIn(browser.cookies)).toEqual(cookie);
    for (const claim of ['state', 'nonce', 'code_challenge', 'jti'])
      expect(first[claim]).not.toBe(second[claim]);
  });

  // id: new-token-at-sign-in
  test('in place of an older one gives a new token and ends the older session', async () => {
    await start({ maxAge: 300 });
    await rp.signIn(browser);
    const before = browser.clone();
    rp.clock.advance(301_000);
    await rp.signIn(browser);
    expect(browser.cookies.get(sessionCookieName)).not.toBe(before.cookies.get(sessionCookieName));
    expect((await rp.userinfo(browser)).status).toBe(200);
    expect((await rp.userinfo(before)).status).toBe(401);
  });

  test('by another user than the one who left goes to the default page', async () => {
    await start({ maxAge: 300 });
    await rp.signIn(browser);
    rp.clock.advance(301_000);
    const attempt = await rp.begin(browser, '?return_to=/claims/12');
    rp.provider.sub = somebodyElse;
    expect(readLocation(await rp.callback(browser, attempt))).toBe('/home');
    expect((await rp.userinfo(browser)).body).toMatchObject({ sub: somebodyElse });
  });
});

describe('the login route', () => {
  test('redirects a signed-in user to return_to', async () => {
    await rp.signIn(browser);
    expect(await browser.request('/auth/login?return_to=/claims/12')).toMatchObject({
      statusCode: 303,
      headers: { Location: '/claims/12' },
    });
  });

  test.each([
    ['has expired without activity', {}, 3_599_999],
    ['was authenticated longer ago than max_age', { maxAge: 300 }, 300_000],
  ])('begins a new sign-in once a session %s', async (_, settings, elapsed) => {
    await start(settings);
    await rp.signIn(browser);
    rp.clock.advance(elapsed);
    expect(readLocation(await browser.request('/auth/login'))).toBe('/home');
    rp.clock.advance(1);
    expect(readLocation(await browser.request('/auth/login'))).toContain(`${issuer}authorize`);
  });
});
