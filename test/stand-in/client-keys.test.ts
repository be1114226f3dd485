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

/** Sends a correct request, and a correct assertion with an unknown code. */
async function useKey(): Promise<{ authorize: number; token: unknown; reason: string | undefined }> {
  const before = world.jwks.requests.length;
  const authorize = await new Browser().get(await world.rp.authorizeUrl());
  const reason = world.standIn.refusals.at(-1)?.reason;
  const fetches = world.jwks.requests.length - before;
  expect(fetches).toBeLessThanOrEqual(2);
  const token = await world.rp.redeem('no-code');
  return { authorize: authorize.status, token: token.body['error'], reason };
}

const refused = { authorize: 500, token: 'server_error' };
const accepted = { authorize: 302, token: 'invalid_grant' };

describe('the stand-in refuses a JWKS that', () => {
  const serveJwks = (...keys: JWK[]) => jsonListener({ keys });

  test.each<[string, () => ReturnType<typeof jsonListener>, RegExp]>([
    ['returns 500', () => jsonListener({}, 500), /failed twice: .*status is 500/],
    ['redirects', () => (_m, r) => r.writeHead(302, { location: '/other' }).end(), /status is 302/],
    ['is no JSON', () => jsonListener('<html>'), /not JSON/],
    ['has no keys', () => jsonListener({}), /"keys"/],
    ['lacks the kid', () => serveJwks({ ...key, kid: 'other' }), /no key with the "kid"/],
    ['has the kid twice', () => serveJwks(key, key), /several keys/],
    ['lacks use', () => serveJwks({ ...key, use: undefined } as unknown as JWK), /"use": "sig"/],
    ['has a key for encryption', () => serveJwks({ ...key, use: 'enc' }), /"use": "sig"/],
    ['lacks alg', () => serveJwks({ ...key, alg: undefined } as unknown as JWK), /"alg"/],
    [
      'has a key without a modulus',
      () => serveJwks({ kty: 'RSA', kid: key.kid, use: 'sig', alg: 'PS256' } as JWK),
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

  test('has an elliptic curve key as well', async () => {
    const { publicKey } = await generateKeyPair('ES256', { extractable: true });
    world.jwks.answerWith(
      serveJwks(key, { ...(await exportJWK(publicKey)), kid: 'ec', use: 'sig', alg: 'ES256' }),
    );
    expect(await useKey()).toMatchObject(refused);
  });

  test('does not respond within half a second, twice', async () => {
    world.jwks.answerWith(() => {});
    const response = await new Browser().get(await world.rp.authorizeUrl());
    expect(response.status).toBe(500);
    expect(world.standIn.refusals.at(-1)?.reason).toMatch(
      /failed twice: first nothing to read within 500 ms/,
    );
  });
});

test('the stand-in refuses a JWT without kid as if there were no JWKS', async () => {
  const response = await new Browser().get(await world.rp.authorizeUrl({}, { kid: undefined }));
  expect(response.status).toBe(500);
  const assertion = await world.rp.sign(world.rp.assertionClaims(), { kid: undefined });
  expect((await world.rp.redeem('x', { client_assertion: assertion })).body['error']).toBe('server_error');
});

test('the stand-in fetches a JWKS again after one failure', async () => {
  let first = true;
  world.jwks.answerWith((message, response) => {
    if (!first) return jsonListener({ keys: [key] })(message, response);
    first = false;
    response.writeHead(503).end();
  });
  expect(await useKey()).toMatchObject(accepted);
});

test('the stand-in fetches a key once and keeps it for 24 hours after its removal', async () => {
  const before = world.jwks.requests.length;
  expect(await useKey()).toMatchObject(accepted);
  world.jwks.answerWith(jsonListener({ keys: [] }));
  world.clock.advance((24 * 60 * 60 - 1) * 1000);
  expect(await useKey()).toMatchObject(accepted);
  expect(world.jwks.requests.length - before).toBe(1);
  world.clock.advance(1 * 1000);
  expect(await useKey()).toMatchObject(refused);
});

test('the stand-in fetches a new kid at once', async () => {
  expect(await useKey()).toMatchObject(accepted);
  world.rp.kid = 'new';
  world.jwks.answerWith(jsonListener({ keys: [key, { ...key, kid: 'new' }] }));
  expect(await useKey()).toMatchObject(accepted);
});

test('the stand-in does not notice a new key with an old kid, like One Login', async () => {
  expect(await useKey()).toMatchObject(accepted);
  const other = await exportJWK((await rsa).publicKey);
  world.jwks.answerWith(jsonListener({ keys: [{ ...key, n: other.n }] }));
  expect(await useKey()).toMatchObject(accepted);
  world.standIn.forgetClientKeys();
  expect(await useKey()).toMatchObject({ authorize: 400, token: 'invalid_client' });
});

test('the stand-in fetches a JWKS with a User-Agent on a new connection', async () => {
  await useKey();
  expect(world.jwks.requests.at(-1)?.headers).toMatchObject({
    'user-agent': 'one-login-stand-in',
    connection: 'close',
  });
});
