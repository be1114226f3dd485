import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { EndpointName } from '../../stand-in/index.ts';
import { Browser } from './browser.ts';
import { setUp, type World } from './relying-party.ts';

let world: World;

beforeEach(async () => {
  world = await setUp();
  world.standIn.change({ signInAutomaticallyAs: 'maria' });
});
afterEach(() => world.close());

const paths: readonly (readonly [EndpointName, string])[] = [
  ['authorize', '/authorize'],
  ['token', '/token'],
  ['userinfo', '/userinfo'],
  ['logout', '/logout'],
  ['discovery', '/.well-known/openid-configuration'],
  ['jwks', '/.well-known/jwks.json'],
  ['did', '/.well-known/did.json'],
  ['trustmark', '/trustmark'],
];

const getPath = (path: string) => fetch(`${world.standIn.url}${path}`, { redirect: 'manual' });

describe('an endpoint', () => {
  test.each(paths)('such as %s can fail once', async (endpoint, path) => {
    const usual = (await getPath(path)).status;
    world.standIn.change({ endpoints: { [endpoint]: { next: [{ status: 418 }] } } });
    expect((await getPath(path)).status).toBe(418);
    expect((await getPath(path)).status).toBe(usual);
  });

  test('can fail until the fault is removed', async () => {
    world.standIn.change({ endpoints: { jwks: { always: { status: 500, body: 'Internal server error' } } } });
    for (let time = 0; time < 3; time++) {
      const response = await getPath('/.well-known/jwks.json');
      expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
        500,
        'text/plain',
        'Internal server error',
      ]);
    }
    world.standIn.change({ endpoints: { jwks: { always: null } } });
    expect((await getPath('/.well-known/jwks.json')).status).toBe(200);
  });

  test('can fail with JSON or any content type', async () => {
    const body = '{"message":"Internal server error"}';
    const next = [
      { status: 502, body },
      { status: 200, body, contentType: 'text/html' },
    ];
    world.standIn.change({ endpoints: { userinfo: { next } } });
    expect((await getPath('/userinfo')).headers.get('content-type')).toBe('application/json');
    expect((await getPath('/userinfo')).headers.get('content-type')).toBe('text/html');
  });

  test('can redirect', async () => {
    world.standIn.change({ endpoints: { token: { next: [{ redirectTo: 'https://elsewhere.example/' }] } } });
    const response = await getPath('/token');
    expect([response.status, response.headers.get('location')]).toEqual([302, 'https://elsewhere.example/']);
  });

  test('can return a body that is too large', async () => {
    world.standIn.change({ endpoints: { discovery: { next: [{ oversizedBody: 2_000_000 }] } } });
    const response = await getPath('/.well-known/openid-configuration');
    expect((await response.text()).length).toBeGreaterThan(2_000_000);
  });

  test('can reset the connection', async () => {
    world.standIn.change({ endpoints: { userinfo: { next: [{ reset: true }] } } });
    await expect(getPath('/userinfo')).rejects.toThrow('fetch failed');
    expect(world.standIn.requests.at(-1)).toMatchObject({ path: '/userinfo', status: undefined });
  });

  test('that does not respond does not keep the stand-in from closing', async () => {
    const other = await setUp();
    other.standIn.change({ endpoints: { userinfo: { next: [{ hang: true }] } } });
    const request = fetch(`${other.standIn.url}/userinfo`).catch((error: Error) => error.message);
    while (other.standIn.requests.length === 0) await fetch(`${other.standIn.url}/control`);
    await other.close();
    expect(await request).toBe('fetch failed');
  });

  test('can be slow and then respond or fail', async () => {
    world.standIn.change({ endpoints: { jwks: { next: [{ delay: 1500 }, { delay: 10, status: 503 }] } } });
    const start = world.clock.now();
    expect((await getPath('/.well-known/jwks.json')).status).toBe(200);
    expect(world.clock.now() - start).toBe(1500);
    expect((await getPath('/.well-known/jwks.json')).status).toBe(503);
    expect(world.clock.now() - start).toBe(1510);
  });
});

test('a code is still valid after the token endpoint has failed', async () => {
  const code = await world.rp.code();
  world.standIn.change({ endpoints: { token: { next: [{ status: 502, body: '{}' }] } } });
  expect((await world.rp.redeem(code)).status).toBe(502);
  expect((await world.rp.redeem(code)).status).toBe(200);
});

describe('the firewall', () => {
  test.each(paths)('refuses a request without a User-Agent for %s', async (_endpoint, path) => {
    const response = await fetch(`${world.standIn.url}${path}`, { headers: { 'user-agent': '' } });
    expect([response.status, await response.json()]).toEqual([403, { message: 'Forbidden' }]);
    expect(world.standIn.refusals.at(-1)?.code).toBe('user_agent_missing');
  });

  test('accepts 4096 characters of query at /authorize', async () => {
    const at = (length: number) => new Browser().get(`${world.standIn.url}/authorize?${'x'.repeat(length)}`);
    expect((await at(4096)).status).toBe(400);
    expect((await at(4097)).status).toBe(403);
  });

  test.each(paths.slice(1))('accepts 2048 characters of query at %s', async (_endpoint, path) => {
    const at = (length: number) => getPath(`${path}?${'x'.repeat(length)}`);
    expect((await at(2048)).status).not.toBe(403);
    expect((await at(2049)).status).toBe(403);
  });
});

test('the stand-in refuses a large body', async () => {
  const response = await fetch(`${world.standIn.url}/token`, { method: 'POST', body: 'x'.repeat(200_000) });
  expect(response.status).toBe(413);
});

test('the stand-in returns 404 for an unknown path', async () => {
  expect((await getPath('/register')).status).toBe(404);
});
