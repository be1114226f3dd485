import { beforeEach, describe, expect, test } from '@jest/globals';
import { decodeProtectedHeader } from 'jose';
import { createRandomValue } from '../../../lambdas/core/one-login/random-values.ts';
import { buildBrowserCookies } from '../../../lambdas/core/session/cookies.ts';
import {
  deriveSessionKey,
  deriveSubjectKey,
  parseSessionCredential,
} from '../../../lambdas/core/session/session-key.ts';
import { buttonScriptSource } from '../../../lib/pages/button-script.ts';
import { type Browser, readLocation } from '../../support/browser.ts';
import { cookieNames, sessionCookieName } from '../../support/cookie-names.ts';
import {
  buildDocument,
  createProviderSigningKey,
  issuer,
  jwksBody,
  type ProviderSigningKey,
} from '../../support/provider-documents.ts';
import {
  clientId,
  failWith,
  fromOwnPage,
  publicUrl,
  readRequestObject,
} from '../../support/relying-party.ts';
import { browser, changeBrowser, rp, start } from './relying-party.ts';

beforeEach(async () => {
  await start();
  await rp.signIn(browser, '?lang=cy');
});

const signOut = async (query = '', inBrowser = browser) =>
  new URL(readLocation(await rp.signOut(inBrowser, query)));
const isSignedIn = async () => (await rp.userinfo(browser, '?peek=1')).status === 200;
const subjectKey = () => deriveSubjectKey(clientId, rp.provider.sub);

