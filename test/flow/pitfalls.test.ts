/**
 * Failures of other relying parties that show end to end only. Those that show in one part are tested beside that part,
 * those of whole sign-ins in the other files of this folder.
 */
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { sessionCookieName } from '../../lambdas/core/session/cookies.ts';
import { createDynamoDbClient } from '../../local/aws/clients.ts';
import { browserCookieIn } from '../support/browser-cookie.ts';
import { linkOf } from '../support/html.ts';
import { type Item, refusalsIn, type Service, startService } from '../support/service.ts';
import { WebBrowser } from '../support/web-browser.ts';

jest.setTimeout(30_000);

let service: Service;

beforeAll(async () => {
  service = await startService();
});

afterAll(() => service.close());

afterEach(async () => {
  await service.standIn.backchannelLogoutsSettled();
  service.standIn.reset();
});

/** Sets a time in a row of a table to an hour ago, as if DynamoDB's TTL were late. */
async function expire(table: string, row: Item | undefined, keys: readonly string[], attribute: string) {
  const client = createDynamoDbClient(service.dynamodb.url, 'eu-west-2');
  const key = keys.map((name) => [name, { S: String(row?.[name]?.S) }]);
  await client.send(
    new UpdateItemCommand({
      TableName: service.tableName(table),
      Key: Object.fromEntries(key),
      UpdateExpression: 'SET #attribute = :past',
      ConditionExpression: 'attribute_exists(#attribute)',
      ExpressionAttributeNames: { '#attribute': attribute },
      ExpressionAttributeValues: { ':past': { N: String(Date.now() - 3_600_000) } },
    }),
  );
  client.destroy();
}

const newest = (rows: readonly Item[], known: readonly Item[]) =>
  rows.find((row) => !known.some((other) => JSON.stringify(other) === JSON.stringify(row)));

describe('attempts', () => {
  test('no expiry check: an attempt that the table still holds is over after its time', async () => {
    const browser = new WebBrowser();
    const known = await service.attemptRows();
    const callback = await service.begin(browser, '/auth/login?return_to=/claims/12');
    const row = newest(await service.attemptRows(), known);
    await expire('LoginAttempts', row, ['state_hash'], 'valid_until');
    const since = service.watch();
    const page = await browser.open(callback);
    expect([page.status, refusalsIn(since())]).toEqual([400, ['attempt_expired']]);
    expect(since().oneLogin).toEqual([]);
    expect(linkOf(page.body, 'Sign in again')).toContain('return_to=%2Fclaims%2F12');
  });

  test('an error handled before the state is checked: a link signs nobody out', async () => {
    const browser = new WebBrowser();
    await service.signIn(browser);
    const stranger = new WebBrowser();
    const foreign = await service.begin(stranger, '/auth/login');
    for (const state of [foreign.searchParams.get('state') ?? '', 'x'.repeat(43), 'x', '']) {
      const query = new URLSearchParams({ error: 'login_required', state });
      const { answers } = await browser.goFrom(
        { url: new URL('https://elsewhere.example/') },
        `${service.publicUrl}/callback?${query}`,
      );
      expect(answers.flatMap(({ headers }) => headers.getSetCookie())).toEqual([]);
    }
    expect((await service.userinfo(browser)).status).toBe(200);
  });

  test('one that another tab began is not overwritten: both end where they wanted', async () => {
    const browser = new WebBrowser();
    const one = await service.begin(browser, '/auth/login?return_to=/one');
    const two = await service.begin(browser, '/auth/login?return_to=/two');
    for (const [callback, path] of [
      [one, '/one'],
      [two, '/two'],
    ] as const) {
      expect((await browser.open(callback, { stopBefore: path })).next?.pathname).toBe(path);
    }
  });

  test.each([
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '/%2fevil.example',
    '/%5cevil.example',
    '/%0d%0aLocation:%20https://evil.example',
    '/\r\nLocation: https://evil.example',
    'https://evil.example',
    'https:evil.example',
    '\\\\evil.example',
    'http://localhost@evil.example/',
    'http://localhost.evil.example/',
    'javascript:alert(1)',
    '/auth/logout',
    '/x/../auth/logout',
    '／／evil.example',
  ])(
    'an open redirect: return_to %j leads to the default page, before and after sign-in',
    async (returnTo) => {
      const browser = new WebBrowser();
      const encoded = `/auth/login?return_to=${encodeURIComponent(returnTo)}`;
      const asItIs = `/auth/login?return_to=${returnTo.replace(/[^\x21-\x7e]/g, encodeURIComponent)}`;
      for (const path of [encoded, asItIs, encoded, asItIs]) {
        const signedIn = browser.cookies.get(sessionCookieName) !== undefined;
        const page = signedIn
          ? await browser.open(service.url + path, { followRedirects: false })
          : (await service.signIn(browser, path)).answers[0];
        expect([page?.status, page?.headers.get('location')]).toEqual([303, '/']);
      }
    },
  );

  test('parameters of the caller in the request: there are four, and all else is ours and signed', async () => {
    const query = 'prompt=none&login_hint=x&scope=evil&redirect_uri=https://evil.example&request=x&vtr=Cl';
    const { next } = await new WebBrowser().open(`${service.publicUrl}/login?${query}`, {
      followRedirects: false,
    });
    expect([...(next?.searchParams.keys() ?? [])].sort()).toEqual([
      'client_id',
      'request',
      'response_type',
      'scope',
    ]);
    expect(next?.href).not.toMatch(/evil|login_hint|prompt/);
    expect(JSON.stringify(requestObjectOf(next))).not.toMatch(/evil|login_hint|prompt/);
  });
});

