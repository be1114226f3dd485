import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { Browser } from './browser.ts';
import { setUp, type World } from './relying-party.ts';
import { jsonListener } from './test-server.ts';

const rsa = generateKeyPair('PS256', { extractable: true });

let world: World;
let key: JWK;

beforeEach(async () => {
  world = await setUp();
  world.standIn.change({ signInAutomaticallyAs: 'maria' });
  key = (await currentKeys()).at(0) ?? {};
});
afterEach(() => world.close());

async function currentKeys(): Promise<JWK[]> {
  const response = await fetch(world.jwks.url);
  return ((await response.json()) as { keys: JWK[] }).keys;
}

/** Sends a good request, and a good assertion with a code that nobody issued. */
async function useKey(): Promise<{ authorize: number; token: unknown; reason: string | undefined }> {
  const before = world.jwks.requestCount;
  const authorize = await new Browser().get(await world.rp.authorizeUrl());
  const reason = world.standIn.refusals.at(-1)?.reason;
  const fetches = world.jwks.requestCount - before;
  expect(fetches).toBeLessThanOrEqual(2);
  const token = await world.rp.redeem('no-code');
  return { authorize: authorize.status, token: token.body['error'], reason };
}

const refused = { authorize: 500, token: 'server_error' };
const accepted = { authorize: 302, token: 'invalid_grant' };

describe('a JWKS that One Login can not use', () => {
  const jwksOf = (...keys: JWK[]) => jsonListener({ keys });

  test.each<[string, () => ReturnType<typeof jsonListener>, RegExp]>([
    ['answers 500', () => jsonListener({}, 500), /failed twice: .*status is 500/],
    ['redirects', () => (_m, r) => r.writeHead(302, { location: '/other' }).end(), /status is 302/],
    ['is no JSON', () => jsonListener('<html>'), /not JSON/],
    ['has no keys', () => jsonListener({}), /"keys"/],
    ['lacks the kid', () => jwksOf({ ...key, kid: 'other' }), /no key with the "kid"/],
    ['has the kid twice', () => jwksOf(key, key), /several keys/],
    ['lacks use', () => jwksOf({ ...key, use: undefined } as unknown as JWK), /"use": "sig"/],
    ['has a key for encryption', () => jwksOf({ ...key, use: 'enc' }), /"use": "sig"/],
    ['lacks alg', () => jwksOf({ ...key, alg: undefined } as unknown as JWK), /"alg"/],
    [
      'has a key that is none',
      () => jwksOf({ kty: 'RSA', kid: key.kid, use: 'sig', alg: 'PS256' } as JWK),
      /read/,
    ],
    [
      'is larger than 50 KB',
      () => jsonListener({ keys: [key], padding: 'x'.repeat(51_200) }),
      /larger than 51200/,
    ],
    ['resets the connection', () => (message) => message.socket.resetAndDestroy(), /failed twice/],
  ])('%s', async (_what, listener, reason) => {
    world.jwks.answerWith(listener());
    const result = await useKey();
    expect(result).toMatchObject(refused);
    expect(result.reason).toMatch(reason);
  });

  test('holds an elliptic curve key beside the right one', async () => {
    const { publicKey } = await generateKeyPair('ES256', { extractable: true });
    world.jwks.answerWith(
      jwksOf(key, { ...(await exportJWK(publicKey)), kid: 'ec', use: 'sig', alg: 'ES256' }),
    );
    expect(await useKey()).toMatchObject(refused);
  });

  test('does not answer within half a second, twice', async () => {
    world.jwks.answerWith(() => {});
    const response = await new Browser().get(await world.rp.authorizeUrl());
    expect(response.status).toBe(500);
    expect(world.standIn.refusals.at(-1)?.reason).toMatch(
      /failed twice: first nothing to read within 500 ms/,
    );
  });
});

test('a JWT without kid ends like a JWKS that can not be had', async () => {
  const response = await new Browser().get(await world.rp.authorizeUrl({}, { kid: undefined }));
  expect(response.status).toBe(500);
  const assertion = await world.rp.sign(world.rp.assertionClaims(), { kid: undefined });
  expect((await world.rp.redeem('x', { client_assertion: assertion })).body['error']).toBe('server_error');
});

test('one failure is made good by a retry', async () => {
  let first = true;
  world.jwks.answerWith((message, response) => {
    if (!first) return jsonListener({ keys: [key] })(message, response);
    first = false;
    response.writeHead(503).end();
  });
  expect(await useKey()).toMatchObject(accepted);
});

test('a key is fetched once, and kept for 24 hours after it was removed', async () => {
  const before = world.jwks.requestCount;
  expect(await useKey()).toMatchObject(accepted);
  world.jwks.answerWith(jsonListener({ keys: [] }));
  world.clock.advanceSeconds(24 * 60 * 60 - 1);
  expect(await useKey()).toMatchObject(accepted);
  expect(world.jwks.requestCount - before).toBe(1);
  world.clock.advanceSeconds(1);
  expect(await useKey()).toMatchObject(refused);
});

test('a new kid is fetched at once', async () => {
  expect(await useKey()).toMatchObject(accepted);
  world.rp.kid = 'new';
  world.jwks.answerWith(jsonListener({ keys: [key, { ...key, kid: 'new' }] }));
  expect(await useKey()).toMatchObject(accepted);
});

test('a kid that changed its key is not noticed, as at One Login', async () => {
  expect(await useKey()).toMatchObject(accepted);
  const other = await exportJWK((await rsa).publicKey);
  world.jwks.answerWith(jsonListener({ keys: [{ ...key, n: other.n }] }));
  expect(await useKey()).toMatchObject(accepted);
  world.standIn.forgetClientKeys();
  expect(await useKey()).toMatchObject({ authorize: 400, token: 'invalid_client' });
});

test('the fetch names a User-Agent and takes no connection from before', async () => {
  await useKey();
  expect(world.jwks.requests.at(-1)?.headers).toMatchObject({
    'user-agent': 'one-login-stand-in',
    connection: 'close',
  });
});
