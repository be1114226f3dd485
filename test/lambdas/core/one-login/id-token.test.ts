import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RelyingPartyError } from '../../../../lambdas/core/errors.ts';
import { type ExpectedIdToken, validateIdToken } from '../../../../lambdas/core/one-login/id-token.ts';
import {
  clientId,
  ecKey,
  expectedIdToken,
  hashAccessToken,
  idTokenClaims,
  makeProviderKey,
  nonce,
  now,
  nowSeconds,
  rsaKey,
  signJwt,
  subject,
  tokenResponse,
} from './example-provider.ts';

const validate = (idToken: string, changes: Partial<ExpectedIdToken> = {}) =>
  validateIdToken(tokenResponse(idToken), { ...expectedIdToken, ...changes });
const validateClaims = async (changes: object, expectations: Partial<ExpectedIdToken> = {}) =>
  validate(await signJwt({ ...idTokenClaims, ...changes }), expectations);

const strangerKey = makeProviderKey('ES256', 'unknown-1');

describe('an ID token', () => {
  test('signed ES256 gives the subject, the level and the time of the sign-in', async () => {
    const raw = await signJwt(idTokenClaims);
    expect(await validate(raw)).toEqual({
      sub: subject,
      vot: 'Cl.Cm',
      auth_time: nowSeconds - 10,
      raw,
      kid: ecKey.kid,
    });
  });

  test('signed RS256 is accepted where RS256 is registered', async () => {
    const raw = await signJwt(idTokenClaims, rsaKey);
    expect(await validate(raw, { algorithm: 'RS256' })).toMatchObject({ sub: subject });
  });

  test.each<[string, object, Partial<ExpectedIdToken>]>([
    ['without auth_time', { auth_time: undefined }, {}],
    ['without at_hash', { at_hash: undefined }, {}],
    ['without vtm and sid', { vtm: undefined, sid: undefined }, {}],
    ['with the client id in a list of one', { aud: [clientId] }, {}],
    ['with azp', { azp: clientId }, {}],
    ['with several audiences and azp', { aud: ['other', clientId], azp: clientId }, {}],
    ['with exp passed within the tolerance', { exp: nowSeconds - 29 }, {}],
    ['with iat in the future within the tolerance', { iat: nowSeconds + 30 }, {}],
    ['with nbf in the future within the tolerance', { nbf: nowSeconds + 30 }, {}],
    ['with auth_time as old as max_age and the tolerance', { auth_time: nowSeconds - 90 }, { maxAge: 60 }],
    ['with auth_time of now and max_age 0', { auth_time: nowSeconds }, { maxAge: 0 }],
    ['with a stronger vot than requested', { vot: 'Cl.Cm' }, { vtr: ['Cl'] }],
    ['with the vot of an authentication without second factor', { vot: 'Cl' }, { vtr: ['Cl'] }],
    ['with the vot of one of two vectors', { vot: 'Cl' }, { vtr: ['Cl.Cm', 'Cl'] }],
    ['with the credential part of an identity vector', { vot: 'Cl.Cm' }, { vtr: ['Cl.Cm.P2'] }],
    ['with a sub of 255 characters', { sub: 's'.repeat(255) }, {}],
  ])('is accepted %s', async (_case, changes, expectations) => {
    await expect(validateClaims(changes, expectations)).resolves.toMatchObject({ sub: expect.any(String) });
  });

  // id: id-token-claims
  test.each<[string, object, string, Partial<ExpectedIdToken>?]>([
    ['another iss', { iss: 'https://attacker.example/' }, 'iss_unexpected'],
    ['an iss without its slash', { iss: 'https://oidc.example' }, 'iss_unexpected'],
    ['no iss', { iss: undefined }, 'iss_unexpected'],
    ['another aud', { aud: 'client-2' }, 'aud_unexpected'],
    ['an aud that only begins with the client id', { aud: `${clientId}0` }, 'aud_unexpected'],
    ['no aud', { aud: undefined }, 'aud_unexpected'],
    ['an empty aud list', { aud: [] }, 'aud_unexpected'],
    ['several aud without azp', { aud: [clientId, 'other'] }, 'aud_unexpected'],
    ['several aud with another azp', { aud: [clientId, 'other'], azp: 'other' }, 'aud_unexpected'],
    ['another azp', { azp: 'other' }, 'aud_unexpected'],
    ['another nonce', { nonce: `${nonce.slice(1)}x` }, 'nonce_unexpected'],
    ['no nonce', { nonce: undefined }, 'nonce_unexpected'],
    ['a nonce in a list', { nonce: [nonce] }, 'nonce_unexpected'],
    ['exp passed by more than the tolerance', { exp: nowSeconds - 30 }, 'expired'],
    ['no exp', { exp: undefined }, 'malformed'],
    ['an exp that is text', { exp: `${nowSeconds + 120}` }, 'malformed'],
    ['an exp of null', { exp: null }, 'malformed'],
    ['no iat', { iat: undefined }, 'malformed'],
    ['iat in the future beyond the tolerance', { iat: nowSeconds + 31 }, 'from_the_future'],
    ['iat in milliseconds', { iat: now }, 'from_the_future'],
    ['nbf in the future beyond the tolerance', { nbf: nowSeconds + 31 }, 'from_the_future'],
    ['an nbf that is text', { nbf: '0' }, 'malformed'],
    ['auth_time in the future beyond the tolerance', { auth_time: nowSeconds + 31 }, 'from_the_future'],
    ['an auth_time that is text', { auth_time: '0' }, 'malformed'],
    ['no auth_time, though max_age was sent', { auth_time: undefined }, 'auth_time_missing', { maxAge: 60 }],
    [
      'an auth_time older than max_age',
      { auth_time: nowSeconds - 91 },
      'auth_time_too_old',
      { maxAge: 60, requestedAt: now - 1000 },
    ],
    [
      'an auth_time older than a max_age of 0',
      { auth_time: nowSeconds - 31 },
      'auth_time_too_old',
      { maxAge: 0, requestedAt: now - 1000 },
    ],
    ['no sub', { sub: undefined }, 'sub_invalid'],
    ['an empty sub', { sub: '' }, 'sub_invalid'],
    ['a sub that is a number', { sub: 1 }, 'sub_invalid'],
    ['a sub of 256 characters', { sub: 's'.repeat(256) }, 'sub_invalid'],
    ['a sub with a control character', { sub: 's\n' }, 'sub_invalid'],
    ['a vot below the requested one', { vot: 'Cl' }, 'vot_insufficient'],
    ['a vot below an identity vector', { vot: 'Cl' }, 'vot_insufficient', { vtr: ['Cl.Cm.P2'] }],
    ['any vot, when none was requested', {}, 'vot_insufficient', { vtr: [] }],
    ['no vot', { vot: undefined }, 'malformed'],
    ['a vot with a level of confidence', { vot: 'Cl.Cm.P2' }, 'malformed'],
    ['an unknown vot', { vot: 'Cl.Cm.Cx' }, 'malformed'],
    ['a vot that is a list', { vot: ['Cl.Cm'] }, 'malformed'],
    ['the at_hash of another access token', { at_hash: hashAccessToken('other') }, 'at_hash_unexpected'],
    ['an at_hash of null', { at_hash: null }, 'at_hash_unexpected'],
  ])('is refused with %s', async (_case, changes, code, expectations = {}) => {
    for (const key of [ecKey, strangerKey]) {
      const token = await signJwt({ ...idTokenClaims, ...changes }, key);
      await expect(validate(token, expectations)).rejects.toMatchObject({
        name: 'RelyingPartyError',
        code: `id_token_${code}`,
      });
    }
  });
});