describe('sessions', () => {
  test('an id that is kept across sign-in: whoever planted it has nothing of the user', async () => {
    const attacker = new WebBrowser();
    await service.signIn(attacker, '/auth/login', { person: 'tomos' });
    const planted = attacker.cookies.get(sessionCookieName) ?? '';
    const victim = new WebBrowser();
    victim.cookies.set('localhost', sessionCookieName, planted);
    await service.signIn(victim, '/auth/prove-identity');
    expect(victim.cookies.get(sessionCookieName)).not.toBe(planted);
    expect((await service.userinfo(victim)).body).toMatchObject({ email: 'maria@example.com' });
    expect((await service.userinfo(attacker)).status).toBe(401);
  });

  test('tokens in cookies, cookies for everybody: two random values, for this host and for HTTP alone', async () => {
    const browser = new WebBrowser();
    const callback = await service.begin(browser, '/auth/login');
    const page = await browser.open(callback, { stopBefore: '/' });
    const [session, ...others] = page.headers.getSetCookie();
    expect(others).toEqual([]);
    expect(session).toMatch(
      /^__Host-one-login-session=[\w-]{43}\.[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Lax$/,
    );
    const begun = await new WebBrowser().open(`${service.publicUrl}/login`, { followRedirects: false });
    expect(begun.headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^__Host-one-login-browser-[\w-]{8}=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=7200$/,
      ),
    ]);
  });

  test.each(['idle_expires_at', 'absolute_expires_at'])(
    'rows honoured until the TTL removes them: a session past its %s is none',
    async (attribute) => {
      const browser = new WebBrowser();
      const known = await service.sessionRows();
      await service.signIn(browser);
      const row = newest(await service.sessionRows(), known);
      await expire('Sessions', row, ['subject_key', 'item'], attribute);
      expect((await service.userinfo(browser)).status).toBe(401);
      const again = await browser.open(`${service.publicUrl}/login`, { followRedirects: false });
      expect(again.next?.origin).toBe(service.standIn.url);
    },
  );

  test('a cookie that was planted beside the right one: two of a name count as none', async () => {
    const browser = new WebBrowser();
    await service.signIn(browser);
    const value = browser.cookies.get(sessionCookieName);
    const cookie = `${sessionCookieName}=${value}; ${sessionCookieName}=planted`;
    const page = await new WebBrowser().open(`${service.publicUrl}/userinfo`, { headers: { cookie } });
    expect(page.status).toBe(401);
    expect(browserCookieIn(browser.cookies).value).toMatch(/^[\w-]{43}$/);
  });
});

describe('calls to One Login', () => {
  test('without a User-Agent: every one says who we are, those for documents as well', async () => {
    service.standIn.change({
      idToken: { next: [['UNKNOWN_KID']] },
      coreIdentity: { next: [['UNKNOWN_KID']] },
    });
    const since = service.watch();
    const page = await service.signIn(new WebBrowser(), '/auth/login');
    await service.signIn(new WebBrowser(), '/auth/prove-identity');
    expect(page.status).toBe(502);
    const ours = since().oneLogin.filter(({ userAgent = '' }) => !userAgent.startsWith('Mozilla'));
    expect(new Set(ours.map(({ path }) => path))).toEqual(
      new Set(['/token', '/userinfo', '/.well-known/jwks.json', '/.well-known/did.json']),
    );
    for (const { userAgent } of ours)
      expect(userAgent).toMatch(/^one-login-lambda\/[\d.]+ \(https?:\/\/[^)]+\)$/);
    expect(service.standIn.refusals).toEqual([]);
  });

  test('claims as an object, aud as a list: both are strings', async () => {
    const { next } = await new WebBrowser().open(`${service.publicUrl}/prove-identity`, {
      followRedirects: false,
    });
    const request = requestObjectOf(next);
    expect(request['aud']).toBe(`${service.standIn.url}/authorize`);
    expect(Object.keys(JSON.parse(String(request['claims'])).userinfo)).toHaveLength(5);
  });

  test('query strings over the limit of the firewall: the longest that we send are well below', async () => {
    const browser = new WebBrowser();
    await service.signIn(browser, '/auth/login', { person: 'long-email' });
    const returnTo = `/${'a'.repeat(2000)}`;
    for (const route of ['prove-identity', 'reauthenticate']) {
      const page = await browser.open(`${service.publicUrl}/${route}?return_to=${returnTo}`, {
        followRedirects: false,
      });
      expect([route, page.next?.pathname]).toEqual([route, '/authorize']);
      expect(page.next?.search.length).toBeLessThan(4096);
    }
    const from = { url: new URL(service.url) };
    const logout = await browser.goFrom(from, `${service.publicUrl}/logout`, { followRedirects: false });
    expect(logout.next?.searchParams.has('id_token_hint')).toBe(true);
    expect(logout.next?.search.length).toBeLessThan(2048);
  });
});

function requestObjectOf(url: URL | undefined): Readonly<Record<string, unknown>> {
  const [, payload = ''] = url?.searchParams.get('request')?.split('.') ?? [];
  return JSON.parse(Buffer.from(payload, 'base64url').toString());
}
