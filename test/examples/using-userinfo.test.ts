import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import express, { type ErrorRequestHandler } from 'express';
import { createMiddleware, getUser } from '../../client/index.ts';
import type { SessionIdentity } from '../../lambdas/core/session/session.ts';
import { type LoopbackServer, listenInternally } from '../../local/loopback-server.ts';
import { startUserinfo, type UserinfoServer } from './userinfo-server.ts';

/** Starts an application that requests userinfo below that URL, with a timeout in milliseconds. */
function startExpress(publicUrl: string, timeout: number): Promise<LoopbackServer> {
  const options = { publicUrl, timeout };
  const { refuseCrossSiteRequests, requireUser, requireIdentity, readUser } = createMiddleware(options);
  const app = express();
  app.use(refuseCrossSiteRequests);
  app.all('/orders', requireUser, (request, response) => {
    response.json({ orders_of: readUser(request).sub });
  });
  app.get('/refunds', requireIdentity('P2'), (_request, response) => {
    response.json({});
  });
  app.get('/time-left', async (request, response) => {
    const { kind } = await getUser(request, { ...options, peek: true });
    response.sendStatus(kind === 'signed_in' ? 200 : 401);
  });
  const showError: ErrorRequestHandler = ({ code, status, headers }, _request, response, _next) => {
    response.status(status).set(headers).json({ page_about: code });
  };
  app.use(showError);
  return listenInternally(app);
}

const page = { accept: 'text/html,application/xhtml+xml' };

/** A header has one character for each byte. */
const encodeForHeader = (text: string) => Buffer.from(text).toString('latin1');

function createProvedIdentity(vot: 'P1' | 'P2'): SessionIdentity {
  const name = { given_names: ['Zoë'], family_names: ['Llŷr'], full_name: 'Zoë Llŷr' };
  return { outcome: 'proved', vot, names: [name], birthDates: ['1970-01-01'], claims: {} };
}

