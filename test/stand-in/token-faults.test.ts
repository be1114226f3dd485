import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import {
  type CryptoKey,
  createRemoteJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  exportSPKI,
  importJWK,
  jwtVerify,
} from 'jose';
import type { IdTokenFault, LogoutTokenFault } from '../../stand-in/index.ts';
import { clientId, useWorld } from './relying-party.ts';

const world = useWorld({}, { signInAutomaticallyAs: 'maria' });
const sub = 'urn:fdc:gov.uk:2022:a-subject';
const day = 86_400;

async function getIdToken(...faults: readonly IdTokenFault[]): Promise<string> {
  world.standIn.change({ idToken: { next: [faults] } });
  return (await world.rp.signIn()).idToken;
}

async function getLogoutToken(fault: LogoutTokenFault): Promise<string> {
  return (await world.standIn.mintLogoutToken({ sub, faults: [fault] })).token;
}

const getJwks = () => createRemoteJWKSet(new URL(`${world.standIn.url}/.well-known/jwks.json`));
const options = () => ({ currentDate: new Date(world.clock.now()) });
const issuer = 'https://example.com/identity-provider';

describe('an ID token', () => {
  test.each<[IdTokenFault, string, unknown]>([
    ['INVALID_ISS', 'iss', issuer],
    ['MISSING_AT_HASH', 'at_hash', undefined],
    ['MISSING_AUTH_TIME', 'auth_time', undefined],
    ['AUD_AS_ARRAY', 'aud', [clientId]],
  ])('with %s has a good signature and another "%s"', async (fault, claim, value) => {
    const { payload } = await jwtVerify(await getIdToken(fault), getJwks(), options());
    expect(payload[claim]).toEqual(value);
  });

  test('with OLD_AUTH_TIME has an auth_time of a day ago', async () => {
    expect(decodeJwt(await getIdToken('OLD_AUTH_TIME'))['auth_time']).toBe(world.rp.nowInSeconds - day);
  });

  test('with INCORRECT_VOT has Cl.Cm when the request had Cl', async () => {
    world.standIn.change({ idToken: { next: [['INCORRECT_VOT']] } });
    expect(decodeJwt((await world.rp.signIn({ vtr: ['Cl'] })).idToken)['vot']).toBe('Cl.Cm');
  });

  test('can have several faults', async () => {
    const claims = decodeJwt(await getIdToken('INVALID_ISS', 'MISSING_NONCE'));
    expect(claims.iss).toBe(issuer);
    expect(claims).not.toHaveProperty('nonce');
  });

  test('can have a fault every time, after the faults of the next times', async () => {
    world.standIn.change({ idToken: { always: ['INVALID_ISS'], next: [['MISSING_NONCE']] } });
    expect(decodeJwt((await world.rp.signIn()).idToken).iss).toBe(world.standIn.issuer);
    for (let time = 0; time < 2; time++) {
      expect(decodeJwt((await world.rp.signIn()).idToken).iss).toBe(issuer);
    }
  });

  test('with UNKNOWN_KID has a new key every time', async () => {
    const tokens = [await getIdToken('UNKNOWN_KID'), await getIdToken('UNKNOWN_KID')];
    const kids = tokens.map((token) => decodeProtectedHeader(token).kid);
    expect(new Set([...kids, ...world.standIn.keys.id_token.published]).size).toBe(3);
  });

  test('with HS256_WITH_PUBLIC_KEY has an HMAC with the public key', async () => {
    const token = await getIdToken('HS256_WITH_PUBLIC_KEY');
    const { keys } = Object(await (await fetch(`${world.standIn.url}/.well-known/jwks.json`)).json());
    const spki = await exportSPKI((await importJWK(keys[0], 'ES256')) as CryptoKey);
    const [header, payload, signature] = token.split('.');
    expect(createHmac('sha256', spki).update(`${header}.${payload}`).digest('base64url')).toBe(signature);
  });
});

describe('a logout token', () => {
  test.each<[LogoutTokenFault, string, unknown]>([
    ['INVALID_ISS', 'iss', issuer],
    ['INVALID_AUD', 'aud', 'another-client'],
    ['MISSING_SUB', 'sub', undefined],
    ['MISSING_JTI', 'jti', undefined],
    ['MISSING_IAT', 'iat', undefined],
    ['MISSING_EXP', 'exp', undefined],
    ['MISSING_EVENTS', 'events', undefined],
    ['WRONG_EVENTS', 'events', { 'http://schemas.openid.net/event/something-else': {} }],
    ['NONCE', 'nonce', 'a-nonce'],
  ])('with %s has a good signature and another "%s"', async (fault, claim, value) => {
    const { payload } = await jwtVerify(await getLogoutToken(fault), getJwks(), options());
    expect(payload[claim]).toEqual(value);
  });

  test.each<[LogoutTokenFault, string, number]>([
    ['TOKEN_EXPIRED', 'exp', 120 - day],
    ['TOKEN_NOT_VALID_YET', 'iat', day],
  ])('with %s has another time in "%s"', async (fault, claim, offset) => {
    expect(decodeJwt(await getLogoutToken(fault))[claim]).toBe(world.rp.nowInSeconds + offset);
  });

  test('can have another typ, no typ and no signature', async () => {
    expect(decodeProtectedHeader(await getLogoutToken('WRONG_TYP')).typ).toBe('JWT');
    expect(decodeProtectedHeader(await getLogoutToken('MISSING_TYP')).typ).toBeUndefined();
    expect(await getLogoutToken('ALG_NONE')).toMatch(/\.$/);
  });

  test('with ID_TOKEN is an ID token', async () => {
    const claims = decodeJwt(await getLogoutToken('ID_TOKEN'));
    expect(claims).toMatchObject({ sub, nonce: expect.any(String), at_hash: expect.any(String) });
    expect(claims).not.toHaveProperty('events');
  });

  test('can have other claims, such as a jti that was used before', async () => {
    const { jti } = await world.standIn.mintLogoutToken({ sub });
    const claims = { jti, iat: null, extra: 1 };
    const second = await world.standIn.mintLogoutToken({ sub, claims });
    expect(second.jti).toBe(jti);
    expect(decodeJwt(second.token)).toMatchObject({ jti, extra: 1 });
    expect(decodeJwt(second.token)).not.toHaveProperty('iat');
  });
});
