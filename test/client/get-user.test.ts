import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createMiddleware, getUser, OneLoginError } from '../../client/index.ts';
import type { OneLoginUser } from '../../client/user.ts';
import { UserMemory } from '../../client/user-memory.ts';
import { buildCookieNames } from '../../lambdas/core/session/cookie-names.ts';
import { startUserinfo, type UserinfoServer } from '../examples/userinfo-server.ts';

let userinfo: UserinfoServer;
beforeAll(async () => {
  userinfo = await startUserinfo();
});
afterAll(() => userinfo.close());

describe('getUser', () => {
  it('reads a request of the Fetch Standard', async () => {
    const headers = { cookie: await userinfo.signIn() };
    const result = await getUser(new Request('https://service.example/', { headers }), userinfo);
    expect(result).toMatchObject({ kind: 'signed_in', user: { sub: 'urn:fdc:gov.uk:2022:somebody' } });
  });

  it('returns the cookies that delete a session which has ended', async () => {
    const cookie = await userinfo.signIn();
    userinfo.outage.answer = (response) =>
      response.writeHead(401, { 'Set-Cookie': '__Host-one-login-session=; Max-Age=0' }).end('{}');
    const result = await getUser({ headers: { cookie } }, userinfo);
    delete userinfo.outage.answer;
    expect(result).toEqual({ kind: 'signed_out', cookies: ['__Host-one-login-session=; Max-Age=0'] });
  });

  it('takes the session of the deployment with its cookie name, and of no other on the host', async () => {
    const other = await startUserinfo(buildCookieNames('licences'));
    const headers = { cookie: `${await userinfo.signIn()}; ${await other.signIn()}` };
    expect(await getUser({ headers }, { ...other, cookieName: 'licences' })).toMatchObject({
      kind: 'signed_in',
    });
    expect(await getUser({ headers }, userinfo)).toMatchObject({ kind: 'signed_in' });
    expect(await getUser({ headers }, { ...userinfo, cookieName: '' })).toMatchObject({ kind: 'signed_in' });
    expect(await getUser({ headers }, other)).toMatchObject({ kind: 'signed_out' });
    expect(other.requests.at(0)?.headers.cookie).toMatch(/^__Host-one-login-licences-session=[\w.-]+$/);
    await other.close();
  });

  it('returns the cause when it is unknown who is signed in', async () => {
    const cookie = await userinfo.signIn();
    userinfo.outage.answer = (response) => response.writeHead(429).end('{}');
    const refused = await getUser({ headers: { cookie } }, userinfo);
    delete userinfo.outage.answer;
    const cause = new Error(`${userinfo.publicUrl}/userinfo responded with 429 and no user`);
    expect(refused).toEqual({ kind: 'unavailable', cause });
    const failed = await getUser({ headers: { cookie } }, { publicUrl: 'nowhere' });
    expect(failed).toMatchObject({
      kind: 'unavailable',
      cause: { message: expect.stringContaining('nowhere/userinfo') },
    });
  });

  it('sends the request to the API itself if it has the address', async () => {
    const cookie = await userinfo.signIn();
    const options = { publicUrl: 'https://service.example/auth', apiUrl: userinfo.publicUrl };
    expect(await getUser({ headers: { cookie } }, options)).toMatchObject({ kind: 'signed_in' });
  });
});

