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
import {
  type CoreIdentityFault,
  type IdTokenFault,
  identityClaims,
  type LogoutTokenFault,
} from '../../stand-in/index.ts';
import { clientId, fetchDidKeys, useWorld } from './relying-party.ts';

const world = useWorld({}, { signInAutomaticallyAs: 'maria' });
const sub = 'urn:fdc:gov.uk:2022:a-subject';
const day = 86_400;

async function getIdToken(...faults: readonly IdTokenFault[]): Promise<string> {
  world.standIn.change({ idToken: { next: [faults] } });
  return (await world.rp.signIn()).idToken;
}

async function getCoreIdentity(fault: CoreIdentityFault): Promise<string> {
  world.standIn.change({ coreIdentity: { next: [[fault]] } });
  const claims = JSON.stringify({ userinfo: { [identityClaims.coreIdentityJwt]: null } });
  const { userinfo } = await world.rp.signIn({ vtr: ['Cl.Cm.P2'], claims });
  return String(userinfo[identityClaims.coreIdentityJwt]);
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
    ['INVALID_AUD', 'aud', 'another-client'],
    ['NONCE_NOT_MATCHING', 'nonce', 'another-nonce'],
    ['INCORRECT_VOT', 'vot', 'Cl'],
    ['MISSING_VOT', 'vot', undefined],
    ['MISSING_NONCE', 'nonce', undefined],
    ['MISSING_SUB', 'sub', undefined],
    ['MISSING_EXP', 'exp', undefined],
    ['WRONG_AT_HASH', 'at_hash', 'AAAAAAAAAAAAAAAAAAAAAA'],
    ['MISSING_AT_HASH', 'at_hash', undefined],
    ['MISSING_AUTH_TIME', 'auth_time', undefined],
    ['AUD_AS_ARRAY', 'aud', [clientId]],
  ])('with %s has a good signature and another "%s"', async (fault, claim, value) => {
    const { payload } = await jwtVerify(await getIdToken(fault), getJwks(), options());
    expect(payload[claim]).toEqual(value);
  });

  test.each<[IdTokenFault, string, number]>([
    ['OLD_AUTH_TIME', 'auth_time', -day],
    ['TOKEN_EXPIRED', 'exp', 120 - day],
    ['TOKEN_NOT_VALID_YET', 'iat', day],
  ])('with %s has another time in "%s"', async (fault, claim, offset) => {
    expect(decodeJwt(await getIdToken(fault))[claim]).toBe(world.rp.nowInSeconds + offset);
  });

  test('with INCORRECT_VOT has Cl.Cm when the request asked for Cl', async () => {
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

  test('with INVALID_SIGNATURE cannot be verified', async () => {
    const token = await getIdToken('INVALID_SIGNATURE');
    await expect(jwtVerify(token, getJwks())).rejects.toThrow('signature verification failed');
  });

  test('with INVALID_ALG_HEADER has the kid and HS256', async () => {
    const kid = world.standIn.keys.id_token.signing;
    expect(decodeProtectedHeader(await getIdToken('INVALID_ALG_HEADER'))).toEqual({ alg: 'HS256', kid });
  });

  test('with UNKNOWN_KID has a new key every time', async () => {
    const tokens = [await getIdToken('UNKNOWN_KID'), await getIdToken('UNKNOWN_KID')];
    const kids = tokens.map((token) => decodeProtectedHeader(token).kid);
    expect(new Set([...kids, ...world.standIn.keys.id_token.published]).size).toBe(3);
  });

  test('with MISSING_KID has no kid', async () => {
    expect(decodeProtectedHeader(await getIdToken('MISSING_KID'))).toEqual({ alg: 'ES256' });
  });

  test('with ALG_NONE has no signature', async () => {
    const token = await getIdToken('ALG_NONE');
    expect([decodeProtectedHeader(token).alg, token.split('.')[2]]).toEqual(['none', '']);
  });

  test('with HS256_WITH_PUBLIC_KEY has an HMAC with the public key', async () => {
    const token = await getIdToken('HS256_WITH_PUBLIC_KEY');
    const { keys } = Object(await (await fetch(`${world.standIn.url}/.well-known/jwks.json`)).json());
    const spki = await exportSPKI((await importJWK(keys[0], 'ES256')) as CryptoKey);
    const [header, payload, signature] = token.split('.');
    expect(createHmac('sha256', spki).update(`${header}.${payload}`).digest('base64url')).toBe(signature);
  });
});

describe('a core identity', () => {
  test.each([
    ['INVALID_ISS', 'iss', issuer],
    ['INVALID_AUD', 'aud', 'another-client'],
    ['INCORRECT_SUB', 'sub', 'urn:fdc:gov.uk:2022:somebody-else'],
    ['INCORRECT_VOT', 'vot', 'P1'],
    ['MISSING_VOT', 'vot', undefined],
    ['MISSING_VC', 'vc', undefined],
  ] as const)('with %s has a good signature and another "%s"', async (fault, claim, value) => {
    const keys = await fetchDidKeys(world.standIn);
    const { payload } = await jwtVerify(await getCoreIdentity(fault), keys, options());
    expect(payload[claim]).toEqual(value);
  });

  test.each([
    ['TOKEN_EXPIRED', 'exp', 1_800 - day],
    ['TOKEN_NOT_VALID_YET', 'nbf', day],
  ] as const)('with %s has another time in "%s"', async (fault, claim, offset) => {
    expect(decodeJwt(await getCoreIdentity(fault))[claim]).toBe(world.rp.nowInSeconds + offset);
  });

  test('with FOREIGN_DID has another DID with the same key id', async () => {
    const { kid = '' } = decodeProtectedHeader(await getCoreIdentity('FOREIGN_DID'));
    const [, keyId] = world.standIn.keys.did.signing.split('#');
    expect(kid).toBe(`did:web:identity.example.com#${keyId}`);
  });

  test('with INVALID_SIGNATURE or UNKNOWN_KID cannot be verified', async () => {
    const keys = await fetchDidKeys(world.standIn);
    await expect(jwtVerify(await getCoreIdentity('INVALID_SIGNATURE'), keys)).rejects.toThrow('signature');
    const unknown = await getCoreIdentity('UNKNOWN_KID');
    await expect(jwtVerify(unknown, keys)).rejects.toThrow('no applicable key');
    expect(decodeProtectedHeader(unknown).kid).toContain(`${world.standIn.did}#`);
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
