import { beforeEach, describe, expect, test } from '@jest/globals';
import type { VectorOfTrust } from '../../../lambdas/core/one-login/vector-of-trust.ts';
import { readLocation } from '../../support/browser.ts';
import { browserCookieIn } from '../../support/browser-cookie.ts';
import { issuer } from '../../support/provider-documents.ts';
import { readRequestObject } from '../../support/relying-party.ts';
import { browser, rp, start } from './relying-party.ts';

beforeEach(() => start());

const beginsAnew = async (path: string) =>
  readLocation(await browser.request(path)).startsWith(`${issuer}authorize?`);

describe('the request to One Login', () => {
  test('contains the current time, the registered redirect URI and the vectors, and nothing that is not configured', async () => {
    const request = readRequestObject(await browser.request('/auth/login'));
    expect(request).toMatchObject({
      redirect_uri: 'https://service.example/auth/callback',
      iat: rp.clock.now() / 1000,
      exp: rp.clock.now() / 1000 + 300,
      vtr: ['Cl.Cm'],
    });
    expect(request).not.toHaveProperty('max_age');
    expect(request).not.toHaveProperty('claims');
  });
});

describe('the browser cookie', () => {
  test.each(['login', 'reauthenticate', 'prove-identity', 'in-person-return'])(
    'is kept by %s, so that the other tabs can finish',
    async (route) => {
      const response = await rp.begin(browser);
      const cookie = browserCookieIn(browser.cookies);
      await browser.request(`/auth/${route}`);
      expect(browserCookieIn(browser.cookies)).toEqual(cookie);
      expect((await rp.callback(browser, response)).statusCode).toBe(303);
    },
  );

  test('is not set again when there is nothing to begin', async () => {
    await rp.signIn(browser);
    const { multiValueHeaders } = await browser.request('/auth/login');
    expect(String(multiValueHeaders?.['Set-Cookie'])).not.toContain('__Host-one-login-browser');
  });
});

describe('a session', () => {
  // id: level-at-sign-in
  test.each<[string, VectorOfTrust[], VectorOfTrust[], boolean]>([
    ['below the level that is configured by now does not suffice', ['Cl'], ['Cl.Cm'], true],
    ['that reaches one of several vectors suffices', ['Cl.Cm', 'Cl'], ['Cl.Cm', 'Cl'], false],
  ])('%s', async (_, vtr, vtrNow, anew) => {
    await start({ vtr });
    rp.provider.changeIdToken = (claims) => ({ ...claims, vot: 'Cl' });
    await rp.signIn(browser);
    expect(await beginsAnew('/auth/login')).toBe(false);
    vtr.splice(0, vtr.length, ...vtrNow);
    expect(await beginsAnew('/auth/login')).toBe(anew);
  });

  test('without auth_time suffices where no max_age is configured', async () => {
    rp.provider.changeIdToken = (claims) => ({ ...claims, auth_time: undefined });
    await rp.signIn(browser);
    expect((await rp.userinfo(browser)).body).not.toHaveProperty('auth_time');
    expect(await beginsAnew('/auth/login')).toBe(false);
  });

  // id: identity-level-at-sign-in
  test.each<[string, VectorOfTrust[], VectorOfTrust[], string, boolean]>([
    ['P1 does not suffice where P2 is configured by now', ['Cl.Cm.P1'], ['Cl.Cm.P2'], 'P1', true],
    ['P2 suffices where P2 is configured by now', ['Cl.Cm.P1'], ['Cl.Cm.P2'], 'P2', false],
    ['one of the levels suffices', ['Cl.Cm.P2', 'Cl.Cm.P1'], ['Cl.Cm.P2', 'Cl.Cm.P1'], 'P1', false],
  ])('with an identity proved at %s', async (_, identityVtr, vtrNow, vot, anew) => {
    await start({ identityVtr });
    rp.provider.coreIdentity = { ...rp.provider.coreIdentity, vot };
    await rp.complete(browser, '/auth/prove-identity');
    expect(await beginsAnew('/auth/prove-identity')).toBe(false);
    identityVtr.splice(0, identityVtr.length, ...vtrNow);
    expect(await beginsAnew('/auth/prove-identity')).toBe(anew);
  });
});

describe('a service that proves no identities', () => {
  test.each(['prove-identity', 'in-person-return', 'in-person-return?step=continue'])(
    'has no page %s',
    async (route) => {
      await start({ identityVtr: [] });
      const page = await browser.request(`/auth/${route}`);
      expect(page.statusCode).toBe(404);
      expect(page.body).toContain('Page not found');
      expect(rp.signer.signatures).toBe(0);
    },
  );
});