describe('an ID token that was tampered with', () => {
  // id: id-token-any-byte-changed
  test('is refused whichever character is changed, and its content is in no message', async () => {
    const token = await signJwt(idTokenClaims);
    // The last character of a segment can hold bits that mean nothing: changing only those changes nothing.
    const positions = [...token].flatMap((character, index) =>
      character === '.' || token[index + 1] === '.' || index === token.length - 1 ? [] : [index],
    );
    const character = fc.constantFrom(...'ABCDEFghijkl0123456789-_.=+ \n\u00e9');
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...positions), character, async (position, replacement) => {
        fc.pre(token[position] !== replacement);
        const error = await validate(token.slice(0, position) + replacement + token.slice(position + 1)).then(
          () => undefined,
          (reason: unknown) => reason,
        );
        expect(error).toBeInstanceOf(RelyingPartyError);
        expect(error).toMatchObject({ code: expect.stringMatching(/^id_token_/) });
        expect(String(error)).not.toContain(subject);
        expect(String(error)).not.toContain(nonce);
      }),
      { numRuns: 500 },
    );
  });

  test('is refused whatever JSON stands in one of its claims', async () => {
    const name = fc.constantFrom('iss', 'aud', 'exp', 'iat', 'nonce', 'vot', 'sub', 'at_hash', 'auth_time');
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 1 }).filter((json) => typeof json !== 'string' && typeof json !== 'number'),
      fc.constant(undefined),
    );
    await fc.assert(
      fc.asyncProperty(name, value, async (claim, json) => {
        fc.pre(!(json === undefined && claim === 'at_hash'));
        await expect(validateClaims({ [claim]: json }, { maxAge: 60 })).rejects.toMatchObject({
          code: expect.stringMatching(/^id_token_/),
        });
      }),
      { numRuns: 300 },
    );
  });
});
