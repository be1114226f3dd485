import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RelyingPartyError } from '../../../../lambdas/core/errors.ts';
import {
  type ExpectedCoreIdentity,
  validateCoreIdentity,
} from '../../../../lambdas/core/one-login/core-identity.ts';
import {
  coreIdentityClaims as claims,
  clientId,
  createDidKeySource,
  did,
  ecKey,
  expectedCoreIdentity as expected,
  forgeJwt,
  identityKey,
  idTokenClaims,
  issuer,
  makeProviderKey,
  nowSeconds,
  rsaKey,
  signJwt,
  signWithPublicKey,
  subject,
} from './example-provider.ts';

const validateClaims = async (changes: object, expectations: Partial<ExpectedCoreIdentity> = {}) =>
  validateCoreIdentity(await signJwt({ ...claims, ...changes }, identityKey), {
    ...expected,
    ...expectations,
  });

/** A key under the DID that no document has. */
const strangerKey = makeProviderKey('ES256', `${did}#unknown-1`);

describe('a core identity', () => {
  test('only gives the level, the names and the birth dates of the JWT', async () => {
    await expect(validateClaims({})).resolves.toEqual({
      vot: 'P2',
      names: [
        {
          given_names: ['Alice', 'Jane'],
          family_names: ['Doe'],
          full_name: 'Alice Jane Doe',
          valid_from: '2020-03-01',
        },
      ],
      birthDates: ['1970-01-01'],
    });
  });

  test.each<[string, object, Partial<ExpectedCoreIdentity>]>([
    ['at P1, when P1 was requested', { vot: 'P1' }, { vtr: ['Cl.Cm.P1'] }],
    ['at P2, when P1 was requested', { vot: 'P2' }, { vtr: ['Cl.Cm.P1'] }],
    ['at the lower of two vectors', { vot: 'P1' }, { vtr: ['Cl.Cm.P1', 'Cl.Cm.P2'] }],
    ['with another type of credential', { vc: { ...claims.vc, type: ['VerifiableCredential', 'New'] } }, {}],
    ['without a type of credential', { vc: { credentialSubject: claims.vc.credentialSubject } }, {}],
    ['without iat and nbf', { iat: undefined, nbf: undefined }, {}],
    ['with exp passed within the tolerance', { exp: nowSeconds - 29 }, {}],
    ['with nbf in the future within the tolerance', { nbf: nowSeconds + 30 }, {}],
    ['for a list of one audience', { aud: [clientId] }, {}],
  ])('is accepted %s', async (_case, changes, expectations) => {
    await expect(validateClaims(changes, expectations)).resolves.toMatchObject({
      birthDates: ['1970-01-01'],
    });
  });

  // id: core-identity-claims
  test.each<[string, object, string, Partial<ExpectedCoreIdentity>?]>([
    ['the OIDC issuer', { iss: issuer }, 'iss_unexpected'],
    ['no iss', { iss: undefined }, 'iss_unexpected'],
    ['another aud', { aud: 'client-2' }, 'aud_unexpected'],
    ['no aud', { aud: undefined }, 'aud_unexpected'],
    ['another sub', { sub: `${subject}x` }, 'sub_unexpected'],
    ['no sub', { sub: undefined }, 'sub_unexpected'],
    ['exp passed by more than the tolerance', { exp: nowSeconds - 30 }, 'expired'],
    ['no exp', { exp: undefined }, 'malformed'],
    ['iat in the future beyond the tolerance', { iat: nowSeconds + 31 }, 'from_the_future'],
    ['nbf in the future beyond the tolerance', { nbf: nowSeconds + 31 }, 'from_the_future'],
    ['P1, when P2 was requested', { vot: 'P1' }, 'vot_insufficient'],
    ['P0', { vot: 'P0' }, 'vot_insufficient', { vtr: ['Cl.Cm.P1'] }],
    ['an unknown level', { vot: 'P3' }, 'vot_insufficient'],
    ['a vector that holds the level', { vot: 'Cl.Cm.P2' }, 'vot_insufficient'],
    ['text that holds the level', { vot: 'not P2' }, 'vot_insufficient'],
    ['a list that holds the level', { vot: ['P2'] }, 'vot_insufficient'],
    ['no vot', { vot: undefined }, 'vot_insufficient'],
    ['any level, when no identity was requested', {}, 'vot_insufficient', { vtr: ['Cl.Cm'] }],
    ['no vc', { vc: undefined }, 'malformed'],
    ['no name', { vc: { credentialSubject: { birthDate: [{ value: '1970-01-01' }] } } }, 'malformed'],
    ['no birth date', { vc: { credentialSubject: { name: claims.vc.credentialSubject.name } } }, 'malformed'],
  ])('is refused with %s', async (_case, changes, code, expectations = {}) => {
    await expect(validateClaims(changes, expectations)).rejects.toMatchObject({
      name: 'RelyingPartyError',
      code: `core_identity_${code}`,
    });
  });
});

