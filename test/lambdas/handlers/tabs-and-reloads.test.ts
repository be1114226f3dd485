import { beforeEach, describe, expect, test } from '@jest/globals';
import { readLocation } from '../../support/browser.ts';
import { browserCookieIn, browserCookieNamesIn } from '../../support/browser-cookie.ts';
import { browserCookieName, sessionCookieName } from '../../support/cookie-names.ts';
import { failWith, somebodyElse } from '../../support/relying-party.ts';
import { browser, rp, start } from './relying-party.ts';

beforeEach(() => start());

describe('a callback that cannot be finished', () => {
  test("redirects a signed-in user when an older tab gets access_denied under the newer tab's state", async () => {
    await rp.begin(browser);
    const { code, state } = await rp.begin(browser, '?return_to=/claims/12');
    await rp.callback(browser, { code, state });
    expect(readLocation(await rp.callback(browser, { error: 'access_denied', state }))).toBe('/claims/12');
    expect((await rp.userinfo(browser)).status).toBe(200);
  });

  test('redirects a signed-in user without a browser cookie, which expires before the session, to the default page', async () => {
    const response = await rp.begin(browser, '?return_to=/claims/12');
    await rp.callback(browser, response);
    browser.cookies.delete(browserCookieIn(browser.cookies).name);
    const before = rp.signer.signatures;
    expect(readLocation(await rp.callback(browser, response))).toBe('/home');
    expect(rp.signer.signatures).toBe(before);
  });

  test('redirects a signed-in user to the wanted page when the attempt has expired', async () => {
    const response = await rp.begin(browser, '?return_to=/claims/12');
    await rp.signIn(browser);
    for (let hour = 0; hour < 4; hour += 1) {
      rp.clock.advance(1_800_000);
      await rp.userinfo(browser);
    }
    expect(readLocation(await rp.callback(browser, response))).toBe('/claims/12');
  });

  test.each([
    ['another user than the one who left', somebodyElse, '/home'],
    ['the user who left', undefined, '/apply'],
  ])('redirects %s to the same page again', async (_, sub, page) => {
    await rp.signIn(browser);
    rp.provider.sub = sub ?? rp.provider.sub;
    const response = await rp.begin(browser, '?return_to=/apply', '/auth/prove-identity');
    expect(readLocation(await rp.callback(browser, response))).toBe(page);
    expect(readLocation(await rp.callback(browser, response))).toBe(page);
  });

  test('redirects from a sign-in although the identity was not proved since', async () => {
    const response = await rp.begin(browser, '?return_to=/claims/12');
    await rp.callback(browser, response);
    rp.provider.coreIdentity = undefined;
    await rp.complete(browser, '/auth/prove-identity');
    expect(readLocation(await rp.callback(browser, response))).toBe('/claims/12');
  });

  test('redirects from an identity request although the user has signed in again since, without an identity', async () => {
    const response = await rp.begin(browser, '?return_to=/claims/12', '/auth/prove-identity');
    await rp.callback(browser, response);
    browser.cookies.delete(sessionCookieName);
    await rp.signIn(browser);
    expect(readLocation(await rp.callback(browser, response))).toBe('/claims/12');
  });

  test('redirects no signed-in user whose browser is not the one that began', async () => {
    await rp.signIn(browser);
    const response = await rp.begin(rp.browser(), '?return_to=/claims/12');
    expect((await rp.callback(browser, response)).statusCode).toBe(400);
  });

  test.each([
    ['whose attempt is unknown', { state: 'y'.repeat(43) }],
    ['whose browser has lost its cookie', {}],
  ])('offers to sign in to a user %s', async (_, changes) => {
    const response = await rp.begin(browser);
    if (!('state' in changes)) browser.cookies.clear();
    const page = await rp.callback(browser, { ...response, ...changes });
    expect(page.statusCode).toBe(400);
    expect(page.body).toContain('<a href="https://service.example/auth/login?lang=en" role="button"');
  });
});