describe('createMiddleware', () => {
  it.each([
    ['a form of a signed-out user', 'requireUser', { accept: 'text/html' }, 'login_required', 401],
    ['a form of another site', 'refuseCrossSiteRequests', { accept: 'text/html' }, 'cross_site_request', 403],
  ] as const)('passes %s to the error handler of the service', async (_, guard, headers, code, status) => {
    const request = { method: 'POST', headers };
    const response = { writeHead: fail, appendHeader: fail, end: fail };
    const error = await new Promise((resolve) =>
      createMiddleware(userinfo)[guard](request, response, resolve),
    );
    expect(error).toBeInstanceOf(OneLoginError);
    expect(error).toMatchObject({ code, status });
  });

  /** Sends a request to a page that needs a proved identity. @returns the response, or the error for the service */
  async function open(
    headers: Record<string, string>,
    changes?: Parameters<UserinfoServer['signIn']>[0],
    journey?: string,
  ) {
    const cookie = await userinfo.signIn(changes);
    const request = { method: 'GET', url: '/', originalUrl: '/refunds?a=b', headers: { cookie, ...headers } };
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const response = { writeHead: (...head: unknown[]) => resolve(head), appendHeader: fail, end: () => {} };
    createMiddleware(userinfo).requireIdentity('P2', journey)(request, response, resolve);
    return promise;
  }
  const proveIdentity = () => `${userinfo.publicUrl}/prove-identity?return_to=%2Frefunds%3Fa%3Db`;
  const html = { accept: 'text/html' };

  it('sends a user to the journey that the page names', async () => {
    const location = `${userinfo.publicUrl}/prove-identity?journey=refunds&return_to=%2Frefunds%3Fa%3Db`;
    const head = [303, expect.objectContaining({ Location: location })];
    expect(await open(html, {}, 'refunds')).toEqual(head);
  });

  it('does not send a user to prove their identity who has come back without success', async () => {
    const identity = { outcome: 'not_proved', reason: 'absent', requestedAt: 0, claims: {} } as const;

    const error = await open(html, { identity });
    expect(error).toBeInstanceOf(OneLoginError);
    expect(error).toMatchObject({ code: 'insufficient_identity', status: 403, url: proveIdentity() });
  });

  it.each([
    ['redirects a page', html, 303],
    ['redirects a page', { ...html, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }, 303],
    [
      'redirects a page that a service worker passes on',
      { ...html, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'empty' },
      303,
    ],
    [
      'does not redirect what a script fetches',
      { ...html, 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' },
      403,
    ],
    ['does not redirect a program', { accept: '*/*' }, 403],
  ])('%s: %j', async (_, headers, status) => {
    const [received, { Location }] = Object(await open(headers));

    expect([received, Location]).toEqual([status, status === 303 ? proveIdentity() : undefined]);
  });

  describe('with rememberMilliseconds', () => {
    let now = 0;
    /** Sends requests one after the other. @returns how often `/auth/userinfo` was requested */
    async function countQuestions(cookies: readonly string[], options: object, headers = {}, pause = 0) {
      const { requireUser } = createMiddleware({ ...userinfo, now: () => now, ...options });
      const before = userinfo.requests.length;
      for (const cookie of cookies) {
        const request = { method: 'GET', headers: { cookie, ...headers } };
        const response = { writeHead: fail, appendHeader: fail, end: fail };
        const error = await new Promise((resolve) => requireUser(request, response, resolve));
        if (error !== undefined) throw error;
        now += pause;
      }
      return userinfo.requests.length - before;
    }
    const twoMinutes = { rememberMilliseconds: 120_000 };

    beforeEach(async () => {
      now = (await readEnd(await userinfo.signIn())) - 600_000;
    });

    /** When the session ends without activity, in milliseconds. */
    async function readEnd(cookie: string): Promise<number> {
      const result = await getUser({ headers: { cookie } }, userinfo);
      return result.kind === 'signed_in' ? result.user.session.idle_expires_at * 1000 : Number.NaN;
    }

    it('sends one request for a session in that time, and one for each session', async () => {
      const [cookie, other] = [await userinfo.signIn(), await userinfo.signIn()];
      expect(await countQuestions([cookie, cookie, other, cookie], twoMinutes)).toBe(2);
      expect(await countQuestions([cookie, cookie], {})).toBe(2);
    });

    it('sends another request when the time is over', async () => {
      const cookie = await userinfo.signIn();
      expect(await countQuestions([cookie, cookie], twoMinutes, {}, 119_999)).toBe(1);
      expect(await countQuestions([cookie, cookie], twoMinutes, {}, 120_000)).toBe(2);
    });

    it('sends another request when the session has expired', async () => {
      const cookie = await userinfo.signIn();
      const end = await readEnd(cookie);
      now = end - 1;
      expect(await countQuestions([cookie, cookie], twoMinutes, {}, 1)).toBe(2);
      now = end - 2;
      expect(await countQuestions([cookie, cookie], twoMinutes, {}, 1)).toBe(1);
    });

    it('does not remember what a request fetched ahead, which is no activity', async () => {
      const cookie = await userinfo.signIn();
      expect(await countQuestions([cookie, cookie], twoMinutes, { 'sec-purpose': 'prefetch' })).toBe(2);
    });

    it('asks again where an identity is needed and none is remembered, because a check may have ended', async () => {
      const proved = {
        outcome: 'proved',
        vot: 'P2',
        names: [],
        birthDates: [],
        requestedAt: 0,
        claims: {},
      } as never;
      const [plain, sure] = [await userinfo.signIn(), await userinfo.signIn({ identity: proved })];
      const { requireUser, requireIdentity } = createMiddleware({
        ...userinfo,
        now: () => now,
        ...twoMinutes,
      });
      const before = userinfo.requests.length;
      for (const cookie of [plain, sure]) {
        for (const guard of [requireUser, requireIdentity('P2')]) {
          const { promise, resolve } = Promise.withResolvers<unknown>();
          const response = { writeHead: resolve, appendHeader: fail, end: () => {} };
          guard({ method: 'GET', url: '/', headers: { cookie } }, response, resolve);
          await promise;
        }
      }
      expect(userinfo.requests.length - before).toBe(3);
    });

    it.each([-1, 300_001, Number.NaN])('refuses %d', (rememberMilliseconds) => {
      expect(() => createMiddleware({ ...userinfo, rememberMilliseconds })).toThrow(RangeError);
    });
  });

  it('refuses a public URL that is none', () => {
    expect(() => createMiddleware({ publicUrl: '/auth' })).toThrow('Invalid URL');
  });

  it('refuses to read the user of a route that it does not protect', () => {
    expect(() => createMiddleware(userinfo).readUser({ headers: {} })).toThrow('put requireUser');
  });
});

function fail(): never {
  throw new Error('the middleware responded itself');
}

describe('UserMemory', () => {
  it('forgets the user who was remembered first when there are 10,000', () => {
    const memory = new UserMemory(1000, () => 0);
    const user = { session: { expires_at: 10, idle_expires_at: 10 } } as OneLoginUser;
    for (let number = 0; number <= 10_000; number += 1) memory.remember(`s=${number}`, user);
    expect(memory.find('s=0')).toBeUndefined();
    expect(memory.find('s=1')).toBe(user);
    expect(memory.find('s=10000')).toBe(user);
  });
});
