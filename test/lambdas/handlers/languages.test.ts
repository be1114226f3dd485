import { beforeEach, describe, expect, test } from '@jest/globals';
import type { APIGatewayProxyResult } from 'aws-lambda';
import { type Browser, readLocation } from '../../support/browser.ts';
import { failWith, fromOwnPage, publicUrl, readRequestObject } from '../../support/relying-party.ts';
import { browser, rp, start } from './relying-party.ts';

const welsh = { headers: { 'Accept-Language': 'cy-GB,cy;q=0.9' } };

beforeEach(() => start());

/** The language in which One Login is to show its pages. */
const readRequestedLanguage = async (path: string, options?: Parameters<Browser['request']>[1]) =>
  readRequestObject(await browser.request(path, options))['ui_locales'];

function readLanguage({ body }: APIGatewayProxyResult): string | undefined {
  return /<html lang="(\w+)"/.exec(body)?.[1];
}

describe('a journey', () => {
  const routes = ['/auth/login', '/auth/reauthenticate', '/auth/prove-identity', '/auth/in-person-return'];

  test.each(routes)(
    'that begins at %s is in the requested language, or else in the preferred one',
    async (route) => {
      expect(await readRequestedLanguage(`${route}?lang=cy`)).toBe('cy');
      expect(await readRequestedLanguage(`${route}?lang=en`, welsh)).toBe('en');
      expect(await readRequestedLanguage(route, welsh)).toBe('cy');
      expect(await readRequestedLanguage(`${route}?lang=fr`, welsh)).toBe('cy');
      expect(await readRequestedLanguage(route)).toBe('en');
    },
  );

  test.each(routes.slice(1))('that goes on at %s stays in the language of the session', async (route) => {
    await rp.signIn(browser, '?lang=cy');
    expect(await readRequestedLanguage(route, { headers: { 'Accept-Language': 'en-GB' } })).toBe('cy');
    expect(await readRequestedLanguage(`${route}?lang=en`)).toBe('en');
  });

  test('keeps its language from step to step, and over sign-out', async () => {
    await rp.signIn(browser, '?lang=cy');
    for (const step of ['/auth/reauthenticate', '/auth/prove-identity']) await rp.complete(browser, step);
    const state = new URL(readLocation(await rp.signOut(browser))).searchParams.get('state');
    expect(state).toBe('cy');
    expect(readLanguage(await browser.request(`/auth/signed-out?state=${state}`))).toBe('cy');
  });
});

describe('a page', () => {
  test.each(['/auth/callback', '/auth/logout', '/auth/signed-out', '/auth/message'])(
    'at %s is in the language that the browser prefers when no other is given',
    async (path) => {
      expect(readLanguage(await browser.request(path, welsh))).toBe('cy');
      expect(readLanguage(await browser.request(path))).toBe('en');
    },
  );

  test('that asks before it signs out is in the language of the session, if that can be read', async () => {
    await rp.signIn(browser, '?lang=cy');
    expect(readLanguage(await browser.request('/auth/logout'))).toBe('cy');
    expect(readLanguage(await browser.request('/auth/logout?lang=en'))).toBe('en');
    rp.sessions.read = failWith('dynamodb_unavailable');
    const page = await browser.request('/auth/logout');
    expect([page.statusCode, readLanguage(page)]).toEqual([200, 'en']);
  });

  test.each(['/auth/reauthenticate', '/auth/prove-identity', '/auth/logout'])(
    'about an error of %s is in the language of the session',
    async (route) => {
      await rp.signIn(browser, '?lang=cy');
      rp.signer.sign = failWith('kms_unavailable');
      rp.sessions.delete = failWith('kms_unavailable');
      const page = await browser.request(route, fromOwnPage);
      expect([page.statusCode, readLanguage(page)]).toEqual([503, 'cy']);
    },
  );
});

