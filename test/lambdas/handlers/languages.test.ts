import { beforeEach, describe, expect, test } from '@jest/globals';
import type { APIGatewayProxyResult } from 'aws-lambda';
import { RelyingPartyError } from '../../../lambdas/core/errors.ts';
import { type Browser, locationOf } from '../../support/browser.ts';
import { publicUrl, type RelyingParty, startRelyingParty } from '../../support/relying-party.ts';

const welsh = { headers: { 'Accept-Language': 'cy-GB,cy;q=0.9' } };
const sameOrigin = { headers: { 'Sec-Fetch-Site': 'same-origin' } };

let rp: RelyingParty;
let browser: Browser;

beforeEach(async () => {
  rp = await startRelyingParty();
  browser = rp.browser();
});

/** What One Login is asked to speak. */
function askedOfOneLogin(response: APIGatewayProxyResult): unknown {
  const request = new URL(locationOf(response)).searchParams.get('request') ?? '';
  return JSON.parse(Buffer.from(request.split('.')[1] ?? '', 'base64url').toString()).ui_locales;
}

function readLanguage({ body }: APIGatewayProxyResult): string | undefined {
  return /<html lang="(\w+)"/.exec(body)?.[1];
}

describe('a journey', () => {
  const routes = ['/auth/login', '/auth/reauthenticate', '/auth/prove-identity', '/auth/in-person-return'];

  test.each(routes)('that begins at %s is in the language that was asked for', async (route) => {
    expect(askedOfOneLogin(await browser.request(`${route}?lang=cy`))).toBe('cy');
    expect(askedOfOneLogin(await browser.request(`${route}?lang=en`, welsh))).toBe('en');
  });

  test.each(routes)('that begins at %s is else in the one that the browser prefers', async (route) => {
    expect(askedOfOneLogin(await browser.request(route, welsh))).toBe('cy');
    expect(askedOfOneLogin(await browser.request(`${route}?lang=fr`, welsh))).toBe('cy');
    expect(askedOfOneLogin(await browser.request(route))).toBe('en');
  });

  test.each(['/auth/reauthenticate', '/auth/prove-identity', '/auth/in-person-return'])(
    'that goes on at %s stays in the language of the session',
    async (route) => {
      await rp.signIn(browser, '?lang=cy');
      const english = { headers: { 'Accept-Language': 'en-GB' } };
      expect(askedOfOneLogin(await browser.request(route, english))).toBe('cy');
      expect(askedOfOneLogin(await browser.request(`${route}?lang=en`))).toBe('en');
    },
  );

  test('keeps its language from step to step, and over sign-out', async () => {
    await rp.signIn(browser, '?lang=cy');
    for (const step of ['/auth/reauthenticate', '/auth/prove-identity']) {
      await rp.callback(browser, await rp.begin(browser, '', step));
    }
    expect(readLanguage(await browser.request('/auth/logout'))).toBe('cy');
    const leaving = new URL(locationOf(await browser.request('/auth/logout', sameOrigin)));
    const state = leaving.searchParams.get('state');
    expect(state).toBe('cy');
    expect(readLanguage(await browser.request(`/auth/signed-out?state=${state}`))).toBe('cy');
  });
});

describe('a page', () => {
  test('is in the language that the browser prefers when nothing else says which', async () => {
    for (const path of ['/auth/callback', '/auth/logout', '/auth/signed-out', '/auth/message']) {
      expect([path, readLanguage(await browser.request(path, welsh))]).toEqual([path, 'cy']);
      expect([path, readLanguage(await browser.request(path))]).toEqual([path, 'en']);
    }
  });

  test('that asks before it signs out is in the language of the session, if that can be read', async () => {
    await rp.signIn(browser, '?lang=cy');
    expect(readLanguage(await browser.request('/auth/logout'))).toBe('cy');
    expect(readLanguage(await browser.request('/auth/logout?lang=en'))).toBe('en');
    rp.sessions.read = () => Promise.reject(new RelyingPartyError('dynamodb_unavailable', 'down'));
    const page = await browser.request('/auth/logout');
    expect([page.statusCode, readLanguage(page)]).toEqual([200, 'en']);
  });

  test.each([
    ['/auth/reauthenticate', 'sign'],
    ['/auth/prove-identity', 'sign'],
    ['/auth/logout', 'delete'],
  ] as const)('about an error of %s is in the language of the session', async (route, broken) => {
    await rp.signIn(browser, '?lang=cy');
    const error = new RelyingPartyError('kms_unavailable', 'down');
    if (broken === 'sign') rp.signer.sign = () => Promise.reject(error);
    else rp.sessions.delete = () => Promise.reject(error);
    const page = await browser.request(route, sameOrigin);
    expect([page.statusCode, readLanguage(page)]).toEqual([503, 'cy']);
  });

  test('about an error of the callback is in the language of the attempt', async () => {
    const { state } = await rp.begin(browser, '?lang=cy');
    expect(readLanguage(await rp.callback(browser, { error: 'access_denied', state }))).toBe('cy');
  });
});

