import { beforeEach, describe, expect, test } from '@jest/globals';
import { RelyingPartyError } from '../../../lambdas/core/errors.ts';
import {
  buildBrowserCookies,
  createBrowserSecret,
  sessionCookieName,
} from '../../../lambdas/core/session/cookies.ts';
import type { SealedSession } from '../../../lambdas/core/session/session.ts';
import {
  deriveSessionKey,
  deriveSubjectKey,
  parseSessionCredential,
} from '../../../lambdas/core/session/session-key.ts';
import { securityHeaders } from '../../../lambdas/http/security-headers.ts';
import { buttonScriptSource } from '../../../lib/pages/button-script.ts';
import { Browser, locationOf } from '../../support/browser.ts';
import {
  createProviderSigningKey,
  documentOf,
  issuer,
  jwksBody,
  type ProviderSigningKey,
} from '../../support/provider-documents.ts';
import { clientId, publicUrl, type RelyingParty, startRelyingParty } from '../../support/relying-party.ts';

let rp: RelyingParty;
let browser: Browser;

beforeEach(async () => {
  rp = await startRelyingParty();
  browser = rp.browser();
  await rp.signIn(browser, '?lang=cy');
});

describe('userinfo', () => {
  test('without a session says where to sign in, as JSON', async () => {
    expect(await rp.userinfo(rp.browser())).toEqual({
      status: 401,
      body: { error: 'login_required', login_url: `${publicUrl}/login` },
    });
  });

  test('does not honour a session past its idle expiry, though the table still holds it', async () => {
    rp.clock.advance(rp.lifetimes.idle);
    expect((await rp.userinfo(browser)).status).toBe(401);
  });

  test('does not honour a session past its absolute expiry, however busy it was', async () => {
    for (let elapsed = 0; elapsed < rp.lifetimes.absolute; elapsed += 1_800_000) {
      expect((await rp.userinfo(browser)).status).toBe(200);
      rp.clock.advance(1_800_000);
    }
    expect((await rp.userinfo(browser)).status).toBe(401);
  });

  test('counts as activity, and a peek does not', async () => {
    const began = rp.clock.now();
    rp.clock.advance(1_800_000);
    const peeked = await rp.userinfo(browser, '?peek=1');
    expect(peeked.body['session']).toMatchObject({ idle_expires_at: (began + rp.lifetimes.idle) / 1000 });
    const used = await rp.userinfo(browser);
    expect(used.body['session']).toMatchObject({
      idle_expires_at: (began + 1_800_000 + rp.lifetimes.idle) / 1000,
    });
  });

  test('writes the idle expiry at most once per tenth of the idle time', async () => {
    let writes = 0;
    const extend = rp.sessions.extendIdle.bind(rp.sessions);
    rp.sessions.extendIdle = (key, idleExpiresAt) => {
      writes += 1;
      return extend(key, idleExpiresAt);
    };
    for (let call = 0; call < 10; call += 1) {
      rp.clock.advance(rp.lifetimes.idle / 50);
      await rp.userinfo(browser);
    }
    expect(writes).toBe(2);
  });

  test('answers when only the idle expiry could not be moved on, which the log has', async () => {
    const { body } = await rp.userinfo(browser, '?peek=1');
    rp.clock.advance(1_800_000);
    rp.sessions.extendIdle = () => Promise.reject(new RelyingPartyError('dynamodb_unavailable', 'down'));
    expect(await rp.userinfo(browser)).toEqual({ status: 200, body });
    const lines = rp.logLines.map((line) => JSON.parse(line));
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: 'error',
        event: 'session_not_extended',
        route: 'userinfo',
        code: 'dynamodb_unavailable',
      }),
    );
  });

  test('says 401 for a session that was deleted while it was read', async () => {
    rp.clock.advance(1_800_000);
    const read = rp.sessions.read.bind(rp.sessions);
    rp.sessions.read = async (key) => {
      const session = await read(key);
      await rp.sessions.delete(key);
      return session;
    };
    expect((await rp.userinfo(browser)).status).toBe(401);
  });

  test('counts two session cookies as none', async () => {
    const cookie = `${sessionCookieName}=${browser.cookies.get(sessionCookieName)}`;
    const response = await rp
      .browser()
      .request('/auth/userinfo', { headers: { Cookie: `${cookie}; ${cookie}` } });
    expect(response.statusCode).toBe(401);
  });

  test('answers JSON with Retry-After while the table is down', async () => {
    rp.sessions.read = () => Promise.reject(new RelyingPartyError('dynamodb_unavailable', 'down'));
    const response = await browser.request('/auth/userinfo');
    expect(response.statusCode).toBe(503);
    expect(response.headers).toMatchObject({ 'Content-Type': 'application/json', 'Retry-After': '30' });
    expect(JSON.parse(response.body)).toEqual({
      error: 'dynamodb_unavailable',
      reference: '00000000',
    });
  });
});

