import { beforeEach, describe, expect, test } from '@jest/globals';
import { readLocation } from '../../support/browser.ts';
import { sessionCookieName } from '../../support/cookie-names.ts';
import { issuer } from '../../support/provider-documents.ts';
import { publicUrl, readRequestObject } from '../../support/relying-party.ts';
import { browser, rp, start } from './relying-party.ts';

const routes = ['login', 'reauthenticate', 'prove-identity', 'in-person-return'];

beforeEach(() => start({ maxAge: 300 }));

const readRequestAt = async (path: string) => readRequestObject(await browser.request(path));
const setAge = (seconds: number) => {
  rp.provider.changeIdToken = (claims) => ({ ...claims, auth_time: Number(claims['iat']) - seconds });
};
const removeOrigin = (url: string) => url.replace('https://service.example', '');
const readFaults = () =>
  rp.parseLog().flatMap(({ event, code, fault }) => (event === 'refused' ? [[code, fault]] : []));

describe('max_age', () => {
  // id: max-age-always-sent
  test.each(routes)('is sent by %s, without a session and from a session that is too old', async (route) => {
    expect(await readRequestAt(`/auth/${route}`)).toMatchObject({ max_age: 300 });
    await rp.signIn(browser);
    rp.clock.advance(301_000);
    expect(await readRequestAt(`/auth/${route}`)).toMatchObject({ max_age: 300 });
  });

  test('is sent as configured by a request that repeats another', async () => {
    expect(await readRequestAt('/auth/login?repeat=max_age&max_age=9999')).toMatchObject({ max_age: 300 });
  });
});

describe('an authentication older than max_age', () => {
  // id: max-age-for-identity
  test('does not suffice for prove-identity, although the identity is proved', async () => {
    await rp.complete(browser, '/auth/prove-identity');
    rp.clock.advance(300_000);
    expect(readLocation(await browser.request('/auth/prove-identity?return_to=/apply'))).toBe('/apply');
    rp.clock.advance(1_000);
    expect(readLocation(await browser.request('/auth/prove-identity'))).toContain(`${issuer}authorize`);
  });

  test.each([
    ['login', 'return_to=%2Fclaims%2F12&lang=cy&repeat=max_age'],
    ['prove-identity', 'return_to=%2Fclaims%2F12&lang=cy&repeat=max_age'],
    ['in-person-return', 'lang=cy&repeat=max_age'],
  ])('makes no session at %s, which sends the user to One Login once more', async (route, query) => {
    setAge(331);
    const answer = await rp.complete(browser, `/auth/${route}`, '?return_to=/claims/12&lang=cy');
    expect([answer.statusCode, readLocation(answer)]).toEqual([303, `${publicUrl}/${route}?${query}`]);
    expect(browser.cookies.has(sessionCookieName)).toBe(false);
    expect(readFaults()).toEqual([]);
  });

  test('keeps the session of a re-authentication, which is repeated', async () => {
    await rp.signIn(browser);
    const cookie = browser.cookies.get(sessionCookieName);
    setAge(331);
    const next = readLocation(await rp.complete(browser, '/auth/reauthenticate'));
    expect(next).toContain('/reauthenticate?');
    expect(browser.cookies.get(sessionCookieName)).toBe(cookie);
    expect(await readRequestAt(removeOrigin(next))).toMatchObject({ prompt: 'login', max_age: 300 });
  });

  // id: max-age-second-request
  test('is followed by a session when One Login honours the second request', async () => {
    setAge(331);
    const next = readLocation(await rp.signIn(browser, '?return_to=/claims/12'));
    setAge(0);
    expect(readLocation(await rp.complete(browser, removeOrigin(next)))).toBe('/claims/12');
    expect((await rp.userinfo(browser)).status).toBe(200);
  });

  // id: max-age-not-thrice
  test('is a fault of our registration when it comes twice, and is not requested a third time', async () => {
    setAge(331);
    const next = readLocation(await rp.signIn(browser));
    expect((await rp.complete(browser, removeOrigin(next))).statusCode).toBe(502);
    expect(readFaults()).toEqual([['max_age_ignored', 'configuration']]);
    expect(browser.cookies.has(sessionCookieName)).toBe(false);
  });

  test('counts as no fault when the user took too long twice', async () => {
    const takeTooLong = async (path: string) => {
      const response = await rp.begin(browser, '', path);
      rp.clock.advance(331_000);
      setAge(331);
      return rp.callback(browser, response);
    };
    const next = readLocation(await takeTooLong('/auth/login'));
    expect((await takeTooLong(removeOrigin(next))).statusCode).toBe(400);
    expect(readFaults()).toEqual([['id_token_auth_time_too_old', 'caller']]);
  });
});
