import { beforeEach, describe, expect, test } from '@jest/globals';
import { RelyingPartyError } from '../../../lambdas/core/errors.ts';
import { sessionCookieName } from '../../../lambdas/core/session/cookies.ts';
import { locationOf } from '../../support/browser.ts';
import { browserCookieIn } from '../../support/browser-cookie.ts';
import { createProviderSigningKey, issuer } from '../../support/provider-documents.ts';
import { type RelyingParty, startRelyingParty } from '../../support/relying-party.ts';

let rp: RelyingParty;

beforeEach(async () => {
  rp = await startRelyingParty();
});

const codesIn = (lines: readonly string[]) =>
  lines
    .map((line) => JSON.parse(line) as { event?: string; code?: string })
    .flatMap(({ event, code }) => (event === 'refused' && code !== undefined ? code : []));

describe('a callback', () => {
  test('with one state and code, fifty times at once, makes exactly one session', async () => {
    const browser = rp.browser();
    const response = await rp.begin(browser);
    const windows = Array.from({ length: 50 }, () => browser.clone());
    const answers = await Promise.all(windows.map((window) => rp.callback(window, response)));
    expect(answers.filter(({ statusCode }) => statusCode === 303)).toHaveLength(1);
    expect(windows.filter(({ cookies }) => cookies.has(sessionCookieName))).toHaveLength(1);
    expect(answers.filter(({ statusCode }) => statusCode === 400)).toHaveLength(49);
  });

  test("in a stranger's browser makes no session and burns nothing", async () => {
    const browser = rp.browser();
    const response = await rp.begin(browser);
    const stranger = rp.browser();
    await rp.begin(stranger);
    expect((await rp.callback(stranger, response)).statusCode).toBe(400);
    expect(stranger.cookies.has(sessionCookieName)).toBe(false);
    expect((await rp.callback(browser, response)).statusCode).toBe(303);
  });

  test('without a browser cookie, or with two, asks nobody to sign anything', async () => {
    const browser = rp.browser();
    const response = await rp.begin(browser);
    const query = new URLSearchParams(response);
    const { name, value } = browserCookieIn(browser.cookies);
    const cookie = `${name}=${value}`;
    const before = rp.signer.signatures;
    const without = await rp.browser().request(`/auth/callback?${query}`);
    const twice = await rp.browser().request(`/auth/callback?${query}`, {
      headers: { Cookie: `${cookie}; ${cookie}` },
    });
    expect([without.statusCode, twice.statusCode]).toEqual([400, 400]);
    expect(rp.signer.signatures).toBe(before);
    expect((await rp.callback(browser, response)).statusCode).toBe(303);
  });

  test.each([
    ['no state', { code: 'x' }],
    ['a state that is none of ours', { code: 'x', state: 'short' }],
    ['neither code nor error', { state: 'x'.repeat(43) }],
  ])('with %s is answered without a signature', async (_, query) => {
    const browser = rp.browser();
    await rp.begin(browser);
    const before = rp.signer.signatures;
    const response = await rp.callback(browser, query as Record<string, string>);
    expect(response.statusCode).toBe(400);
    expect(rp.signer.signatures).toBe(before);
  });

  test('after two hours is too late, and offers to start again to the same page', async () => {
    const browser = rp.browser();
    const response = await rp.begin(browser, '?return_to=/claims/12&lang=cy');
    rp.clock.advance(2 * 3_600_000);
    const page = await rp.callback(browser, response);
    expect(page.statusCode).toBe(400);
    expect(page.body).toContain('/auth/login?return_to=%2Fclaims%2F12&#38;lang=cy');
    expect(codesIn(rp.logLines)).toContain('attempt_expired');
  });

  test('that is repeated ends where the user wanted while the session stands, else on a page that starts again', async () => {
    const browser = rp.browser();
    const response = await rp.begin(browser, '?return_to=/claims/12');
    await rp.callback(browser, response);
    expect(locationOf(await rp.callback(browser, response))).toBe('/claims/12');
    browser.cookies.delete(sessionCookieName);
    const page = await rp.callback(browser, response);
    expect(page.statusCode).toBe(400);
    expect(page.body).toContain('return_to=%2Fclaims%2F12');
  });

  test('that nobody remembers ends on the default page for a user who is signed in', async () => {
    const browser = rp.browser();
    await rp.signIn(browser);
    const response = await rp.callback(browser, { code: 'x', state: 'y'.repeat(43) });
    expect(locationOf(response)).toBe('/home');
  });

  test('with an error leaves the attempt usable and the session as it was', async () => {
    const browser = rp.browser();
    await rp.signIn(browser);
    const before = browser.cookies.get(sessionCookieName);
    const { state, code } = await rp.begin(browser, '', '/auth/reauthenticate');
    const refused = await rp.callback(browser, { error: 'access_denied', state });
    expect(refused.statusCode).toBe(403);
    expect(browser.cookies.get(sessionCookieName)).toBe(before);
    expect((await rp.userinfo(browser)).status).toBe(200);
    expect((await rp.callback(browser, { state, code })).statusCode).toBe(303);
  });

  test('with an error under a state of another browser says nothing of that error', async () => {
    const { state } = await rp.begin(rp.browser());
    const stranger = rp.browser();
    await rp.begin(stranger);
    const response = await rp.callback(stranger, { error: 'access_denied', state });
    expect(response.statusCode).toBe(400);
    expect(codesIn(rp.logLines)).toEqual(['attempt_of_other_browser']);
  });

  test.each([
    ['access_denied', 403],
    ['login_required', 403],
    ['temporarily_unavailable', 503],
    ['unauthorized_client', 503],
    ['server_error', 502],
    ['invalid_request', 500],
    ['invalid_scope', 500],
    ['unsupported_response_type', 500],
    ['request_uri_not_supported', 500],
    ['unmet_authentication_requirements', 500],
    ['something_new', 502],
  ])('with the error %s is answered %i with a page and no session', async (error, status) => {
    const browser = rp.browser();
    const { state } = await rp.begin(browser);
    const response = await rp.callback(browser, { error, state, error_description: '<b>text</b>' });
    expect(response.statusCode).toBe(status);
    expect(response.body).toContain('<h1 ');
    expect(response.body).not.toContain('text</b>');
    expect('Retry-After' in (response.headers ?? {})).toBe(status === 502 || status === 503);
    expect(browser.cookies.has(sessionCookieName)).toBe(false);
  });

  test.each([
    ['iss', 'https://other.example/', 'id_token_iss_unexpected'],
    ['aud', 'another-client', 'id_token_aud_unexpected'],
    ['nonce', 'another', 'id_token_nonce_unexpected'],
    ['nonce', undefined, 'id_token_nonce_unexpected'],
    ['vot', 'Cl', 'id_token_vot_insufficient'],
    ['sub', undefined, 'id_token_sub_invalid'],
    ['at_hash', 'x', 'id_token_at_hash_unexpected'],
    ['iat', 9e9, 'id_token_from_the_future'],
    ['exp', 0, 'id_token_expired'],
  ])(
    'with an ID token whose %s is %s makes no session, and uses no access token',
    async (claim, value, code) => {
      rp.provider.changeIdToken = (claims) => ({ ...claims, [claim]: value });
      const browser = rp.browser();
      const response = await rp.signIn(browser, '?return_to=/claims/12');
      expect(response.statusCode).toBe(502);
      expect(codesIn(rp.logLines)).toEqual([code]);
      expect(browser.cookies.has(sessionCookieName)).toBe(false);
      expect(response.body).toContain('return_to=%2Fclaims%2F12');
      expect(rp.provider.requests.map(({ endpoint }) => endpoint)).toEqual(['token']);
    },
  );

  test('with an ID token whose signature is bad makes no session, and uses no access token', async () => {
    const [published] = rp.provider.published;
    if (published === undefined) throw new Error('the provider has no key');
    const { privateKey } = createProviderSigningKey(published.kid);
    rp.provider.published = [{ ...published, privateKey }];
    const browser = rp.browser();
    expect((await rp.signIn(browser)).statusCode).toBe(502);
    expect(codesIn(rp.logLines)).toEqual(['id_token_signature_invalid']);
    expect(rp.provider.requests.map(({ endpoint }) => endpoint)).toEqual(['token']);
  });

  test.each(['/auth/reauthenticate', '/auth/prove-identity'])(
    'to %s that fails at the revocation mark leaves the user signed in',
    async (at) => {
      const browser = rp.browser();
      await rp.signIn(browser);
      const before = browser.cookies.get(sessionCookieName);
      const response = await rp.begin(browser, '', at);
      rp.sessions.readRevokedBefore = () =>
        Promise.reject(new RelyingPartyError('dynamodb_unavailable', 'down'));
      expect((await rp.callback(browser, response)).statusCode).toBe(503);
      expect(browser.cookies.get(sessionCookieName)).toBe(before);
      expect((await rp.userinfo(browser)).status).toBe(200);
    },
  );

  test.each(['/auth/reauthenticate', '/auth/prove-identity'])(
    'to %s that cannot delete the old session sets the new cookie, and logs and counts the old one',
    async (at) => {
      const browser = rp.browser();
      await rp.signIn(browser);
      const before = browser.cookies.get(sessionCookieName);
      const response = await rp.begin(browser, '', at);
      rp.sessions.delete = () => Promise.reject(new RelyingPartyError('dynamodb_unavailable', 'down'));
      expect((await rp.callback(browser, response)).statusCode).toBe(303);
      expect(browser.cookies.get(sessionCookieName)).not.toBe(before);
      expect((await rp.userinfo(browser)).status).toBe(200);
      const lines = rp.logLines.map((line) => JSON.parse(line));
      expect(lines).toContainEqual(
        expect.objectContaining({ event: 'replaced_session_left', code: 'dynamodb_unavailable' }),
      );
      expect(lines).toContainEqual(expect.objectContaining({ replaced_sessions_left: 1 }));
    },
  );

  test('with an ID token of another attempt makes no session', async () => {
    const browser = rp.browser();
    const one = await rp.begin(browser);
    const two = await rp.begin(browser);
    const response = await rp.callback(browser, { code: one.code, state: two.state });
    expect(response.statusCode).toBe(400);
    expect(codesIn(rp.logLines)).toEqual(['token_grant_refused']);
    expect(browser.cookies.has(sessionCookieName)).toBe(false);
  });

  test('with userinfo of another user makes no session', async () => {
    rp.provider.userinfo = { sub: 'urn:fdc:gov.uk:2022:another' };
    const browser = rp.browser();
    expect((await rp.signIn(browser)).statusCode).toBe(502);
    expect(codesIn(rp.logLines)).toEqual(['userinfo_sub_unexpected']);
    expect(browser.cookies.has(sessionCookieName)).toBe(false);
  });

  test('follows a key that the provider has begun to use since the documents were stored', async () => {
    rp.provider.published = [createProviderSigningKey('key-2'), ...rp.provider.published];
    expect((await rp.signIn(rp.browser())).statusCode).toBe(303);
    expect(rp.provider.requests.filter(({ url }) => url.endsWith('jwks.json'))).toHaveLength(1);
  });

  test.each([
    ['token', 'hangs', 'provider_timed_out', 503],
    ['userinfo', 'hangs', 'provider_timed_out', 503],
    ['token', 'is down', 'provider_unreachable', 503],
    ['userinfo', 'is down', 'provider_unreachable', 503],
  ] as const)(
    'while the %s endpoint %s is answered with a page and no session',
    async (endpoint, _, code, status) => {
      rp.provider.intercept = ({ url }) =>
        url === `${issuer}${endpoint}` ? Promise.reject(new RelyingPartyError(code, 'test')) : undefined;
      const browser = rp.browser();
      const response = await rp.signIn(browser);
      expect(response.statusCode).toBe(status);
      expect(response.headers?.['Retry-After']).toBeDefined();
      expect(browser.cookies.has(sessionCookieName)).toBe(false);
    },
  );

  test.each([
    ['token', 502, '{"message":"Internal server error"}', 'token_endpoint_failed'],
    ['token', 500, 'plain text', 'token_endpoint_failed'],
    ['token', 200, 'null', 'token_response_malformed'],
    ['token', 400, '{"error":"invalid_client"}', 'token_request_refused'],
    ['userinfo', 401, '', 'userinfo_endpoint_failed'],
    ['userinfo', 200, '[]', 'userinfo_response_malformed'],
  ])('that the %s endpoint answers %i %j makes no session', async (endpoint, status, body, code) => {
    rp.provider.intercept = ({ url }) =>
      url === `${issuer}${endpoint}` ? Promise.resolve({ status, headers: {}, body }) : undefined;
    const browser = rp.browser();
    expect((await rp.signIn(browser)).statusCode).toBe(502);
    expect(codesIn(rp.logLines)).toEqual([code]);
    expect(browser.cookies.has(sessionCookieName)).toBe(false);
  });

  test('whose signature KMS does not give offers to start again to the same page', async () => {
    const browser = rp.browser();
    const response = await rp.begin(browser, '?return_to=/claims/12');
    rp.signer.sign = () => Promise.reject(new RelyingPartyError('kms_unavailable', 'down'));
    const page = await rp.callback(browser, response);
    expect(page.statusCode).toBe(503);
    expect(page.body).toContain('return_to=%2Fclaims%2F12');
  });

  test('whose session was revoked meanwhile sets no cookie', async () => {
    const browser = rp.browser();
    const put = rp.sessions.put.bind(rp.sessions);
    rp.sessions.put = async (session) => {
      await put(session);
      await rp.sessions.markRevoked(session.key.subjectKey, rp.clock.now(), rp.clock.now() + 3_600_000);
    };
    expect((await rp.signIn(browser)).statusCode).toBe(403);
    expect(browser.cookies.has(sessionCookieName)).toBe(false);
  });
});
