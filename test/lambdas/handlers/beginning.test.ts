import { beforeEach, describe, expect, test } from '@jest/globals';
import { sessionCookieName } from '../../../lambdas/core/session/cookies.ts';
import { type Browser, locationOf } from '../../support/browser.ts';
import { browserCookieIn } from '../../support/browser-cookie.ts';
import { issuer } from '../../support/provider-documents.ts';
import { type RelyingParty, startRelyingParty } from '../../support/relying-party.ts';

let rp: RelyingParty;
let browser: Browser;

async function start(settings: Parameters<typeof startRelyingParty>[0] = {}) {
  rp = await startRelyingParty(settings);
  browser = rp.browser();
}

beforeEach(() => start());

async function requestAt(path: string, inBrowser = browser): Promise<Record<string, unknown>> {
  const request = new URL(locationOf(await inBrowser.request(path))).searchParams.get('request') ?? '';
  return JSON.parse(Buffer.from(request.split('.')[1] ?? '', 'base64url').toString());
}
const beginsAnew = async (path: string) =>
  locationOf(await browser.request(path)).startsWith(`${issuer}authorize?`);

describe('what is asked of One Login', () => {
  test('names this moment, the redirect URI as registered, and the vectors', async () => {
    expect(await requestAt('/auth/login')).toMatchObject({
      redirect_uri: 'https://service.example/auth/callback',
      iat: rp.clock.now() / 1000,
      exp: rp.clock.now() / 1000 + 300,
      vtr: ['Cl.Cm'],
    });
  });

  test('has neither max_age nor claims when none are configured', async () => {
    const request = await requestAt('/auth/login');
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

  test('is not touched when there is nothing to begin', async () => {
    await rp.signIn(browser);
    const { multiValueHeaders } = await browser.request('/auth/login');
    expect(String(multiValueHeaders?.['Set-Cookie'])).not.toContain('__Host-one-login-browser');
  });
});

describe('a session', () => {
  test('below the level that is configured by now does not do', async () => {
    const vtr: ('Cl' | 'Cl.Cm')[] = ['Cl'];
    await start({ vtr });
    rp.provider.changeIdToken = (claims) => ({ ...claims, vot: 'Cl' });
    await rp.signIn(browser);
    expect(await beginsAnew('/auth/login')).toBe(false);
    vtr.splice(0, 1, 'Cl.Cm');
    expect(await beginsAnew('/auth/login')).toBe(true);
  });

  test('does when it has reached one of several vectors', async () => {
    await start({ vtr: ['Cl.Cm', 'Cl'] });
    rp.provider.changeIdToken = (claims) => ({ ...claims, vot: 'Cl' });
    await rp.signIn(browser);
    expect(await beginsAnew('/auth/login')).toBe(false);
  });

  test('of an ID token without auth_time does where no max_age is asked for', async () => {
    rp.provider.changeIdToken = (claims) => ({ ...claims, auth_time: undefined });
    await rp.signIn(browser);
    expect((await rp.userinfo(browser)).body).not.toHaveProperty('auth_time');
    expect(await beginsAnew('/auth/login')).toBe(false);
  });

  test.each([
    ['P1', true],
    ['P2', false],
  ])('with an identity proved at %s, where P2 is asked for by now, begins anew: %s', async (vot, anew) => {
    const identityVtr: ('Cl.Cm.P1' | 'Cl.Cm.P2')[] = ['Cl.Cm.P1'];
    await start({ identityVtr });
    rp.provider.coreIdentity = { ...rp.provider.coreIdentity, vot };
    await rp.callback(browser, await rp.begin(browser, '', '/auth/prove-identity'));
    expect(await beginsAnew('/auth/prove-identity')).toBe(false);
    identityVtr.splice(0, 1, 'Cl.Cm.P2');
    expect(await beginsAnew('/auth/prove-identity')).toBe(anew);
  });

  test('with an identity proved at one of the levels asked for does', async () => {
    await start({ identityVtr: ['Cl.Cm.P2', 'Cl.Cm.P1'] });
    rp.provider.coreIdentity = { ...rp.provider.coreIdentity, vot: 'P1' };
    await rp.callback(browser, await rp.begin(browser, '', '/auth/prove-identity'));
    expect(browser.cookies.has(sessionCookieName)).toBe(true);
    expect(await beginsAnew('/auth/prove-identity')).toBe(false);
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