describe('logout', () => {
  async function changeSession(change: (session: SealedSession) => SealedSession) {
    const credential = parseSessionCredential(browser.cookies.get(sessionCookieName));
    const session = credential && (await rp.sessions.read(deriveSessionKey(credential)));
    if (session === undefined) throw new Error('nobody is signed in');
    await rp.sessions.put(change(session));
  }
  const sameOrigin = { headers: { 'Sec-Fetch-Site': 'same-origin' } };
  /** By a service worker, in Chromium. It is the same for an address that was typed. */
  const passedOn = {
    'Sec-Fetch-Site': 'same-origin',
    'Sec-Fetch-Mode': 'navigate',
    'Sec-Fetch-Dest': 'empty',
  };
  const signedIn = async () => (await rp.userinfo(browser, '?peek=1')).status === 200;

  test.each([
    ['GET', { 'Sec-Fetch-Site': 'same-origin' }],
    ['GET', { 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' }],
    ['POST', { 'Sec-Fetch-Site': 'same-origin' }],
    ['POST', { Origin: 'https://service.example' }],
    ['POST', { ...passedOn, Origin: 'https://service.example' }],
  ])('by %s with %j ends the session at once', async (method, headers) => {
    const response = await browser.request('/auth/logout', { method, headers });
    expect(response.statusCode).toBe(303);
    expect(browser.cookies.has(sessionCookieName)).toBe(false);
  });

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
    ['POST', { Origin: 'null' }],
  ])('by %s with %j asks first', async (method, headers) => {
    const response = await browser.request('/auth/logout', { method, headers });
    expect(response.statusCode).toBe(200);
    expect(response.body).toContain(
      '<form method="post" action="https://service.example/auth/logout?lang=cy">',
    );
    expect(await signedIn()).toBe(true);
  });

  test('deletes the session, so that a copy of the cookie is worth nothing', async () => {
    const copy = browser.clone();
    await browser.request('/auth/logout', sameOrigin);
    expect((await rp.userinfo(copy)).status).toBe(401);
  });

  test('goes on to One Login with the hint, the registered URI and the language', async () => {
    const url = new URL(locationOf(await browser.request('/auth/logout', sameOrigin)));
    expect(url.origin + url.pathname).toBe(`${issuer}logout`);
    expect(url.searchParams.get('post_logout_redirect_uri')).toBe(`${publicUrl}/signed-out`);
    expect(url.searchParams.get('id_token_hint')).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    expect(url.searchParams.get('state')).toBe('cy');
  });

  test('ends an expired session at One Login as well', async () => {
    rp.clock.advance(rp.lifetimes.absolute);
    const url = new URL(locationOf(await browser.request('/auth/logout', sameOrigin)));
    expect(url.searchParams.has('id_token_hint')).toBe(true);
  });

  test.each([
    ['never was', () => browser.cookies.delete(sessionCookieName)],
    ['was deleted', () => browser.clone().request('/auth/logout', sameOrigin)],
    ['can not be read by this version', () => changeSession((session) => ({ ...session, schemaVersion: 0 }))],
    ['was revoked', () => rp.sessions.deleteAll(deriveSubjectKey(clientId, rp.provider.sub))],
  ])('of a session that %s goes to One Login without a hint, and takes the cookie', async (_, change) => {
    await change();
    const response = await browser.request('/auth/logout?lang=cy', sameOrigin);
    expect(locationOf(response)).toBe(`${issuer}logout`);
    expect(browser.cookies.has(sessionCookieName)).toBe(false);
  });

  test('without a session shows an error as long as it is not known where One Login is', async () => {
    rp.clock.advance(60_000);
    rp.store.readAll = () => Promise.reject(new RelyingPartyError('dynamodb_unavailable', 'down'));
    const response = await rp.browser().request('/auth/logout', sameOrigin);
    expect(response.statusCode).toBe(503);
    expect(response.body).toContain('You may still be signed in.');
  });

  test('deletes a session that can not be read by this version', async () => {
    await changeSession((session) => ({ ...session, schemaVersion: 0 }));
    await browser.request('/auth/logout', sameOrigin);
    await expect(rp.sessions.deleteAll(deriveSubjectKey(clientId, rp.provider.sub))).resolves.toBe(0);
  });

  test('goes on in the language that it is asked in, if that is one of ours', async () => {
    const copy = browser.clone();
    const readState = async (path: string, inBrowser: Browser) =>
      new URL(locationOf(await inBrowser.request(path, sameOrigin))).searchParams.get('state');
    expect(await readState('/auth/logout?lang=en', browser)).toBe('en');
    rp.clock.advance(1);
    await rp.signIn(copy, '?lang=cy');
    expect(await readState('/auth/logout?lang=fr', copy)).toBe('cy');
  });

  test('withdraws the session of a callback that is under way in another tab', async () => {
    const response = await rp.begin(browser, '', '/auth/reauthenticate');
    const tab = browser.clone();
    const put = rp.sessions.put.bind(rp.sessions);
    rp.sessions.put = async (session) => {
      await browser.request('/auth/logout', sameOrigin);
      await put(session);
    };
    const page = await rp.callback(tab, response);
    expect(page.statusCode).toBe(403);
    expect(page.body).toContain('Mae angen i chi fewngofnodi eto');
    expect(page.multiValueHeaders).toBeUndefined();
    expect(await rp.sessions.deleteAll(deriveSubjectKey(clientId, rp.provider.sub))).toBe(0);
    rp.sessions.put = put;
    rp.clock.advance(1);
    expect((await rp.signIn(browser)).statusCode).toBe(303);
  });

  test('leaves alone a callback that is under way in another browser', async () => {
    const other = rp.browser();
    const response = await rp.begin(other);
    const put = rp.sessions.put.bind(rp.sessions);
    rp.sessions.put = async (session) => {
      await browser.request('/auth/logout', sameOrigin);
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
      const secret = createBrowserSecret();
      return `${buildBrowserCookies(secret, [])[0]?.split('=')[0]}=${secret}`;
    });
    const headers = { ...sameOrigin.headers, Cookie: cookies.join('; ') };
    expect((await rp.browser().request('/auth/logout', { headers })).statusCode).toBe(303);
    expect(marks).toBe(10);
  });

  test('that fails half way leaves the session and the cookie, so that it can be repeated', async () => {
    rp.sessions.delete = () => Promise.reject(new RelyingPartyError('dynamodb_unavailable', 'down'));
    const response = await browser.request('/auth/logout', sameOrigin);
    expect(response.statusCode).toBe(503);
    expect(response.headers?.['Retry-After']).toBeDefined();
    expect(browser.cookies.has(sessionCookieName)).toBe(true);
    expect(await signedIn()).toBe(true);
  });

  test('that can not find out which hint One Login takes leaves the session, so that it can be repeated', async () => {
    const { readAll } = rp.store;
    let reads = 0;
    rp.clock.advance(60_000);
    rp.store.readAll = () => {
      reads += 1;
      // It takes so long that what was read is due again.
      if (reads === 1) return readAll.call(rp.store).finally(() => rp.clock.advance(60_000));
      return Promise.reject(new RelyingPartyError('dynamodb_unavailable', 'down'));
    };
    expect((await browser.request('/auth/logout', sameOrigin)).statusCode).toBe(503);
    expect(await signedIn()).toBe(true);
  });

  test.each([
    ['foreseen', new RelyingPartyError('dynamodb_unavailable', 'down')],
    ['not foreseen', new TypeError('x')],
  ])('that fails in a way that was %s lets nobody believe that they are signed out', async (_, error) => {
    rp.sessions.delete = () => Promise.reject(error);
    const { body } = await browser.request('/auth/logout?lang=en', sameOrigin);
    expect(body).toContain('You may still be signed in.');
    expect(body).not.toContain('You have not been signed in');
    expect(body).toContain(`<a href="${publicUrl}/logout?lang=en"`);
  });
});

