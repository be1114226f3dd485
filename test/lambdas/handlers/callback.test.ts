import { beforeEach, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import { readLocation } from '../../support/browser.ts';
import { browserCookieIn } from '../../support/browser-cookie.ts';
import { sessionCookieName } from '../../support/cookie-names.ts';
import { createProviderSigningKey, issuer } from '../../support/provider-documents.ts';
import { clientId } from '../../support/relying-party.ts';
import { until } from '../../support/until.ts';
import { browser, rp, start } from './relying-party.ts';

beforeEach(() => start());

const askedEndpoints = () => rp.provider.requests.map(({ endpoint }) => endpoint);

describe('the callback', () => {
  // id: one-session-per-response
  test('makes exactly one session when one state and code arrive fifty times at once', async () => {
    const response = await rp.begin(browser);
    const windows = Array.from({ length: 50 }, () => browser.clone());
    const answers = await Promise.all(windows.map((window) => rp.callback(window, response)));
    expect(answers.filter(({ statusCode }) => statusCode === 303)).toHaveLength(1);
    expect(windows.filter(({ cookies }) => cookies.has(sessionCookieName))).toHaveLength(1);
    expect(answers.filter(({ statusCode }) => statusCode === 400)).toHaveLength(49);
  });

  // id: other-browser-gets-nothing
  test("makes no session in a stranger's browser and leaves the attempt to its own browser", async () => {
    const response = await rp.begin(browser);
    const stranger = rp.browser();
    await rp.begin(stranger);
    expect((await rp.callback(stranger, response)).statusCode).toBe(400);
    expect((await rp.callback(stranger, { error: 'access_denied', state: response.state })).statusCode).toBe(
      400,
    );
    expect(rp.refusals()).toEqual(['attempt_of_other_browser', 'attempt_of_other_browser']);
    expect(stranger.cookies.has(sessionCookieName)).toBe(false);
    expect((await rp.callback(browser, response)).statusCode).toBe(303);
  });

  test('connects to One Login while it takes the attempt and signs', async () => {
    const response = await rp.begin(browser);
    const taken = Promise.withResolvers<void>();
    const consume = rp.attempts.consume.bind(rp.attempts);
    rp.attempts.consume = async (...attempt) => {
      await taken.promise;
      return consume(...attempt);
    };
    const page = rp.callback(browser, response);
    await until('a connection', () => rp.provider.connected.length > 0);
    expect([rp.provider.connected, rp.provider.requests]).toEqual([[`${issuer}token`], []]);
    taken.resolve();
    expect((await page).statusCode).toBe(303);
  });

  test('also works with a client that opens no connections ahead', async () => {
    rp.provider.withSignal = () => ({ send: (request) => rp.provider.send(request) });
    expect((await rp.signIn(browser)).statusCode).toBe(303);
  });

  test('authenticates to One Login with an assertion for it, of now', async () => {
    await rp.signIn(browser);
    const { body = '' } = rp.provider.requests.find(({ endpoint }) => endpoint === 'token') ?? {};
    const iat = Math.floor(rp.clock.now() / 1000);
    expect(decodeJwt(new URLSearchParams(body).get('client_assertion') ?? '')).toMatchObject({
      iss: clientId,
      sub: clientId,
      aud: issuer,
      iat,
    });
  });

  test('signs nothing without exactly one browser cookie', async () => {
    const response = await rp.begin(browser);
    const { name, value } = browserCookieIn(browser.cookies);
    const path = `/auth/callback?${new URLSearchParams(response)}`;
    const before = rp.signer.signatures;
    for (const Cookie of ['', `${name}=${value}; ${name}=${value}`]) {
      expect((await rp.browser().request(path, { headers: { Cookie } })).statusCode).toBe(400);
    }
    expect(rp.signer.signatures).toBe(before);
    expect((await rp.callback(browser, response)).statusCode).toBe(303);
  });

  test.each<[string, Record<string, string>]>([
    ['without a state', { code: 'x' }],
    ['with a state that is not ours', { code: 'x', state: 'short' }],
    ['with neither code nor error', { state: 'x'.repeat(43) }],
  ])('signs nothing for a response %s', async (_, query) => {
    await rp.begin(browser);
    const before = rp.signer.signatures;
    expect((await rp.callback(browser, query)).statusCode).toBe(400);
    expect(rp.signer.signatures).toBe(before);
  });

  // id: attempt-expires
  test('refuses an attempt after two hours with a page that starts again for the same page', async () => {
    const response = await rp.begin(browser, '?return_to=/claims/12&lang=cy');
    rp.clock.advance(2 * 3_600_000);
    const page = await rp.callback(browser, response);
    expect([page.statusCode, rp.refusals()]).toEqual([400, ['attempt_expired']]);
    expect(page.body).toContain('/auth/login?return_to=%2Fclaims%2F12&#38;lang=cy');
  });

  // id: repeated-response-leads-on
  test('redirects a repeated response to the wanted page while the session lasts, and then to a page that starts again', async () => {
    const response = await rp.begin(browser, '?return_to=/claims/12');
    await rp.callback(browser, response);
    expect(readLocation(await rp.callback(browser, response))).toBe('/claims/12');
    browser.cookies.delete(sessionCookieName);
    const page = await rp.callback(browser, response);
    expect(page.statusCode).toBe(400);
    expect(page.body).toContain('return_to=%2Fclaims%2F12');
  });

  test('sends a signed-in user with an unknown attempt to the default page', async () => {
    await rp.signIn(browser);
    expect(readLocation(await rp.callback(browser, { code: 'x', state: 'y'.repeat(43) }))).toBe('/home');
  });

  // id: error-changes-nothing
  test('keeps the attempt and the session when One Login returns an error', async () => {
    await rp.signIn(browser);
    const before = browser.cookies.get(sessionCookieName);
    const { state, code } = await rp.begin(browser, '', '/auth/reauthenticate');
    expect((await rp.callback(browser, { error: 'access_denied', state })).statusCode).toBe(403);
    expect(browser.cookies.get(sessionCookieName)).toBe(before);
    expect((await rp.userinfo(browser)).status).toBe(200);
    expect((await rp.callback(browser, { state, code })).statusCode).toBe(303);
  });

  test.each<[string, string, () => void]>([
    [
      'another nonce',
      'id_token_nonce_unexpected',
      () => {
        rp.provider.changeIdToken = (claims) => ({ ...claims, nonce: 'another' });
      },
    ],
    [
      'a bad signature',
      'id_token_signature_invalid',
      () => {
        rp.provider.published = [createProviderSigningKey('key-1')];
      },
    ],
  ])('uses no access token that comes with an ID token with %s', async (_, code, breakToken) => {
    breakToken();
    const page = await rp.signIn(browser, '?return_to=/claims/12');
    expect([page.statusCode, rp.refusals(), askedEndpoints()]).toEqual([502, [code], ['token']]);
    expect(page.body).toContain('return_to=%2Fclaims%2F12');
    expect(browser.cookies.has(sessionCookieName)).toBe(false);
  });

  // id: stolen-code-refused
  test('makes no session with the code of another attempt', async () => {
    const one = await rp.begin(browser);
    const two = await rp.begin(browser);
    expect((await rp.callback(browser, { code: one.code, state: two.state })).statusCode).toBe(400);
    expect(rp.refusals()).toEqual(['token_grant_refused']);
    expect(browser.cookies.has(sessionCookieName)).toBe(false);
  });

  // id: foreign-userinfo-refused
  test('makes no session with the userinfo of another user', async () => {
    rp.provider.userinfo = { sub: 'urn:fdc:gov.uk:2022:another' };
    expect((await rp.signIn(browser)).statusCode).toBe(502);
    expect(rp.refusals()).toEqual(['userinfo_sub_unexpected']);
    expect(browser.cookies.has(sessionCookieName)).toBe(false);
  });

  test('uses a key that One Login has published since the documents were stored', async () => {
    rp.provider.published = [createProviderSigningKey('key-2'), ...rp.provider.published];
    expect((await rp.signIn(browser)).statusCode).toBe(303);
    expect(askedEndpoints().filter((endpoint) => endpoint === 'jwks')).toHaveLength(1);
  });

  test('sets no cookie for a session that is revoked meanwhile', async () => {
    const put = rp.sessions.put.bind(rp.sessions);
    rp.sessions.put = async (session) => {
      await put(session);
      await rp.sessions.markRevoked(session.key.subjectKey, rp.clock.now(), rp.clock.now() + 3_600_000);
    };
    expect((await rp.signIn(browser)).statusCode).toBe(403);
    expect(browser.cookies.has(sessionCookieName)).toBe(false);
  });
});