describe('the client in Express', () => {
  let userinfo: UserinfoServer;
  let application: LoopbackServer;
  beforeAll(async () => {
    userinfo = await startUserinfo();
    application = await startExpress(userinfo.publicUrl, 30_000);
  });
  afterAll(async () => {
    await application.close();
    await userinfo.close();
  });
  beforeEach(() => {
    userinfo.requests.length = 0;
  });
  afterEach(() => {
    delete userinfo.outage.answer;
  });

  async function send(path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET') {
    const response = await fetch(`${application.url}${path}`, { method, headers, redirect: 'manual' });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  }

  // id: example-sends-session-cookie-only
  test('sends the session cookie to userinfo, and no other cookie', async () => {
    const cookie = await userinfo.signIn();
    await send('/orders', { cookie: `theme=dark; ${cookie}; application-session=secret` });

    expect(userinfo.requests.map(({ headers }) => headers.cookie)).toEqual([cookie]);
  });

  test('requests userinfo for every request, so that no user is signed in after they have signed out', async () => {
    const cookie = await userinfo.signIn();
    expect((await send('/orders', { cookie })).status).toBe(200);
    await userinfo.signOut(cookie);

    expect((await send('/orders', { cookie })).status).toBe(401);
    expect(userinfo.requests).toHaveLength(2);
  });

  test('does not keep the session alive for a page that is fetched ahead', async () => {
    const cookie = await userinfo.signIn();
    await send('/orders', { cookie, 'sec-purpose': 'prefetch' });
    await send('/orders', { cookie, 'next-router-prefetch': '1' });

    expect(userinfo.requests.map(({ url }) => url)).toEqual(Array(2).fill('/auth/userinfo?peek=1'));
  });

  test.each([
    ['another cookie alone', () => 'theme=dark'],
    ['two session cookies', (cookie: string) => `${cookie}; ${cookie}`],
    ['a session cookie with other characters', (cookie: string) => `${cookie}\tx: y`],
  ])('treats %s as no session, without a request to userinfo', async (_, make) => {
    expect((await send('/orders', { cookie: make(await userinfo.signIn()) })).status).toBe(401);
    expect(userinfo.requests).toEqual([]);
  });

  test.each(['\u00a0', '\u0085', ...['\u00a0', '\u2000', '\ufeff', '\u0085'].map(encodeForHeader)])(
    'ignores a session cookie that a sibling host has planted behind the white space %j',
    async (space) => {
      const [planted, own] = [await userinfo.signIn({ sub: 'the planted one' }), await userinfo.signIn()];
      for (const cookie of [`${space}${planted}`, `a=1; ${space}${planted}`]) {
        expect((await send('/orders', { cookie })).status).toBe(401);
      }
      expect((await send('/orders', { cookie: `${space}${planted}; ${own}` })).body).toEqual({
        orders_of: 'urn:fdc:gov.uk:2022:somebody',
      });
    },
  );

  test('accepts the session cookie with spaces and tabs around it', async () => {
    expect((await send('/orders', { cookie: `a=1;\t ${await userinfo.signIn()} \t; b=2` })).status).toBe(200);
  });

  test('responds 401 with the address to sign in to a program', async () => {
    const { status, body, headers } = await send('/orders');

    expect({ status, body }).toEqual({
      status: 401,
      body: { error: 'login_required', login_url: `${userinfo.publicUrl}/login` },
    });
    expect(headers.get('cache-control')).toBe('no-store');
  });

  test('redirects a page navigation to sign in, and back to the page', async () => {
    const { status, headers } = await send('/orders?from=2026-01&to=%C3%A9', page);

    expect(status).toBe(303);
    expect(headers.get('location')).toBe(
      `${userinfo.publicUrl}/login?return_to=${encodeURIComponent('/orders?from=2026-01&to=%C3%A9')}`,
    );
  });

  test.each<[number, string, SessionIdentity | undefined]>([
    [403, 'none was requested', undefined],
    [403, 'none was proved', { outcome: 'not_proved', reason: 'absent', requestedAt: 0, claims: {} }],
    [403, 'one was proved at P1', createProvedIdentity('P1')],
    [200, 'one was proved at P2', createProvedIdentity('P2')],
  ])('responds %i where an identity at P2 is needed and %s', async (status, _, identity) => {
    const cookie = await userinfo.signIn(identity === undefined ? {} : { identity });
    const answer = await send('/refunds', { cookie });

    expect(answer.status).toBe(status);
    if (status === 403) {
      const url = `${userinfo.publicUrl}/prove-identity`;
      expect(answer.body).toEqual({ error: 'insufficient_identity', step_up_url: url });
      // What a user gets who came back without success is up to the application.
      if (identity?.outcome === 'not_proved') return;
      expect((await send('/refunds', { cookie, ...page })).headers.get('location')).toBe(
        `${url}?return_to=%2Frefunds`,
      );
    }
  });

  test.each([
    ['does not keep a session alive by requests that a page makes without its user', '/time-left', 401],
    ['keeps a session alive by all other requests', '/orders', 200],
  ])('%s', async (_, path, status) => {
    const cookie = await userinfo.signIn();
    userinfo.clock.advance(userinfo.lifetimes.idle - 1);
    expect((await send(path, { cookie })).status).toBe(200);
    userinfo.clock.advance(1);

    expect((await send(path, { cookie })).status).toBe(status);
  });

  test.each<[string, NonNullable<UserinfoServer['outage']['answer']>]>([
    ['503', (response) => response.writeHead(503, { 'Retry-After': '30' }).end('{"error":"outage"}')],
    ['429', (response) => response.writeHead(429).end('{}')],
    ['403 of a firewall', (response) => response.writeHead(403).end('<html>')],
    ['a page', (response) => response.writeHead(200).end('<html>')],
    ['JSON without a user', (response) => response.writeHead(200).end('{}')],
    ['a redirect', (response) => response.writeHead(302, { Location: '/elsewhere' }).end()],
    ['half a response', (response) => response.write('HTTP') && response.destroy()],
  ])('responds 503 and does not redirect to sign in when userinfo responds with %s', async (_, answer) => {
    const cookie = await userinfo.signIn();
    userinfo.outage.answer = answer;
    const { status, headers } = await send('/orders', { cookie, ...page });

    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('30');
    expect(userinfo.requests).toHaveLength(1);
  });

  test('responds 503 and does not redirect to sign in when userinfo does not respond in time', async () => {
    const impatient = await startExpress(userinfo.publicUrl, 20);
    userinfo.outage.answer = () => undefined;
    const headers = { cookie: await userinfo.signIn(), ...page };
    const { status } = await fetch(`${impatient.url}/orders`, { headers, redirect: 'manual' });
    await impatient.close();

    expect(status).toBe(503);
  });

  const own = () => new URL(userinfo.publicUrl).origin;

  test.each<[number, string, () => Readonly<Record<string, string>>]>([
    [200, 'of its own origin', () => ({ 'Sec-Fetch-Site': 'same-origin' })],
    [403, 'of a sibling host', () => ({ 'Sec-Fetch-Site': 'same-site' })],
    [403, 'of another site, whatever its Origin', () => ({ 'Sec-Fetch-Site': 'cross-site', Origin: own() })],
    [200, 'with its own Origin alone', () => ({ Origin: own() })],
    [403, 'with the Origin of a sibling host', () => ({ Origin: 'https://sibling.example' })],
    [403, 'without either header', () => ({})],
  ])('responds %i to a POST %s', async (status, _, headers) => {
    const cookie = await userinfo.signIn();
    expect(await send('/orders', { cookie, ...headers() }, 'POST')).toMatchObject({ status });
  });
});
