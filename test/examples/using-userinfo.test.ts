import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createOrdersApp } from '../../examples/typescript/orders-app.ts';
import type { SessionIdentity } from '../../lambdas/core/session/session.ts';
import { listen, type RunningServer, startUserinfo, type UserinfoServer } from './userinfo-server.ts';

/** Starts an application that asks at that URL, and gives up after that many milliseconds. */
type StartApplication = (publicUrl: string, timeout: number) => Promise<RunningServer>;

const startInTypeScript: StartApplication = (publicUrl, timeout) =>
  listen(createOrdersApp({ publicUrl, timeout }));

const startInPython: StartApplication = async (publicUrl, timeout) => {
  const script = fileURLToPath(new URL('../../examples/python/orders_app.py', import.meta.url));
  const application = spawn('python3', [script, publicUrl, String(timeout / 1000)], {
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(application, 'spawn').catch((cause: unknown) => {
    throw new Error('the Python example needs python3 to be installed to be tested', { cause });
  });
  const [origin] = await once(createInterface(application.stdout), 'line');
  return {
    origin: String(origin),
    async stop() {
      const exited = once(application, 'exit');
      application.kill();
      await exited;
    },
  };
};

const page = { accept: 'text/html,application/xhtml+xml' };

function provedAt(vot: 'P1' | 'P2'): SessionIdentity {
  const name = { given_names: ['Zoë'], family_names: ['Llŷr'], full_name: 'Zoë Llŷr' };
  return { outcome: 'proved', vot, names: [name], birthDates: ['1970-01-01'], claims: {} };
}

describe.each([
  ['TypeScript', startInTypeScript],
  ['Python', startInPython],
])('the example in %s', (_, start) => {
  let userinfo: UserinfoServer;
  let application: RunningServer;
  beforeAll(async () => {
    userinfo = await startUserinfo();
    application = await start(userinfo.publicUrl, 30_000);
  });
  afterAll(async () => {
    await application.stop();
    await userinfo.stop();
  });
  beforeEach(() => {
    userinfo.requests.length = 0;
  });
  afterEach(() => {
    delete userinfo.outage.answer;
  });

  async function send(path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET') {
    const response = await fetch(`${application.origin}${path}`, { method, headers, redirect: 'manual' });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text && JSON.parse(text) };
  }

  test('serves a user who is signed in', async () => {
    expect(await send('/orders', { cookie: await userinfo.signIn() })).toMatchObject({
      status: 200,
      body: { orders_of: 'urn:fdc:gov.uk:2022:somebody' },
    });
  });

  test('passes the session cookie on, and no other', async () => {
    const cookie = await userinfo.signIn();
    await send('/orders', { cookie: `theme=dark; ${cookie}; application-session=secret` });

    expect(userinfo.requests.map(({ headers }) => headers.cookie)).toEqual([cookie]);
  });

  test('asks for every request, so that nobody is signed in after they have signed out', async () => {
    const cookie = await userinfo.signIn();
    expect((await send('/orders', { cookie })).status).toBe(200);
    await userinfo.signOut(cookie);

    expect((await send('/orders', { cookie })).status).toBe(401);
    expect(userinfo.requests).toHaveLength(2);
  });

  test('asks without keeping the session alive for a page that is fetched ahead', async () => {
    const cookie = await userinfo.signIn();
    await send('/orders', { cookie, 'sec-purpose': 'prefetch' });
    await send('/orders', { cookie, 'next-router-prefetch': '1' });

    expect(userinfo.requests.map(({ url }) => url)).toEqual(Array(2).fill('/auth/userinfo?peek=1'));
  });

  test('asks nobody about a request without a session cookie', async () => {
    expect((await send('/orders', { cookie: 'theme=dark' })).status).toBe(401);
    expect(userinfo.requests).toEqual([]);
  });

  test.each([
    ['two session cookies', (cookie: string) => `${cookie}; ${cookie}`],
    ['a session cookie with other characters', (cookie: string) => `${cookie}\tx: y`],
  ])('takes %s for none', async (_, make) => {
    expect((await send('/orders', { cookie: make(await userinfo.signIn()) })).status).toBe(401);
    expect(userinfo.requests).toEqual([]);
  });

  test('tells a program where to sign in', async () => {
    const { status, body, headers } = await send('/orders');

    expect({ status, body }).toEqual({
      status: 401,
      body: { error: 'login_required', login_url: `${userinfo.publicUrl}/login` },
    });
    expect(headers.get('cache-control')).toBe('no-store');
  });

  test('sends a page navigation to sign in, and back to where it was', async () => {
    const { status, headers } = await send('/orders?from=2026-01&to=%C3%A9', page);

    expect(status).toBe(303);
    expect(headers.get('location')).toBe(
      `${userinfo.publicUrl}/login?return_to=${encodeURIComponent('/orders?from=2026-01&to=%C3%A9')}`,
    );
  });

  test.each<[string, SessionIdentity | undefined, number]>([
    ['none was asked for', undefined, 403],
    ['none was proved', { outcome: 'not_proved', claims: {} }, 403],
    ['one was proved at P1', provedAt('P1'), 403],
    ['one was proved at P2', provedAt('P2'), 200],
  ])('where identity at P2 is needed and %s', async (_, identity, status) => {
    const cookie = await userinfo.signIn(identity === undefined ? {} : { identity });
    const answer = await send('/refunds', { cookie });

    expect(answer.status).toBe(status);
    if (status === 403) {
      const url = `${userinfo.publicUrl}/prove-identity`;
      expect(answer.body).toEqual({ error: 'insufficient_identity', step_up_url: url });
      expect((await send('/refunds', { cookie, ...page })).headers.get('location')).toBe(
        `${url}?return_to=%2Frefunds`,
      );
    }
  });

  test('does not keep a session alive by requests that a page makes by itself', async () => {
    const cookie = await userinfo.signIn();
    userinfo.clock.advance(userinfo.lifetimes.idle - 1);
    expect((await send('/time-left', { cookie })).status).toBe(200);
    userinfo.clock.advance(1);

    expect((await send('/time-left', { cookie })).status).toBe(401);
  });

  test('keeps a session alive by all others', async () => {
    const cookie = await userinfo.signIn();
    userinfo.clock.advance(userinfo.lifetimes.idle - 1);
    expect((await send('/orders', { cookie })).status).toBe(200);
    userinfo.clock.advance(1);

    expect((await send('/orders', { cookie })).status).toBe(200);
  });

  test.each<[string, NonNullable<UserinfoServer['outage']['answer']>]>([
    [
      '503',
      (response) => response.writeHead(503, { 'Retry-After': '30' }).end('{"error":"dynamodb_unavailable"}'),
    ],
    ['429', (response) => response.writeHead(429).end('{}')],
    ['403 of a firewall', (response) => response.writeHead(403).end('<html>')],
    ['a page', (response) => response.writeHead(200).end('<html>')],
    ['JSON of nobody', (response) => response.writeHead(200).end('{}')],
    ['a redirect', (response) => response.writeHead(302, { Location: '/elsewhere' }).end()],
    ['half an answer', (response) => response.write('HTTP') && response.destroy()],
  ])('sends nobody to sign in when userinfo answers with %s', async (_, answer) => {
    const cookie = await userinfo.signIn();
    userinfo.outage.answer = answer;
    const { status, headers } = await send('/orders', { cookie, ...page });

    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('30');
    expect(userinfo.requests).toHaveLength(1);
  });

  test('sends nobody to sign in when userinfo does not answer in time', async () => {
    const impatient = await start(userinfo.publicUrl, 20);
    userinfo.outage.answer = () => undefined;
    const headers = { cookie: await userinfo.signIn(), ...page };
    const { status } = await fetch(`${impatient.origin}/orders`, { headers, redirect: 'manual' });
    await impatient.stop();

    expect(status).toBe(503);
  });

  test.each([
    [200, { 'Sec-Fetch-Site': 'same-origin' }],
    [403, { 'Sec-Fetch-Site': 'same-site' }],
    [403, { 'Sec-Fetch-Site': 'cross-site', Origin: 'own' }],
    [200, { Origin: 'own' }],
    [403, { Origin: 'https://sibling.example' }],
    [403, {}],
  ])('answers with %i what changes something and says of itself %j', async (status, headers) => {
    const own = new URL(userinfo.publicUrl).origin;
    const told = Object.entries(headers).map(([name, value]) => [name, value.replace(/^own$/, own)]);
    const cookie = await userinfo.signIn();

    expect(await send('/orders', { cookie, ...Object.fromEntries(told) }, 'POST')).toMatchObject({ status });
  });
});