describe('the language switch', () => {
  /** Follows the page's link to itself in the other language. */
  async function switchLanguage(page: APIGatewayProxyResult) {
    const href = /href="([^"]*)" rel="alternate"/.exec(page.body)?.[1]?.replaceAll('&#38;', '&') ?? '';
    expect(href).toMatch(new RegExp(`^${publicUrl}/`));
    return browser.request(href.replace('https://service.example', ''), fromOwnPage);
  }

  test('of the page that asks before it signs out does not sign the user out', async () => {
    await rp.signIn(browser, '?lang=en');
    const page = await switchLanguage(await browser.request('/auth/logout'));
    expect([page.statusCode, readLanguage(page)]).toEqual([200, 'cy']);
    expect(page.body).toContain(`<form method="post" action="${publicUrl}/logout?lang=cy">`);
    expect((await rp.userinfo(browser)).status).toBe(200);
    expect(readLanguage(await switchLanguage(page))).toBe('en');
  });

  const deny = async (route: string) => {
    const { state } = await rp.begin(browser, '?lang=cy&return_to=/claims/12', route);
    return rp.callback(browser, { error: 'access_denied', state });
  };
  const number = /Reference number: 00000000\s*</;
  test.each<[string, () => Promise<APIGatewayProxyResult>, ...(string | RegExp)[]]>([
    ['after signing out', () => browser.request('/auth/signed-out?state=cy')],
    ['after an in-person check', () => browser.request('/auth/in-person-return?step=continue&lang=cy')],
    [
      'about an identity that was not proved',
      () => {
        rp.provider.coreIdentity = undefined;
        return rp.complete(browser, '/auth/prove-identity', '?lang=cy');
      },
      'You could not prove your identity',
    ],
    [
      'about access_denied to a sign-in',
      () => deny('/auth/login'),
      number,
      'You have not been signed in',
      'href="https://service.example/auth/login?return_to=%2Fclaims%2F12',
    ],
    [
      'about access_denied to an identity request',
      () => deny('/auth/prove-identity'),
      number,
      'You have not proved your identity',
      'href="https://service.example/auth/prove-identity?return_to=%2Fclaims%2F12',
    ],
    [
      'about access_denied after an in-person check',
      () => deny('/auth/in-person-return'),
      number,
      'You have not been signed in',
      'href="https://service.example/auth/in-person-return?',
    ],
  ])('of the page %s shows it again, with its number and its action', async (_, open, ...contents) => {
    const page = await open();
    const other = await switchLanguage(page);
    expect([page, other].map(readLanguage)).toEqual(['cy', 'en']);
    expect(other.statusCode).toBe(200);
    for (const content of contents) expect(other.body.replaceAll('&#38;', '&')).toMatch(content);
    expect((await switchLanguage(other)).body).toBe(page.body);
  });
});

describe('/auth/message', () => {
  const reference = '4d5c1e0a';
  const open = (query: Readonly<Record<string, string>>) =>
    browser.request(`/auth/message?${new URLSearchParams(query)}`);

  test.each([
    ['no page', { reference }],
    ['a page that is not about an error', { page: 'signed-out', reference }],
    ['a page that does not exist', { page: '__proto__', reference }],
    ['no reference', { page: 'problem' }],
    ['a reference that is none of ours', { page: 'problem', reference: 'call 0900 123' }],
    ['a whole request id', { page: 'problem', reference: `${reference}-3c3e-4b5e-9d55-6f7c5a1e0b42` }],
    ['a reference with something after it', { page: 'problem', reference: `${reference} call 0900` }],
  ])('with %s is a 404', async (_, query) => {
    expect((await open(query)).statusCode).toBe(404);
  });

  test('links only to pages that return_to may name', async () => {
    const page = await open({
      page: 'problem',
      reference,
      purpose: 'login',
      return_to: 'https://evil.example/',
    });
    expect(page.body).toContain('/auth/login?return_to=%2Fhome&#38;lang=en');
    expect(page.body).not.toContain('evil');
  });

  test('offers to sign in when its purpose is unknown or made up', async () => {
    for (const purpose of ['', 'logout', '../evil']) {
      const page = await open({ page: 'problem', reference, purpose, return_to: '/claims' });
      expect(page.body).toContain(`<a href="${publicUrl}/login?lang=en"`);
    }
  });

  test('reads no table, and sets no cookie', async () => {
    await rp.signIn(browser);
    rp.sessions.read = failWith('unexpected');
    const page = await open({ page: 'problem', reference });
    expect(page.statusCode).toBe(200);
    expect(page.multiValueHeaders).toBeUndefined();
  });
});
