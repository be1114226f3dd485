import { beforeEach, describe, expect, test } from '@jest/globals';
import { sessionCookieName } from '../../../lambdas/core/session/cookies.ts';
import { type Browser, locationOf } from '../../support/browser.ts';
import { type RelyingParty, startRelyingParty } from '../../support/relying-party.ts';

let rp: RelyingParty;

beforeEach(async () => {
  rp = await startRelyingParty();
});

describe('a re-authentication', () => {
  const readAwsRequest = (location: string) =>
    JSON.parse(
      Buffer.from(new URL(location).searchParams.get('request')?.split('.')[1] ?? '', 'base64url').toString(),
    );
  const reauthenticate = (browser: Browser) => rp.begin(browser, '?return_to=/pay', '/auth/reauthenticate');
  let browser: Browser;

  beforeEach(async () => {
    browser = rp.browser();
    await rp.signIn(browser);
  });

  test('asks One Login for this very user', async () => {
    const location = locationOf(await browser.request('/auth/reauthenticate'));
    const { prompt, id_token_hint } = readAwsRequest(location);
    expect(prompt).toBe('login');
    expect(JSON.parse(Buffer.from(id_token_hint.split('.')[1], 'base64url').toString())).toMatchObject({
      sub: rp.provider.sub,
    });
  });

  test('gives a new session that tells when it was, by our clock', async () => {
    const before = browser.clone();
    rp.clock.advance(60_000);
    const response = await reauthenticate(browser);
    expect(locationOf(await rp.callback(browser, response))).toBe('/pay');
    const { body } = await rp.userinfo(browser);
    expect(body['session']).toMatchObject({ reauthenticated_at: rp.clock.now() / 1000 });
    expect((await rp.userinfo(before)).status).toBe(401);
  });

  test('as another user ends the session and signs nobody in', async () => {
    const before = browser.clone();
    const response = await reauthenticate(browser);
    rp.provider.sub = 'urn:fdc:gov.uk:2022:somebody-else';
    expect((await rp.callback(browser, response)).statusCode).toBe(403);
    expect(browser.cookies.has(sessionCookieName)).toBe(false);
    expect((await rp.userinfo(before)).status).toBe(401);
  });

  test('that fails at One Login ends the session here as well', async () => {
    const before = browser.clone();
    const { state } = await reauthenticate(browser);
    expect((await rp.callback(browser, { error: 'login_required', state })).statusCode).toBe(403);
    expect(browser.cookies.has(sessionCookieName)).toBe(false);
    expect((await rp.userinfo(before)).status).toBe(401);
  });

  test('of somebody without a session is a sign-in', async () => {
    const stranger = rp.browser();
    const location = locationOf(await stranger.request('/auth/reauthenticate?return_to=/pay'));
    expect(readAwsRequest(location)).not.toHaveProperty('prompt');
    expect(locationOf(await rp.callback(stranger, rp.provider.authorize(location)))).toBe('/pay');
    expect((await rp.userinfo(stranger)).body['session']).not.toHaveProperty('reauthenticated_at');
  });
});
