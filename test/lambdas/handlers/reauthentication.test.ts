import { beforeEach, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import { readLocation } from '../../support/browser.ts';
import { sessionCookieName } from '../../support/cookie-names.ts';
import { readRequestObject, somebodyElse } from '../../support/relying-party.ts';
import { browser, rp, start } from './relying-party.ts';

beforeEach(async () => {
  await start();
  await rp.signIn(browser);
});

const reauthenticate = () => rp.begin(browser, '?return_to=/pay', '/auth/reauthenticate');

describe('a re-authentication', () => {
  // id: reauthenticate-same-user
  test('requests this very user from One Login', async () => {
    const { prompt, id_token_hint = '' } = readRequestObject(await browser.request('/auth/reauthenticate'));
    expect(prompt).toBe('login');
    expect(decodeJwt(id_token_hint).sub).toBe(rp.provider.sub);
  });

  // id: reauthenticated-at
  test('gives a new session that contains its time, by our clock', async () => {
    const before = browser.clone();
    rp.clock.advance(60_000);
    expect(readLocation(await rp.callback(browser, await reauthenticate()))).toBe('/pay');
    const { body } = await rp.userinfo(browser);
    expect(body['session']).toMatchObject({ reauthenticated_at: rp.clock.now() / 1000 });
    expect((await rp.userinfo(before)).status).toBe(401);
  });

  // id: other-user-signs-out
  test.each([
    ['is by another user', ({ code, state }: Record<'code' | 'state', string>) => ({ code, state })],
    ['fails at One Login', ({ state }: { state: string }) => ({ error: 'login_required', state })],
  ])('that %s ends the session and signs no user in', async (_, answer) => {
    const before = browser.clone();
    const response = await reauthenticate();
    rp.provider.sub = somebodyElse;
    expect((await rp.callback(browser, answer(response))).statusCode).toBe(403);
    expect(browser.cookies.has(sessionCookieName)).toBe(false);
    expect((await rp.userinfo(before)).status).toBe(401);
  });

  test('by another user is refused, also if the browser has lost its session meanwhile', async () => {
    const response = await reauthenticate();
    browser.cookies.delete(sessionCookieName);
    rp.provider.sub = somebodyElse;
    expect((await rp.callback(browser, response)).statusCode).toBe(403);
    expect(rp.refusals()).toEqual(['reauthenticated_as_another']);
  });

  test('that fails at One Login is refused, also if the session has ended meanwhile', async () => {
    const { state } = await reauthenticate();
    rp.clock.advance(rp.lifetimes.idle);
    expect((await rp.callback(browser, { error: 'login_required', state })).statusCode).toBe(403);
    expect(rp.refusals()).toEqual(['authorization_login_required']);
    expect(browser.cookies.has(sessionCookieName)).toBe(false);
  });

  test('without a session is a sign-in', async () => {
    const stranger = rp.browser();
    const begun = await stranger.request('/auth/reauthenticate?return_to=/pay');
    expect(readRequestObject(begun)).not.toHaveProperty('prompt');
    expect(readLocation(await rp.callback(stranger, rp.provider.authorize(readLocation(begun))))).toBe(
      '/pay',
    );
    expect((await rp.userinfo(stranger)).body['session']).not.toHaveProperty('reauthenticated_at');
  });
});