describe('the header and signature of a core identity', () => {
  // id: core-identity-signature
  test.each<[string, () => Promise<string> | string, string, Partial<ExpectedCoreIdentity>?]>([
    ['no text', () => '', 'malformed'],
    ['alg none', () => forgeJwt({ alg: 'none', kid: identityKey.kid }, claims, ''), 'alg_unexpected'],
    ['HS256 with the public key', () => signWithPublicKey(claims, identityKey), 'alg_unexpected'],
    ['RS256', () => signJwt(claims, { ...rsaKey, kid: identityKey.kid }), 'alg_unexpected'],
    ['no kid', () => forgeJwt({ alg: 'ES256' }, claims), 'malformed'],
    [
      'the kid of an ID token key',
      () => signJwt(claims, { ...identityKey, kid: ecKey.kid }),
      'controller_unexpected',
    ],
    [
      'a kid under another DID',
      () => signJwt(claims, { ...identityKey, kid: 'did:web:attacker.example#identity-1' }),
      'controller_unexpected',
    ],
    [
      'a kid of two fragments',
      () => signJwt(claims, { ...identityKey, kid: `${identityKey.kid}#x` }),
      'controller_unexpected',
    ],
    ['a kid that no key has', () => signJwt(claims, strangerKey), 'key_unknown'],
    [
      'a key that was removed',
      () => signJwt(claims, identityKey),
      'key_unknown',
      { keys: createDidKeySource(strangerKey) },
    ],
    [
      'the signature of another key',
      () => signJwt(claims, { ...strangerKey, kid: identityKey.kid }),
      'signature_invalid',
    ],
    ['no signature', () => forgeJwt({ alg: 'ES256', kid: identityKey.kid }, claims, ''), 'signature_invalid'],
  ])('are refused with %s', async (_case, token, code, expectations = {}) => {
    await expect(validateCoreIdentity(await token(), { ...expected, ...expectations })).rejects.toMatchObject(
      {
        code: `core_identity_${code}`,
      },
    );
  });

  test.each([
    ['iss', { iss: issuer }, 'iss_unexpected'],
    ['aud', { aud: 'client-2' }, 'aud_unexpected'],
    ['sub', { sub: 'other' }, 'sub_unexpected'],
  ])('do not request an unknown key when %s is wrong', async (_name, changes, code) => {
    const token = await signJwt({ ...claims, ...changes }, strangerKey);
    await expect(validateCoreIdentity(token, expected)).rejects.toMatchObject({
      code: `core_identity_${code}`,
    });
  });

  // id: id-token-as-core-identity
  test('are refused when it is an ID token of the same user', async () => {
    const token = await signJwt(idTokenClaims);
    await expect(validateCoreIdentity(token, expected)).rejects.toBeInstanceOf(RelyingPartyError);
  });
});

describe('a core identity of anybody', () => {
  const text = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 300 })
    // A part without any other character is left out.
    .filter((value) => value.trim() !== '');
  const part = fc.record({ type: fc.constantFrom('GivenName', 'FamilyName'), value: text });

  test('keeps every name exactly, and has no name in the message of a refusal', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 6 }), async (nameParts) => {
        const name = { name: [{ nameParts }], birthDate: [{ value: '1970-01-01' }] };
        const vc = { credentialSubject: name };
        const { names } = await validateClaims({ vc });
        expect(names[0]?.full_name).toBe(nameParts.map(({ value }) => value).join(' '));
        expect(names[0]?.given_names.length).toBe(
          nameParts.filter(({ type }) => type === 'GivenName').length,
        );

        const refusal = await validateClaims({
          vc: { credentialSubject: { ...name, birthDate: [{}] } },
        }).catch((error: unknown) => error);
        expect(refusal).toMatchObject({ code: 'core_identity_malformed' });
        expect(String(refusal)).toBe(
          'RelyingPartyError: unacceptable core_identity: "vc" has no birth date, or an invalid one',
        );
      }),
      { numRuns: 100 },
    );
  });
});
