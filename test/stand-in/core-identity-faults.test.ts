import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, type JWK, jwtVerify } from 'jose';
import { type CoreIdentityFault, identityClaims } from '../../stand-in/index.ts';
import { setUp, type World } from './relying-party.ts';

let world: World;

beforeAll(async () => {
  world = await setUp();
  world.standIn.change({ signInAutomaticallyAs: 'maria' });
});
afterAll(() => world.close());

/** The keys of the DID document, under their whole ids. */
async function didKeys() {
  const response = await fetch(`${world.standIn.url}/.well-known/did.json`);
  const { assertionMethod } = (await response.json()) as {
    assertionMethod: { id: string; publicKeyJwk: JWK }[];
  };
  return createLocalJWKSet({
    keys: assertionMethod.map(({ id, publicKeyJwk }) => ({ ...publicKeyJwk, kid: id })),
  });
}

async function faulty(fault: CoreIdentityFault): Promise<string> {
  world.standIn.change({ coreIdentity: { next: [[fault]] } });
  const claims = JSON.stringify({ userinfo: { [identityClaims.coreIdentityJwt]: null } });
  const { userinfo } = await world.rp.signIn({ vtr: ['Cl.Cm.P2'], claims });
  return String(userinfo[identityClaims.coreIdentityJwt]);
}

describe('core identity faults', () => {
  test.each([
    ['INVALID_ISS', 'iss', 'https://example.com/identity-provider'],
    ['INVALID_AUD', 'aud', 'another-client'],
    ['INCORRECT_SUB', 'sub', 'urn:fdc:gov.uk:2022:somebody-else'],
    ['INCORRECT_VOT', 'vot', 'P1'],
    ['MISSING_VOT', 'vot', undefined],
    ['MISSING_VC', 'vc', undefined],
  ] as const)('%s changes %s, and the signature is good', async (fault, claim, value) => {
    const { payload } = await jwtVerify(await faulty(fault), await didKeys(), {
      currentDate: new Date(world.clock.now()),
    });
    expect(payload[claim]).toEqual(value);
  });

  test('TOKEN_EXPIRED and TOKEN_NOT_VALID_YET', async () => {
    expect(Number(decodeJwt(await faulty('TOKEN_EXPIRED')).exp)).toBeLessThan(world.rp.nowInSeconds);
    expect(Number(decodeJwt(await faulty('TOKEN_NOT_VALID_YET')).nbf)).toBeGreaterThan(world.rp.nowInSeconds);
  });

  test('FOREIGN_DID names another DID with the same key id', async () => {
    const kid = String(decodeProtectedHeader(await faulty('FOREIGN_DID')).kid);
    const [did, keyId] = kid.split('#');
    expect([did, keyId]).toEqual([
      'did:web:identity.example.com',
      world.standIn.keys.did.signing.split('#')[1],
    ]);
  });

  test('INVALID_SIGNATURE and UNKNOWN_KID', async () => {
    await expect(jwtVerify(await faulty('INVALID_SIGNATURE'), await didKeys())).rejects.toThrow('signature');
    await expect(jwtVerify(await faulty('UNKNOWN_KID'), await didKeys())).rejects.toThrow(
      'no applicable key',
    );
    expect(decodeProtectedHeader(await faulty('UNKNOWN_KID')).kid).toContain(`${world.standIn.did}#`);
  });
});