describe('the hint of a sign-out', () => {
  const hasHint = async (inBrowser: Browser) => {
    const response = await inBrowser.request('/auth/logout', {
      headers: { 'Sec-Fetch-Site': 'same-origin' },
    });
    const { searchParams } = new URL(locationOf(response));
    expect([0, 3]).toContain(searchParams.size);
    return searchParams.has('id_token_hint');
  };
  const publish = async (...keys: readonly ProviderSigningKey[]) => {
    rp.provider.published = [...keys];
    rp.clock.advance(60_000);
    await rp.store.put(documentOf('jwks', jwksBody(...keys), rp.clock.now()));
  };
  const [oldKey, newKey] = [createProviderSigningKey('old'), createProviderSigningKey('new')];
  beforeEach(async () => {
    browser = rp.browser();
    await publish(oldKey);
    await rp.signIn(browser);
  });

  test('is sent when One Login signs by the same key as at the sign-in', async () => {
    await publish(oldKey, newKey);
    await rp.signIn(rp.browser());
    expect(await hasHint(browser)).toBe(true);
  });

  test('is left out once somebody has signed in by a newer key, although the JWKS lists the old one', async () => {
    await publish(newKey, oldKey);
    const other = rp.browser();
    await rp.signIn(other);
    rp.clock.advance(60_000);
    expect(await hasHint(browser)).toBe(false);
    expect(await hasHint(other)).toBe(true);
  });

  test('is left out when its key is not in the JWKS any more', async () => {
    await publish(newKey);
    expect(await hasHint(browser)).toBe(false);
  });

  test('is sent for a re-authentication all the same', async () => {
    await publish(newKey);
    const request = new URL(locationOf(await browser.request('/auth/reauthenticate'))).searchParams.get(
      'request',
    );
    const claims = JSON.parse(Buffer.from(request?.split('.')[1] ?? '', 'base64url').toString());
    expect(JSON.parse(Buffer.from(claims.id_token_hint.split('.')[0], 'base64url').toString()).kid).toBe(
      'old',
    );
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
    await put(documentOf('jwks', jwksBody(newKey, oldKey), rp.clock.now()));
    rp.clock.advance(60_000);
    await rp.signIn(rp.browser());
    rp.store.readAll = () => Promise.reject(new RelyingPartyError('dynamodb_unavailable', 'read once more'));
    for (let count = 0; count < 2; count += 1) await rp.signIn(rp.browser());
    expect(writes).toBe(1);
  });

  test('fails no sign-in when the key can not be remembered', async () => {
    await publish(newKey);
    rp.store.put = () => Promise.reject(new RelyingPartyError('dynamodb_unavailable', 'down'));
    expect((await rp.signIn(rp.browser())).statusCode).toBe(303);
  });
});

