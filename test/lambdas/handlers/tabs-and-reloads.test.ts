import { beforeEach, describe, expect, test } from '@jest/globals';
import { RelyingPartyError } from '../../../lambdas/core/errors.ts';
import { browserCookieName, sessionCookieName } from '../../../lambdas/core/session/cookies.ts';
import { type Browser, locationOf } from '../../support/browser.ts';
import { browserCookieIn, browserCookieNamesIn } from '../../support/browser-cookie.ts';
import { type RelyingParty, startRelyingParty } from '../../support/relying-party.ts';

let rp: RelyingParty;
let browser: Browser;

beforeEach(async () => {
  rp = await startRelyingParty();
  browser = rp.browser();
});

describe('a callback that can not be finished, of a user who is signed in', () => {
  test("leads on when an older tab is answered with access_denied under the newer tab's state", async () => {
    await rp.begin(browser);
    const { code, state } = await rp.begin(browser, '?return_to=/claims/12');
    await rp.callback(browser, { code, state });
    expect(locationOf(await rp.callback(browser, { error: 'access_denied', state }))).toBe('/claims/12');
    expect((await rp.userinfo(browser)).status).toBe(200);
  });

  test('leads to the default page when the browser cookie is gone, which lives shorter than a session', async () => {
    const response = await rp.begin(browser, '?return_to=/claims/12');
    await rp.callback(browser, response);
    browser.cookies.delete(browserCookieIn(browser.cookies).name);
    const before = rp.signer.signatures;
    expect(locationOf(await rp.callback(browser, response))).toBe('/home');
    expect(rp.signer.signatures).toBe(before);
  });

  test('leads on when the attempt has expired', async () => {
    const response = await rp.begin(browser, '?return_to=/claims/12');
    await rp.signIn(browser);
    for (let hour = 0; hour < 4; hour += 1) {
      rp.clock.advance(1_800_000);
      await rp.userinfo(browser);
    }
    expect(locationOf(await rp.callback(browser, response))).toBe('/claims/12');
  });

  test('leads another user than the one who left to the default page, as it did the first time', async () => {
    await rp.signIn(browser);
    rp.provider.sub = 'urn:fdc:gov.uk:2022:somebody-else';
    const response = await rp.begin(browser, '?return_to=/apply', '/auth/prove-identity');
    expect(locationOf(await rp.callback(browser, response))).toBe('/home');
    expect(locationOf(await rp.callback(browser, response))).toBe('/home');
  });

  test('leads on the user who left, also to what they began when they were signed in already', async () => {
    await rp.signIn(browser);
    const response = await rp.begin(browser, '?return_to=/apply', '/auth/prove-identity');
    await rp.callback(browser, response);
    expect(locationOf(await rp.callback(browser, response))).toBe('/apply');
  });

  test('leads on from a sign-in, though the identity was not proved since', async () => {
    const response = await rp.begin(browser, '?return_to=/claims/12');
    await rp.callback(browser, response);
    rp.provider.coreIdentity = undefined;
    await rp.callback(browser, await rp.begin(browser, '', '/auth/prove-identity'));
    expect(locationOf(await rp.callback(browser, response))).toBe('/claims/12');
  });

  test('leads nobody on whose browser is not the one that began', async () => {
    await rp.signIn(browser);
    const response = await rp.begin(rp.browser(), '?return_to=/claims/12');
    expect((await rp.callback(browser, response)).statusCode).toBe(400);
  });
});

describe('a callback that can not be finished, of a user who is not signed in', () => {
  test.each([
    ['whose attempt nobody remembers', () => ({ code: 'x', state: 'y'.repeat(43) })],
    ['whose browser has lost its cookie', withoutCookie],
  ])('%s offers to sign in', async (_, response) => {
    await rp.begin(browser);
    const page = await rp.callback(browser, await response());
    expect(page.statusCode).toBe(400);
    expect(page.body).toContain('<a href="https://service.example/auth/login?lang=en" role="button"');
  });

  async function withoutCookie() {
    const response = await rp.begin(browser);
    browser.cookies.clear();
    return response;
  }
});

