import { beforeEach, describe, expect, test } from '@jest/globals';
import { fromOwnPage } from '../../support/relying-party.ts';
import { browser, rp, start } from './relying-party.ts';

beforeEach(() => start());

const head = (path: string) => browser.request(path, { method: 'HEAD', ...fromOwnPage });

describe('HEAD', () => {
  test.each(['login', 'reauthenticate', 'prove-identity', 'in-person-return'])(
    'at %s stores no attempt, signs nothing and sets no cookie',
    async (route) => {
      rp.attempts.put = () => Promise.reject(new Error('nothing may be stored'));
      const response = await head(`/auth/${route}?return_to=/claims`);
      expect(response).toMatchObject({ statusCode: 200, body: '', headers: { 'Cache-Control': 'no-store' } });
      expect(response.multiValueHeaders).toBeUndefined();
      expect(rp.signer.signatures).toBe(0);
    },
  );

  // id: head-leaves-attempt
  test('at the callback leaves the attempt to the browser that comes with GET', async () => {
    const response = await rp.begin(browser);
    const path = `/auth/callback?${new URLSearchParams(response)}`;
    expect(await head(path)).toMatchObject({ statusCode: 200, body: '' });
    expect((await rp.callback(browser, response)).statusCode).toBe(303);
  });

  test('at the logout does not sign the user out', async () => {
    await rp.signIn(browser);
    expect(await head('/auth/logout')).toMatchObject({ statusCode: 200, body: '' });
    expect((await rp.userinfo(browser)).status).toBe(200);
  });

  test('at userinfo has the status of GET, and does not extend the session', async () => {
    expect(await head('/auth/userinfo')).toMatchObject({ statusCode: 401, body: '' });
    await rp.signIn(browser);
    rp.clock.advance(rp.lifetimes.idle - 1);
    expect(await head('/auth/userinfo')).toMatchObject({ statusCode: 200, body: '' });
    rp.clock.advance(1);
    expect((await rp.userinfo(browser)).status).toBe(401);
  });

  test.each([
    ['message?page=identity-not-proved', 200],
    ['message?page=nothing', 404],
    ['in-person-return?step=continue', 200],
    ['signed-out', 200],
  ])('at %s has the status of GET, and no body', async (path, status) => {
    expect((await browser.request(`/auth/${path}`)).body).not.toBe('');
    expect(await head(`/auth/${path}`)).toMatchObject({
      statusCode: status,
      headers: { 'Content-Type': 'text/html; charset=utf-8' },
      body: '',
    });
  });
});
