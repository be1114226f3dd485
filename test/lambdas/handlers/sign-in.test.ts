import { beforeEach, describe, expect, test } from '@jest/globals';
import { RelyingPartyError } from '../../../lambdas/core/errors.ts';
import { sessionCookieName } from '../../../lambdas/core/session/cookies.ts';
import { locationOf } from '../../support/browser.ts';
import { browserCookieIn } from '../../support/browser-cookie.ts';
import { issuer } from '../../support/provider-documents.ts';
import { type RelyingParty, startRelyingParty } from '../../support/relying-party.ts';

let rp: RelyingParty;

beforeEach(async () => {
  rp = await startRelyingParty();
});

describe('signing in', () => {
  test('ends where the user wanted, with a session that userinfo tells of', async () => {
    const browser = rp.browser();
    const response = await rp.signIn(browser, '?return_to=/claims/12');
    expect(response.statusCode).toBe(303);
    expect(locationOf(response)).toBe('/claims/12');
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

  test('redirects nobody before the attempt is stored', async () => {
    rp.attempts.put = () => Promise.reject(new RelyingPartyError('dynamodb_unavailable', 'down'));
    const response = await rp.browser().request('/auth/login');
    expect(response.statusCode).toBe(503);
    expect(locationOf(response)).toBe('');
  });

  test.each(['login', 'prove-identity', 'reauthenticate'])(
    'that can not begin at %s offers to start again there, to the same page',
    async (route) => {
      rp.signer.sign = () => Promise.reject(new RelyingPartyError('kms_unavailable', 'down'));
      const page = await rp.browser().request(`/auth/${route}?return_to=/claims/12&lang=cy`);
      expect(page.statusCode).toBe(503);
      expect(page.body).toContain(`/auth/${route}?return_to=%2Fclaims%2F12&#38;lang=cy`);
    },
  );

  test('that can not begin offers no way to a page that return_to may not name', async () => {
    rp.signer.sign = () => Promise.reject(new RelyingPartyError('kms_unavailable', 'down'));
    const { body } = await rp.browser().request('/auth/login?return_to=https://evil.example/');
    expect(body).toContain('/auth/login?return_to=%2Fhome&#38;lang=en');
  });

  test('sends nothing to the provider that the caller supplied', async () => {
    const response = await rp.browser().request('/auth/login?prompt=none&login_hint=x&scope=evil&lang=cy');
    const url = new URL(locationOf(response));
    expect([...url.searchParams.keys()].sort()).toEqual(['client_id', 'request', 'response_type', 'scope']);
    const claims = JSON.parse(
      Buffer.from(url.searchParams.get('request')?.split('.')[1] ?? '', 'base64url').toString(),
    );
    expect(claims).toMatchObject({ ui_locales: 'cy', scope: 'openid email' });
    expect(claims).not.toHaveProperty('prompt');
    expect(claims).not.toHaveProperty('login_hint');
  });

  test('ends at a page whose address has an encoded percent sign, also after starting again', async () => {
    const browser = rp.browser();
    const query = '?return_to=%2Freports%2F50%2525-complete';
    expect(locationOf(await rp.signIn(browser, query))).toBe('/reports/50%25-complete');
    const { state } = await rp.begin(browser, query, '/auth/reauthenticate');
    const denied = await rp.callback(browser, { error: 'access_denied', state });
    expect(denied.body).toContain('return_to=%2Freports%2F50%2525-complete');
  });

  test('gives every attempt its own state, nonce and verifier, and the browser one cookie', async () => {
    const browser = rp.browser();
    const one = await browser.request('/auth/login');
    const cookie = browserCookieIn(browser.cookies);
    const two = await browser.request('/auth/login');
    expect(browserCookieIn(browser.cookies)).toEqual(cookie);
    const [first, second] = [one, two].map((response) => {
      const request = new URL(locationOf(response)).searchParams.get('request') ?? '';
      return JSON.parse(Buffer.from(request.split('.')[1] ?? '', 'base64url').toString());
    });
    for (const claim of ['state', 'nonce', 'code_challenge', 'jti'])
      expect(first[claim]).not.toBe(second[claim]);
  });

  test('again gives a new token and ends the session of the old one', async () => {
    rp = await startRelyingParty({ maxAge: 300 });
    const browser = rp.browser();
    await rp.signIn(browser);
    const before = browser.clone();
    rp.clock.advance(301_000);
    await rp.signIn(browser);
    expect(browser.cookies.get(sessionCookieName)).not.toBe(before.cookies.get(sessionCookieName));
    expect((await rp.userinfo(browser)).status).toBe(200);
    expect((await rp.userinfo(before)).status).toBe(401);
  });

  test('as somebody else than the one who left drops return_to', async () => {
    rp = await startRelyingParty({ maxAge: 300 });
    const browser = rp.browser();
    await rp.signIn(browser);
    rp.clock.advance(301_000);
    const attempt = await rp.begin(browser, '?return_to=/claims/12');
    rp.provider.sub = 'urn:fdc:gov.uk:2022:somebody-else';
    expect(locationOf(await rp.callback(browser, attempt))).toBe('/home');
    expect((await rp.userinfo(browser)).body).toMatchObject({ sub: 'urn:fdc:gov.uk:2022:somebody-else' });
  });
});

describe('the login page of somebody who is signed in', () => {
  test('goes straight on to return_to', async () => {
    const browser = rp.browser();
    await rp.signIn(browser);
    const response = await browser.request('/auth/login?return_to=/claims/12');
    expect(response.statusCode).toBe(303);
    expect(locationOf(response)).toBe('/claims/12');
  });

  test.each([
    ['expired without activity', 3_600_000],
    ['expired altogether', 28_800_000],
  ])('begins anew when the session has %s', async (_, elapsed) => {
    const browser = rp.browser();
    await rp.signIn(browser);
    rp.clock.advance(elapsed);
    expect(locationOf(await browser.request('/auth/login'))).toContain(`${issuer}authorize`);
  });

  test('begins anew when the user authenticated longer ago than max_age', async () => {
    rp = await startRelyingParty({ maxAge: 300 });
    const browser = rp.browser();
    await rp.signIn(browser);
    rp.clock.advance(300_000);
    expect(locationOf(await browser.request('/auth/login'))).toBe('/home');
    rp.clock.advance(1_000);
    expect(locationOf(await browser.request('/auth/login'))).toContain(`${issuer}authorize`);
  });
});