describe('/auth/logout', () => {
  /** By a service worker, in Chromium. It is the same for an address that was typed. */
  const passedOn = {
    'Sec-Fetch-Site': 'same-origin',
    'Sec-Fetch-Mode': 'navigate',
    'Sec-Fetch-Dest': 'empty',
  };

  // id: own-page-signs-out
  test.each([
    ['GET', { 'Sec-Fetch-Site': 'same-origin' }],
    ['GET', { 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' }],
    ['POST', { 'Sec-Fetch-Site': 'same-origin' }],
    ['POST', { Origin: 'https://service.example' }],
    ['POST', { ...passedOn, Origin: 'https://service.example' }],
  ])('by %s with %j ends the session at once', async (method, headers) => {
    expect((await browser.request('/auth/logout', { method, headers })).statusCode).toBe(303);
    expect(browser.cookies.has(sessionCookieName)).toBe(false);
  });

  // id: sign-out-asks-first
  test.each([
    ['GET', {}],
    ['GET', { 'Sec-Fetch-Site': 'cross-site' }],
    ['GET', { 'Sec-Fetch-Site': 'same-site' }],
    ['GET', { 'Sec-Fetch-Site': 'none', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' }],
    ['GET', { Origin: 'https://service.example' }],
    ['GET', passedOn],
    ['POST', { ...passedOn, Origin: 'null' }],
    ['POST', {}],
    ['POST', { 'Sec-Fetch-Site': 'none' }],
    ['POST', { 'Sec-Fetch-Site': 'same-site', Origin: 'https://sibling.example' }],
    ['POST', { Origin: 'https://service.example.evil.example' }],
    ['POST', { Origin: 'https://evil.example', Host: 'evil.example', 'X-Forwarded-Host': 'evil.example' }],
    ['POST', { Origin: 'null' }],
  ])('by %s with %j asks the user first', async (method, headers) => {
    const response = await browser.request('/auth/logout', { method, headers });
    expect(response.statusCode).toBe(200);
    expect(response.body).toContain(
      '<form method="post" action="https://service.example/auth/logout?lang=cy">',
    );
    expect(await isSignedIn()).toBe(true);
  });

  // id: sign-out-deletes-session
  test('deletes the session, so that a copy of the cookie is worthless', async () => {
    const copy = browser.clone();
    await signOut();
    expect((await rp.userinfo(copy)).status).toBe(401);
  });

  test.each([
    ['a session', 0],
    ['an expired session', 28_800_000],
  ])(
    'sends the user of %s to One Login with the hint, the registered URI and the language',
    async (_, age) => {
      rp.clock.advance(age);
      const url = await signOut();
      expect(url.origin + url.pathname).toBe(`${issuer}logout`);
      expect(Object.fromEntries(url.searchParams)).toEqual({
        post_logout_redirect_uri: `${publicUrl}/signed-out`,
        id_token_hint: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
        state: 'cy',
      });
    },
  );

  test.each([
    ['never was', async () => browser.cookies.delete(sessionCookieName), 1],
    ['was deleted', () => rp.signOut(browser.clone()), 0],
    [
      'this version cannot read',
      async () => {
        const credential = parseSessionCredential(browser.cookies.get(sessionCookieName));
        const session = credential && (await rp.sessions.read(deriveSessionKey(credential)));
        if (session === undefined) throw new Error('the user is not signed in');
        await rp.sessions.put({ ...session, schemaVersion: 0 });
      },
      0,
    ],
    ['was revoked', () => rp.sessions.deleteAll(subjectKey()), 0],
  ])(
    'sends the user of a session that %s to One Login without a hint, and takes the cookie',
    async (_, change, left) => {
      await change();
      const response = await rp.signOut(browser, '?lang=cy');
      expect(readLocation(response)).toBe(`${issuer}logout`);
      expect(await rp.sessions.deleteAll(subjectKey())).toBe(left);
      expect(browser.cookies.has(sessionCookieName)).toBe(false);
    },
  );

  test('uses the requested language, if it is one of ours, or else the language of the session', async () => {
    const copy = browser.clone();
    expect((await signOut('?lang=en')).searchParams.get('state')).toBe('en');
    rp.clock.advance(1);
    await rp.signIn(copy, '?lang=cy');
    expect((await signOut('?lang=fr', copy)).searchParams.get('state')).toBe('cy');
  });

  test('withdraws the session of a callback that is under way in another tab', async () => {
    const response = await rp.begin(browser, '', '/auth/reauthenticate');
    const tab = browser.clone();
    const put = rp.sessions.put.bind(rp.sessions);
    rp.sessions.put = async (session) => {
      await signOut();
      await put(session);
    };
    const page = await rp.callback(tab, response);
    expect(page.statusCode).toBe(403);
    expect(page.body).toContain('Mae angen i chi fewngofnodi eto');
    expect(page.multiValueHeaders).toBeUndefined();
    expect(await rp.sessions.deleteAll(subjectKey())).toBe(0);
    rp.sessions.put = put;
    rp.clock.advance(1);
    expect((await rp.signIn(browser)).statusCode).toBe(303);
  });

  test('keeps the session of a callback that is under way in another browser', async () => {
    const other = rp.browser();
    const response = await rp.begin(other);
    const put = rp.sessions.put.bind(rp.sessions);
    rp.sessions.put = async (session) => {
      await signOut();
      await put(session);
    };
    expect((await rp.callback(other, response)).statusCode).toBe(303);
  });

  test('marks at most ten browser cookies', async () => {
    let marks = 0;
    rp.sessions.markRevoked = async () => {
      marks += 1;
    };
    const cookies = Array.from({ length: 30 }, () => {
      const secret = createRandomValue();
      return `${buildBrowserCookies(secret, [], cookieNames)[0]?.split('=')[0]}=${secret}`;
    });
    const headers = { ...fromOwnPage.headers, Cookie: cookies.join('; ') };
    expect((await rp.browser().request('/auth/logout', { headers })).statusCode).toBe(303);
    expect(marks).toBe(10);
  });

  // id: failed-sign-out-repeatable
  test.each<[string, () => unknown]>([
    [
      'deletes nothing',
      () => {
        rp.sessions.delete = failWith('dynamodb_unavailable');
      },
    ],
    [
      'marks no browser',
      () => {
        rp.sessions.markRevoked = failWith('dynamodb_unavailable');
      },
    ],
    [
      'cannot find out which hint One Login accepts',
      () => {
        const { readAll } = rp.store;
        let reads = 0;
        rp.clock.advance(60_000);
        rp.store.readAll = () => {
          reads += 1;
          // It takes so long that what was read is due again.
          if (reads === 1) return readAll.call(rp.store).finally(() => rp.clock.advance(60_000));
          return failWith('dynamodb_unavailable')();
        };
      },
    ],
  ])('keeps the session and the cookie when it %s, so that it can be repeated', async (_, fail) => {
    fail();
    const response = await rp.signOut(browser);
    expect(response).toMatchObject({ statusCode: 503, headers: { 'Retry-After': expect.anything() } });
    expect(browser.cookies.has(sessionCookieName)).toBe(true);
    expect(await isSignedIn()).toBe(true);
  });

  // id: failed-sign-out-warns
  test.each([
    ['an error of ours', failWith('dynamodb_unavailable')],
    ['any error', () => Promise.reject(new TypeError('x'))],
  ])('warns the user after %s that they may still be signed in', async (_, fail) => {
    rp.sessions.delete = fail;
    const { body } = await rp.signOut(browser, '?lang=en');
    expect(body).toContain('You may still be signed in.');
    expect(body).not.toContain('You have not been signed in');
    expect(body).toContain(`<a href="${publicUrl}/logout?lang=en"`);
  });

  test('shows an error without a session as long as the address of One Login cannot be read', async () => {
    rp.clock.advance(60_000);
    rp.store.readAll = failWith('dynamodb_unavailable');
    const response = await rp.signOut(rp.browser());
    expect(response.statusCode).toBe(503);
    expect(response.body).toContain('You may still be signed in.');
  });
});

describe('the hint of a sign-out', () => {
  const hasHint = async (inBrowser: Browser) => {
    const { searchParams } = await signOut('', inBrowser);
    expect([0, 3]).toContain(searchParams.size);
    return searchParams.has('id_token_hint');
  };
  const publish = async (...keys: readonly ProviderSigningKey[]) => {
    rp.provider.published = [...keys];
    rp.clock.advance(60_000);
    await rp.store.put(buildDocument('jwks', jwksBody(...keys), rp.clock.now()));
  };
  const [oldKey, newKey] = [createProviderSigningKey('old'), createProviderSigningKey('new')];
  beforeEach(async () => {
    changeBrowser();
    await publish(oldKey);
    await rp.signIn(browser);
  });

  test('is sent when One Login signs by the same key as at the sign-in', async () => {
    await publish(oldKey, newKey);
    await rp.signIn(rp.browser());
    expect(await hasHint(browser)).toBe(true);
  });

  // id: outdated-hint-left-out
  test('is left out once a user has signed in by a newer key, although the JWKS contains the old one', async () => {
    await publish(newKey, oldKey);
    const other = rp.browser();
    await rp.signIn(other);
    rp.clock.advance(60_000);
    expect(await hasHint(browser)).toBe(false);
    expect(await hasHint(other)).toBe(true);
  });

  test('is left out, but for a re-authentication, when its key is no longer in the JWKS', async () => {
    await publish(newKey);
    const { id_token_hint = '' } = readRequestObject(await browser.request('/auth/reauthenticate'));
    expect(decodeProtectedHeader(id_token_hint).kid).toBe('old');
    expect(await hasHint(browser)).toBe(false);
  });

  test('costs a sign-in one write when the key has changed, and none otherwise', async () => {
    let writes = 0;
    const put = rp.store.put.bind(rp.store);
    rp.store.put = (document) => {
      writes += 1;
      return put(document);
    };
    await rp.signIn(rp.browser());
    expect(writes).toBe(0);
    rp.provider.published = [newKey, oldKey];
    await put(buildDocument('jwks', jwksBody(newKey, oldKey), rp.clock.now()));
    rp.clock.advance(60_000);
    await rp.signIn(rp.browser());
    rp.store.readAll = failWith('dynamodb_unavailable');
    for (let count = 0; count < 2; count += 1) await rp.signIn(rp.browser());
    expect(writes).toBe(1);
  });

  test('fails no sign-in when the key cannot be stored', async () => {
    await publish(newKey);
    rp.store.put = failWith('dynamodb_unavailable');
    expect((await rp.signIn(rp.browser())).statusCode).toBe(303);
  });
});

describe('the page after signing out', () => {
  /** Comes back as One Login sends the browser. */
  const comeBack = (url: URL) => {
    const { pathname } = new URL(url.searchParams.get('post_logout_redirect_uri') ?? '');
    return browser.request(`${pathname}?state=${url.searchParams.get('state')}`);
  };

  test('is ours, in the language of the sign-out, when no other is named', async () => {
    const page = await comeBack(await signOut());
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('Rydych wedi allgofnodi');
  });

  test.each(['/bye?a=b%26c#d', 'https://forms.example/bye'])('is the return_to %s', async (returnTo) => {
    const url = await signOut(`?return_to=${encodeURIComponent(returnTo)}`);
    // One Login's simulator does not encode it on the way back.
    expect(url.searchParams.get('state')).toMatch(/^cy[\w-]+$/);
    expect(readLocation(await comeBack(url))).toBe(returnTo);
  });

  // id: sign-out-return-validated
  test.each(['//evil.example', 'https://evil.example/', '/auth/login', '/\\evil.example'])(
    'is never %s, whether in return_to or in a forged state',
    async (returnTo) => {
      const url = await signOut(`?return_to=${encodeURIComponent(returnTo)}`);
      expect(url.searchParams.get('state')).toBe('cy');
      const state = `en${Buffer.from(returnTo).toString('base64url')}`;
      const page = await browser.request(`/auth/signed-out?state=${state}`);
      expect([page.statusCode, readLocation(page)]).toEqual([200, '']);
    },
  );

  test('is the one of the config, unless return_to names another', async () => {
    await start({ signedOutUrl: '/goodbye' });
    await rp.signIn(browser);
    expect(readLocation(await comeBack(await signOut()))).toBe('/goodbye');
    rp.clock.advance(1);
    await rp.signIn(browser);
    expect(readLocation(await comeBack(await signOut('?return_to=/bye')))).toBe('/bye');
    for (const query of ['', '?state=%00%F0']) {
      expect(readLocation(await browser.request(`/auth/signed-out${query}`))).toBe('/goodbye');
    }
  });

  test('is left out, and not the hint, when One Login would not accept the address', async () => {
    const url = await signOut(`?return_to=/${'a'.repeat(1500)}`);
    expect(url.searchParams.get('state')).toBe('cy');
    expect(url.searchParams.has('id_token_hint')).toBe(true);
  });

  test('asks a user who is signed in whether to sign out', async () => {
    const page = await browser.request(
      `/auth/signed-out?state=en${Buffer.from('/bye').toString('base64url')}`,
    );
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('Do you want to sign out?');
    expect(page.body).toContain(
      '<form method="post" action="https://service.example/auth/logout?lang=en&#38;return_to=%2Fbye">',
    );
    expect(page.body).not.toContain('You are signed out');
    expect(await isSignedIn()).toBe(true);
  });

  test('is an error when the session cannot be read', async () => {
    rp.sessions.read = failWith('dynamodb_unavailable');
    const page = await browser.request('/auth/signed-out?state=en');
    expect(page.statusCode).toBe(503);
    expect(page.body).not.toContain('You are signed out');
  });
});

describe('the page that asks before it signs out', () => {
  test.each(['', '&ask=1'])('keeps return_to through the sign-out and the other language%s', async (more) => {
    const { body } = await browser.request(`/auth/logout?lang=en&return_to=/bye${more}`);
    expect(body).toContain('action="https://service.example/auth/logout?lang=en&#38;return_to=%2Fbye"');
    expect(body).toContain('https://service.example/auth/logout?ask=1&#38;lang=cy&#38;return_to=%2Fbye');
  });

  test('leaves out an address that users may not be sent to', async () => {
    const { body } = await browser.request('/auth/logout?lang=en&return_to=//evil.example');
    expect(body).not.toContain('evil');
  });

  test('may only send its form, which is followed by a redirect to One Login', async () => {
    const { headers } = await browser.request('/auth/logout');
    expect(headers?.['Content-Security-Policy']).toBe(
      `default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; script-src ${buttonScriptSource}; base-uri 'none'; frame-ancestors 'none'`,
    );
  });
});