describe('the page after signing out', () => {
  const signOut = async (query: string) =>
    new URL(
      locationOf(
        await browser.request(`/auth/logout${query}`, { headers: { 'Sec-Fetch-Site': 'same-origin' } }),
      ),
    );
  /** Comes back as One Login sends the browser. */
  const comeBack = (url: URL) => {
    const { pathname } = new URL(url.searchParams.get('post_logout_redirect_uri') ?? '');
    return browser.request(`${pathname}?state=${url.searchParams.get('state')}`);
  };

  test('is ours, in the language of the sign-out, when nothing else was named', async () => {
    const page = await comeBack(await signOut(''));
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('Rydych wedi allgofnodi');
  });

  test.each([
    ['/bye?a=b%26c#d', '/bye?a=b%26c#d'],
    ['https://forms.example/bye', 'https://forms.example/bye'],
  ])('is what return_to names: %s', async (returnTo, expected) => {
    const url = await signOut(`?return_to=${encodeURIComponent(returnTo)}`);
    // One Login's simulator does not encode it on the way back.
    expect(url.searchParams.get('state')).toMatch(/^cy[\w-]+$/);
    expect(locationOf(await comeBack(url))).toBe(expected);
  });

  test.each(['//evil.example', 'https://evil.example/', '/auth/login', '/\\evil.example'])(
    'is never %s, whether in return_to or in a state that somebody made up',
    async (returnTo) => {
      const url = await signOut(`?return_to=${encodeURIComponent(returnTo)}`);
      expect(url.searchParams.get('state')).toBe('cy');
      const state = `en${Buffer.from(returnTo).toString('base64url')}`;
      const page = await browser.request(`/auth/signed-out?state=${state}`);
      expect([page.statusCode, locationOf(page)]).toEqual([200, '']);
    },
  );

  test('is the one of the config, unless return_to names another', async () => {
    rp = await startRelyingParty({ signedOutUrl: '/goodbye' });
    browser = rp.browser();
    await rp.signIn(browser);
    expect(locationOf(await comeBack(await signOut('')))).toBe('/goodbye');
    rp.clock.advance(1);
    await rp.signIn(browser);
    expect(locationOf(await comeBack(await signOut('?return_to=/bye')))).toBe('/bye');
    expect(locationOf(await browser.request('/auth/signed-out'))).toBe('/goodbye');
    expect(locationOf(await browser.request('/auth/signed-out?state=%00%F0'))).toBe('/goodbye');
  });

  test('is forgotten, and not the hint, when One Login would not take the address', async () => {
    const url = await signOut(`?return_to=/${'a'.repeat(1500)}`);
    expect(url.searchParams.get('state')).toBe('cy');
    expect(url.searchParams.has('id_token_hint')).toBe(true);
  });

  test('claims nothing to a user who is signed in, but asks', async () => {
    const page = await browser.request(
      `/auth/signed-out?state=en${Buffer.from('/bye').toString('base64url')}`,
    );
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('Do you want to sign out?');
    expect(page.body).toContain(
      '<form method="post" action="https://service.example/auth/logout?lang=en&#38;return_to=%2Fbye">',
    );
    expect(page.body).not.toContain('You are signed out');
    expect((await rp.userinfo(browser)).status).toBe(200);
  });

  test('claims nothing when it can not be known who is signed in', async () => {
    rp.sessions.read = () => Promise.reject(new RelyingPartyError('dynamodb_unavailable', 'down'));
    const page = await browser.request('/auth/signed-out?state=en');
    expect(page.statusCode).toBe(503);
    expect(page.body).not.toContain('You are signed out');
  });
});