describe('tabs that begin in parallel in a browser without any cookie of ours', () => {
  /** Each request leaves before the answer to any other has come. */
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

  test('all finish, each at its own page', async () => {
    const responses = await beginInParallel(5);
    expect(browserCookieNamesIn(browser.cookies)).toHaveLength(5);
    for (const [index, response] of responses.entries()) {
      expect(locationOf(await rp.callback(browser, response))).toBe(`/claims/${index}`);
    }
  });

  test('all finish after one more start, which takes one of their cookies', async () => {
    const responses = await beginInParallel(5);
    const sixth = await rp.begin(browser);
    expect(browserCookieNamesIn(browser.cookies)).toHaveLength(5);
    for (const response of [sixth, ...responses]) {
      expect((await rp.callback(browser, response)).statusCode).toBe(303);
    }
  });

  test('are of one user each: a callback in another browser finishes none of them', async () => {
    const [response = {}] = await beginInParallel(2);
    const stranger = rp.browser();
    await rp.begin(stranger);
    expect((await rp.callback(stranger, response)).statusCode).toBe(400);
  });

  test('leave five cookies, however many there were, after the next start', async () => {
    await beginInParallel(30);
    const [first, second] = await beginInParallel(2);
    const third = await rp.begin(browser);
    expect(browserCookieNamesIn(browser.cookies)).toHaveLength(5);
    for (const response of [first, second, third]) {
      expect((await rp.callback(browser, response ?? {})).statusCode).toBe(303);
    }
  });

  test('thirty in a row leave one cookie, and all finish', async () => {
    const responses: Awaited<ReturnType<typeof rp.begin>>[] = [];
    for (let start = 0; start < 30; start += 1) responses.push(await rp.begin(browser));
    expect(browserCookieNamesIn(browser.cookies)).toHaveLength(1);
    for (const response of responses) expect((await rp.callback(browser, response)).statusCode).toBe(303);
  });

  test('an attempt that began under an earlier version, with its one cookie, can be finished', async () => {
    const response = await rp.begin(browser);
    const { name, value } = browserCookieIn(browser.cookies);
    browser.cookies.delete(name);
    browser.cookies.set(browserCookieName, value);
    expect((await rp.callback(browser, response)).statusCode).toBe(303);
  });
});

describe('a session that could not be ended', () => {
  beforeEach(async () => {
    await rp.signIn(browser);
  });

  test.each([
    ['after login_required', (state: string, _code: string) => ({ error: 'login_required', state })],
    ['after somebody else came back', (state: string, code: string) => ({ code, state })],
  ])('%s keeps its cookie, so that it is not forgotten', async (_, answer) => {
    const { code, state } = await rp.begin(browser, '', '/auth/reauthenticate');
    rp.provider.sub = 'urn:fdc:gov.uk:2022:somebody-else';
    rp.sessions.delete = () => Promise.reject(new RelyingPartyError('dynamodb_unavailable', 'down'));
    expect((await rp.callback(browser, answer(state, code))).statusCode).toBe(503);
    expect(browser.cookies.has(sessionCookieName)).toBe(true);
  });

  test('since its cookie is gone, signs nobody in who comes back in the place of its user', async () => {
    const response = await rp.begin(browser, '', '/auth/reauthenticate');
    browser.cookies.delete(sessionCookieName);
    rp.provider.sub = 'urn:fdc:gov.uk:2022:somebody-else';
    expect((await rp.callback(browser, response)).statusCode).toBe(403);
    expect(browser.cookies.has(sessionCookieName)).toBe(false);
  });
});

describe('login_required that is loaded again', () => {
  test('leaves the session alone that the user has begun since', async () => {
    await rp.signIn(browser);
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

  test('takes the cookie of a session that has expired', async () => {
    await rp.signIn(browser);
    rp.clock.advance(3_000_000);
    const { state } = await rp.begin(browser, '', '/auth/reauthenticate');
    rp.clock.advance(3_000_000);
    await rp.callback(browser, { error: 'login_required', state });
    expect(browser.cookies.has(sessionCookieName)).toBe(false);
  });
});
