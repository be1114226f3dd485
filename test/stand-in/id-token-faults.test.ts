import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  type CryptoKey,
  createRemoteJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  exportSPKI,
  importJWK,
  type JWK,
  jwtVerify,
} from 'jose';
import type { IdTokenFault } from '../../stand-in/index.ts';
import { clientId, setUp, type World } from './relying-party.ts';

let world: World;

beforeAll(async () => {
  world = await setUp();
});
afterAll(() => world.close());
beforeEach(() => {
  world.standIn.reset();
  world.standIn.change({ signInAutomaticallyAs: 'maria' });
});

async function idTokenWith(...faults: readonly IdTokenFault[]): Promise<string> {
  world.standIn.change({ idToken: { next: [faults] } });
  return (await world.rp.signIn()).idToken;
}

const jwksUrl = () => new URL(`${world.standIn.url}/.well-known/jwks.json`);

describe('a fault of the claims leaves the signature good', () => {
  test.each<[IdTokenFault, string, unknown]>([
    ['INVALID_ISS', 'iss', 'https://example.com/identity-provider'],
    ['INVALID_AUD', 'aud', 'another-client'],
    ['NONCE_NOT_MATCHING', 'nonce', 'another-nonce'],
    ['INCORRECT_VOT', 'vot', 'Cl'],
    ['MISSING_VOT', 'vot', undefined],
    ['MISSING_NONCE', 'nonce', undefined],
    ['MISSING_SUB', 'sub', undefined],
    ['MISSING_EXP', 'exp', undefined],
    ['MISSING_AT_HASH', 'at_hash', undefined],
    ['MISSING_AUTH_TIME', 'auth_time', undefined],
    ['AUD_AS_ARRAY', 'aud', [clientId]],
  ])('%s', async (fault, claim, value) => {
    const { payload } = await jwtVerify(await idTokenWith(fault), createRemoteJWKSet(jwksUrl()), {
      currentDate: new Date(world.clock.now()),
    });
    expect(payload[claim]).toEqual(value);
  });

  test('WRONG_AT_HASH, OLD_AUTH_TIME, TOKEN_EXPIRED, TOKEN_NOT_VALID_YET', async () => {
    const now = world.rp.nowInSeconds;
    expect(decodeJwt(await idTokenWith('WRONG_AT_HASH'))['at_hash']).toBe('AAAAAAAAAAAAAAAAAAAAAA');
    expect(decodeJwt(await idTokenWith('OLD_AUTH_TIME'))['auth_time']).toBe(now - 86_400);
    expect(Number(decodeJwt(await idTokenWith('TOKEN_EXPIRED')).exp)).toBeLessThan(now);
    expect(Number(decodeJwt(await idTokenWith('TOKEN_NOT_VALID_YET')).iat)).toBeGreaterThan(now);
  });

  test('INCORRECT_VOT is Cl.Cm where Cl was asked for', async () => {
    world.standIn.change({ idToken: { next: [['INCORRECT_VOT']] } });
    expect(decodeJwt((await world.rp.signIn({ vtr: ['Cl'] })).idToken)['vot']).toBe('Cl.Cm');
  });

  test('several at once', async () => {
    expect(decodeJwt(await idTokenWith('INVALID_ISS', 'MISSING_NONCE'))).toMatchObject({
      iss: 'https://example.com/identity-provider',
    });
  });
});

describe('a fault of the signature', () => {
  test('INVALID_SIGNATURE', async () => {
    await expect(
      jwtVerify(await idTokenWith('INVALID_SIGNATURE'), createRemoteJWKSet(jwksUrl())),
    ).rejects.toThrow('signature verification failed');
  });

  test('INVALID_ALG_HEADER keeps the kid', async () => {
    expect(decodeProtectedHeader(await idTokenWith('INVALID_ALG_HEADER'))).toEqual({
      alg: 'HS256',
      kid: world.standIn.keys.id_token.signing,
    });
  });

  test('UNKNOWN_KID is no published key, another one each time', async () => {
    const kids = [await idTokenWith('UNKNOWN_KID'), await idTokenWith('UNKNOWN_KID')].map(
      (token) => decodeProtectedHeader(token).kid,
    );
    expect(new Set([...kids, ...world.standIn.keys.id_token.published]).size).toBe(3);
  });

  test('MISSING_KID and ALG_NONE', async () => {
    expect(decodeProtectedHeader(await idTokenWith('MISSING_KID'))).toEqual({ alg: 'ES256' });
    const unsigned = await idTokenWith('ALG_NONE');
    expect([decodeProtectedHeader(unsigned).alg, unsigned.split('.')[2]]).toEqual(['none', '']);
  });

  test('HS256_WITH_PUBLIC_KEY', async () => {
    const token = await idTokenWith('HS256_WITH_PUBLIC_KEY');
    const { keys } = (await (await fetch(jwksUrl())).json()) as { keys: JWK[] };
    const spki = await exportSPKI((await importJWK(keys[0] ?? {}, 'ES256')) as CryptoKey);
    const [header, payload, signature] = token.split('.');
    expect(createHmac('sha256', spki).update(`${header}.${payload}`).digest('base64url')).toBe(signature);
  });
});

test('a fault can stay', async () => {
  world.standIn.change({ idToken: { always: ['INVALID_ISS'], next: [['MISSING_NONCE']] } });
  expect(decodeJwt((await world.rp.signIn()).idToken)).not.toHaveProperty('nonce');
  for (let time = 0; time < 2; time++) {
    expect(decodeJwt((await world.rp.signIn()).idToken).iss).toBe('https://example.com/identity-provider');
  }
});