describe('the page that asks', () => {
  test.each(['', '&ask=1'])('keeps return_to through the sign-out and the other language%s', async (more) => {
    const { body } = await browser.request(`/auth/logout?lang=en&return_to=/bye${more}`);
    expect(body).toContain('action="https://service.example/auth/logout?lang=en&#38;return_to=%2Fbye"');
    expect(body).toContain('https://service.example/auth/logout?ask=1&#38;lang=cy&#38;return_to=%2Fbye');
  });

  test('leaves out an address that users may not be sent to', async () => {
    const { body } = await browser.request('/auth/logout?lang=en&return_to=//evil.example');
    expect(body).not.toContain('evil');
  });

  test('may send its form, which leads on to One Login, and nothing else', async () => {
    const { headers } = await browser.request('/auth/logout');
    expect(headers?.['Content-Security-Policy']).toBe(
      `default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; script-src ${buttonScriptSource}; base-uri 'none'; frame-ancestors 'none'`,
    );
  });
});

describe('a function that is asked for a route of another one', () => {
  test.each(['/auth/login', '/auth/logout'] as const)('(%s) has no such page', async (path) => {
    const other = new Browser({ '/auth/other': rp.routes[path] });
    expect((await other.request('/auth/other')).statusCode).toBe(404);
  });
});

describe('every answer', () => {
  test.each([
    ['/auth/login', 'login'],
    ['/auth/reauthenticate', 'login'],
    ['/auth/callback', 'callback'],
    ['/auth/userinfo', 'userinfo'],
    ['/auth/signed-out', 'logout'],
    ['/auth/backchannel-logout', 'backchannel-logout'],
  ])('of %s is in the log, by the name of its function', async (path, route) => {
    const before = rp.logLines.length;
    const { statusCode: status } = await rp.browser().request(path, { method: 'POST' });
    expect(rp.logLines.slice(before).map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ event: 'answered', route, status, method: 'POST' }),
    );
  });

  test.each([
    '/auth/login',
    '/auth/callback',
    '/auth/userinfo',
    '/auth/logout',
    '/auth/signed-out',
    '/auth/message',
  ])('of %s has no header that tells what is behind it', async (path) => {
    const { headers } = await rp.browser().request(path);
    const known = [...Object.keys(securityHeaders), 'Content-Type', 'Location', 'Retry-After'];
    expect(known).toEqual(expect.arrayContaining(Object.keys(headers ?? {})));
    const { Location: _signed, ...others } = headers ?? {};
    expect(Object.values(others).join()).not.toMatch(/govuk|lambda|aws|node|middy/i);
  });

  test.each(['/auth/login', '/auth/callback', '/auth/userinfo', '/auth/logout', '/auth/signed-out'])(
    'of %s is not stored, sends no referrer and loads nothing',
    async (path) => {
      const { headers } = await rp.browser().request(path);
      expect(headers).toMatchObject({
        'Cache-Control': 'no-store',
        'Referrer-Policy': 'no-referrer',
        'X-Content-Type-Options': 'nosniff',
        'Content-Security-Policy': expect.stringMatching(/default-src 'none'.*frame-ancestors 'none'/),
      });
    },
  );
});