describe('a browser without our cookies', () => {
  /** Each request leaves before any other has its response. */
  async function beginInParallel(count: number) {
    const tabs = await Promise.all(
      Array.from({ length: count }, async (_, index) => {
        const tab = browser.clone();
        return { tab, response: await rp.begin(tab, `?return_to=/claims/${index}`) };
      }),
    );
    for (const { tab } of tabs) for (const [name, value] of tab.cookies) browser.cookies.set(name, value);
    return tabs.map(({ response }) => response);
  }

  async function expectAllFinish(responses: readonly (Readonly<Record<string, string>> | undefined)[]) {
    for (const response of responses) {
      expect((await rp.callback(browser, response ?? {})).statusCode).toBe(303);
    }
  }

  // id: parallel-tabs
  test('finishes all tabs that begin in parallel, each at its own page', async () => {
    const responses = await beginInParallel(5);
    expect(browserCookieNamesIn(browser.cookies)).toHaveLength(5);
    for (const [index, response] of responses.entries()) {
      expect(readLocation(await rp.callback(browser, response))).toBe(`/claims/${index}`);
    }
  });

  test('keeps five cookies of any number after the next start', async () => {
    await beginInParallel(30);
    const [first, second] = await beginInParallel(2);
    const third = await rp.begin(browser);
    expect(browserCookieNamesIn(browser.cookies)).toHaveLength(5);
    await expectAllFinish([first, second, third]);
  });

  test('finishes an attempt that began under an earlier version, with its one cookie', async () => {
    const response = await rp.begin(browser);
    const { name, value } = browserCookieIn(browser.cookies);
    browser.cookies.delete(name);
    browser.cookies.set(browserCookieName, value);
    await expectAllFinish([response]);
  });
});

describe('a failed re-authentication', () => {
  beforeEach(async () => {
    await rp.signIn(browser);
  });

  test.each([
    ['login_required', (state: string, _code: string) => ({ error: 'login_required', state })],
    ['the code of another user', (state: string, code: string) => ({ code, state })],
  ])('with %s keeps the cookie of a session that could not be ended', async (_, answer) => {
    const { code, state } = await rp.begin(browser, '', '/auth/reauthenticate');
    rp.provider.sub = somebodyElse;
    rp.sessions.delete = failWith('dynamodb_unavailable');
    expect((await rp.callback(browser, answer(state, code))).statusCode).toBe(503);
    expect(browser.cookies.has(sessionCookieName)).toBe(true);
  });

  test('does not sign in a user who comes back in place of another whose cookie is gone', async () => {
    const response = await rp.begin(browser, '', '/auth/reauthenticate');
    browser.cookies.delete(sessionCookieName);
    rp.provider.sub = somebodyElse;
    expect((await rp.callback(browser, response)).statusCode).toBe(403);
    expect(browser.cookies.has(sessionCookieName)).toBe(false);
  });

  test('that is loaded again keeps the session that the user has begun since', async () => {
    const { state } = await rp.begin(browser, '', '/auth/reauthenticate');
    const refusal = { error: 'login_required', state };
    await rp.callback(browser, refusal);
    expect(browser.cookies.has(sessionCookieName)).toBe(false);
    rp.clock.advance(60_000);
    await rp.signIn(browser);
    expect((await rp.callback(browser, refusal)).statusCode).toBe(403);
    expect(browser.cookies.has(sessionCookieName)).toBe(true);
    expect((await rp.userinfo(browser)).status).toBe(200);
  });

  test('takes no cookie of a browser that has lost its own', async () => {
    const { state } = await rp.begin(browser, '', '/auth/reauthenticate');
    browser.cookies.delete(sessionCookieName);
    const page = await rp.callback(browser, { error: 'login_required', state });
    expect(page.statusCode).toBe(403);
    expect(page.multiValueHeaders).toBeUndefined();
  });

  test('takes the cookie of a session that has expired', async () => {
    rp.clock.advance(3_000_000);
    const { state } = await rp.begin(browser, '', '/auth/reauthenticate');
    rp.clock.advance(3_000_000);
    await rp.callback(browser, { error: 'login_required', state });
    expect(browser.cookies.has(sessionCookieName)).toBe(false);
  });
});
