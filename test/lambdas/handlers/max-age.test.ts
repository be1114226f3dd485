import { beforeEach, describe, expect, test } from '@jest/globals';
import { sessionCookieName } from '../../../lambdas/core/session/cookies.ts';
import { type Browser, locationOf } from '../../support/browser.ts';
import { issuer } from '../../support/provider-documents.ts';
import { publicUrl, type RelyingParty, startRelyingParty } from '../../support/relying-party.ts';

const routes = ['login', 'reauthenticate', 'prove-identity', 'in-person-return'];

let rp: RelyingParty;
let browser: Browser;

beforeEach(async () => {
  rp = await startRelyingParty({ maxAge: 300 });
  browser = rp.browser();
});

const requestAt = async (path: string) => {
  const request = new URL(locationOf(await browser.request(path))).searchParams.get('request') ?? '';
  return JSON.parse(Buffer.from(request.split('.')[1] ?? '', 'base64url').toString());
};
const ageBy = (seconds: number) => {
  rp.provider.changeIdToken = (claims) => ({ ...claims, auth_time: Number(claims['iat']) - seconds });
};
const pathOf = (url: string) => url.replace('https://service.example', '');
const refusals = () =>
  rp.logLines
    .map((line) => JSON.parse(line) as { event?: string; code?: string; fault?: string })
    .filter(({ event }) => event === 'refused')
    .map(({ code, fault }) => [code, fault]);

describe('max_age', () => {
  test.each(routes)('is sent by %s without a session', async (route) => {
    expect(await requestAt(`/auth/${route}`)).toMatchObject({ max_age: 300 });
  });

  test.each(routes)('is sent by %s from a session that is too old', async (route) => {
    await rp.signIn(browser);
    rp.clock.advance(301_000);
    expect(await requestAt(`/auth/${route}`)).toMatchObject({ max_age: 300 });
  });

  test('is sent by a request that repeats another, as configured', async () => {
    expect(await requestAt('/auth/login?repeat=max_age&max_age=9999')).toMatchObject({ max_age: 300 });
  });
});

describe('a session whose authentication is older than max_age', () => {
  test('is not led straight on by prove-identity, though its identity is proved', async () => {
    await rp.callback(browser, await rp.begin(browser, '', '/auth/prove-identity'));
    rp.clock.advance(300_000);
    expect(locationOf(await browser.request('/auth/prove-identity?return_to=/apply'))).toBe('/apply');
    rp.clock.advance(1_000);
    expect(locationOf(await browser.request('/auth/prove-identity'))).toContain(`${issuer}authorize`);
  });
});

describe('an authentication older than max_age', () => {
  test.each([
    ['login', 'return_to=%2Fclaims%2F12&lang=cy&repeat=max_age'],
    ['prove-identity', 'return_to=%2Fclaims%2F12&lang=cy&repeat=max_age'],
    ['in-person-return', 'lang=cy&repeat=max_age'],
  ])('makes no session at %s: the user is sent to One Login once more', async (route, query) => {
    ageBy(331);
    const response = await rp.begin(browser, '?return_to=/claims/12&lang=cy', `/auth/${route}`);
    const answer = await rp.callback(browser, response);
    expect(answer.statusCode).toBe(303);
    expect(locationOf(answer)).toBe(`${publicUrl}/${route}?${query}`);
    expect(browser.cookies.has(sessionCookieName)).toBe(false);
    expect(refusals()).toEqual([]);
  });

  test('of a re-authentication leaves the session and repeats the re-authentication', async () => {
    await rp.signIn(browser);
    const cookie = browser.cookies.get(sessionCookieName);
    const response = await rp.begin(browser, '', '/auth/reauthenticate');
    ageBy(331);
    const next = locationOf(await rp.callback(browser, response));
    expect(next).toContain('/reauthenticate?');
    expect(browser.cookies.get(sessionCookieName)).toBe(cookie);
    expect(await requestAt(pathOf(next))).toMatchObject({ prompt: 'login', max_age: 300 });
  });

  test('leads to a session when One Login honours the second request', async () => {
    ageBy(331);
    const next = locationOf(await rp.signIn(browser, '?return_to=/claims/12'));
    ageBy(0);
    const end = await rp.callback(browser, await rp.begin(browser, '', pathOf(next)));
    expect(locationOf(end)).toBe('/claims/12');
    expect((await rp.userinfo(browser)).status).toBe(200);
  });

  test('twice in a row is a fault of our registration, and is not asked about a third time', async () => {
    ageBy(331);
    const next = locationOf(await rp.signIn(browser));
    const page = await rp.callback(browser, await rp.begin(browser, '', pathOf(next)));
    expect(page.statusCode).toBe(502);
    expect(refusals()).toEqual([['max_age_ignored', 'configuration']]);
    expect(browser.cookies.has(sessionCookieName)).toBe(false);
  });

  test('because the user took too long, twice in a row, is nobody’s fault', async () => {
    const takeTooLong = async (path: string) => {
      const response = await rp.begin(browser, '', path);
      rp.clock.advance(331_000);
      ageBy(331);
      return rp.callback(browser, response);
    };
    const next = locationOf(await takeTooLong('/auth/login'));
    expect((await takeTooLong(pathOf(next))).statusCode).toBe(400);
    expect(refusals()).toEqual([['id_token_auth_time_too_old', 'caller']]);
  });
});