describe('the language switch', () => {
  /** Follows the page's link to itself in the other language. */
  async function switched(page: APIGatewayProxyResult) {
    const href = /href="([^"]*)" rel="alternate"/.exec(page.body)?.[1]?.replaceAll('&#38;', '&') ?? '';
    expect(href).toMatch(new RegExp(`^${publicUrl}/`));
    return browser.request(href.replace('https://service.example', ''), sameOrigin);
  }

  test('of the page that asks before it signs out signs nobody out', async () => {
    await rp.signIn(browser, '?lang=en');
    const page = await switched(await browser.request('/auth/logout'));
    expect([page.statusCode, readLanguage(page)]).toEqual([200, 'cy']);
    expect(page.body).toContain(`<form method="post" action="${publicUrl}/logout?lang=cy">`);
    expect((await rp.userinfo(browser)).status).toBe(200);
    expect(readLanguage(await switched(page))).toBe('en');
  });

  test.each(['/auth/signed-out?state=en', '/auth/in-person-return?step=continue&lang=en'])(
    'of %s leads to the same page',
    async (path) => {
      const page = await browser.request(path);
      const other = await switched(page);
      expect([page, other].map(readLanguage)).toEqual(['en', 'cy']);
      expect(other.statusCode).toBe(200);
      const back = await switched(other);
      expect(back.body).toBe(page.body);
    },
  );

  test('of the page about an identity that was not proved leads to the same page', async () => {
    rp.provider.coreIdentity = undefined;
    const page = await rp.callback(browser, await rp.begin(browser, '?lang=cy', '/auth/prove-identity'));
    const other = await switched(page);
    expect([page, other].map(readLanguage)).toEqual(['cy', 'en']);
    expect(other.body).toContain('You could not prove your identity');
    expect((await switched(other)).body).toBe(page.body);
  });

  test.each([
    ['denied', 'login', 'You have not been signed in', '/auth/login?return_to=%2Fclaims%2F12'],
    [
      'identity-denied',
      'prove-identity',
      'You have not proved your identity',
      '/auth/prove-identity?return_to=%2Fclaims%2F12',
    ],
    ['denied', 'in-person-return', 'You have not been signed in', '/auth/in-person-return?'],
  ])(
    'of the page %s after %s shows it again, its number and its action with it',
    async (_, purpose, heading, action) => {
      const { state } = await rp.begin(browser, '?lang=cy&return_to=/claims/12', `/auth/${purpose}`);
      const page = await rp.callback(browser, { error: 'access_denied', state });
      const other = await switched(page);
      expect([other.statusCode, readLanguage(other)]).toEqual([200, 'en']);
      expect(other.body).toContain(heading);
      expect(other.body).toMatch(/Reference number: 00000000\s*</);
      expect(other.body.replaceAll('&#38;', '&')).toContain(`href="https://service.example${action}`);
      expect((await switched(other)).body).toBe(page.body);
    },
  );
});

describe('GET /auth/message', () => {
  const reference = '4d5c1e0a';
  const ask = (query: Readonly<Record<string, string>>) =>
    browser.request(`/auth/message?${new URLSearchParams(query)}`);

  test.each([
    ['no page', { reference }],
    ['a page that is not about an error', { page: 'signed-out', reference }],
    ['a page that no function knows', { page: '__proto__', reference }],
    ['no reference', { page: 'problem' }],
    ['a reference that is none of ours', { page: 'problem', reference: 'call 0900 123' }],
    ['a whole request id', { page: 'problem', reference: `${reference}-3c3e-4b5e-9d55-6f7c5a1e0b42` }],
    ['a reference with something after it', { page: 'problem', reference: `${reference} call 0900` }],
  ])('with %s is not found', async (_, query) => {
    expect((await ask(query)).statusCode).toBe(404);
  });

  test('leads nowhere but where any other route leads', async () => {
    const page = await ask({
      page: 'problem',
      reference,
      purpose: 'login',
      return_to: 'https://evil.example/',
    });
    expect(page.body).toContain('/auth/login?return_to=%2Fhome&#38;lang=en');
    expect(page.body).not.toContain('evil');
  });

  test('offers to sign in when what the user was doing is not known, or is made up', async () => {
    for (const purpose of ['', 'logout', '../evil']) {
      const page = await ask({ page: 'problem', reference, purpose, return_to: '/claims' });
      expect(page.body).toContain(`<a href="${publicUrl}/login?lang=en"`);
    }
  });

  test('does nothing: it asks no table, and sets no cookie', async () => {
    await rp.signIn(browser);
    rp.sessions.read = () => Promise.reject(new Error('asked'));
    const page = await ask({ page: 'problem', reference });
    expect(page.statusCode).toBe(200);
    expect(page.multiValueHeaders).toBeUndefined();
  });
});
