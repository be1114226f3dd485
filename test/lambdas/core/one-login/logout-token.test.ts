import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RelyingPartyError } from '../../../../lambdas/core/errors.ts';
import {
  type ExpectedLogoutToken,
  readLogoutToken,
  validateLogoutToken,
} from '../../../../lambdas/core/one-login/logout-token.ts';
import {
  logoutTokenClaims as claims,
  clientId,
  ecKey,
  forgeJwt,
  idTokenClaims,
  issuer,
  keys,
  makeProviderKey,
  now,
  nowSeconds,
  rsaKey,
  signJwt,
  signWithPublicKey,
  subject,
} from './example-provider.ts';

const expected: ExpectedLogoutToken = { issuer, clientId, keys, now };
const event = 'http://schemas.openid.net/event/backchannel-logout';
const strangerKey = makeProviderKey('ES256', 'unknown-1');

/** Lists and objects within one another. */
function nested(depth: number): unknown {
  return depth === 0 ? 'x' : depth % 2 === 0 ? [nested(depth - 1)] : { x: nested(depth - 1) };
}

describe('the form of a back-channel logout request', () => {
  test('has the logout token, and other fields do not matter', () => {
    expect(
      readLogoutToken(
        new Map([
          ['logout_token', ['x.y.z']],
          ['other', ['a', 'b']],
        ]),
      ),
    ).toBe('x.y.z');
  });

  test.each<[string, [string, string[]][]]>([
    ['no field', []],
    ['no logout token', [['token', ['x.y.z']]]],
    ['an empty list', [['logout_token', []]]],
    ['two logout tokens', [['logout_token', ['x.y.z', 'x.y.z']]]],
  ])('is malformed with %s', (_case, form) => {
    expect(() => readLogoutToken(new Map(form))).toThrow(
      expect.objectContaining({ code: 'logout_request_malformed' }),
    );
  });
});

describe('a logout token', () => {
  test.each<[string, object]>([
    ['without typ', {}],
    ['with typ logout+jwt', { typ: 'logout+jwt' }],
    ['with typ in another case', { typ: 'Logout+JWT' }],
  ])('names the user, itself and its end: %s', async (_case, header) => {
    await expect(validateLogoutToken(await signJwt(claims, ecKey, { ...header }), expected)).resolves.toEqual(
      {
        sub: subject,
        jti: 'jti-1',
        exp: nowSeconds + 120,
      },
    );
  });

  test.each<[string, object]>([
    ['for a list of one audience', { aud: [clientId] }],
    ['with exp passed within the tolerance', { exp: nowSeconds - 29 }],
    ['with iat in the future within the tolerance', { iat: nowSeconds + 30 }],
    ['with further events', { events: { [event]: {}, 'https://example.test/other': {} } }],
    ['with members in the event', { events: { [event]: { reason: 'intervention' } } }],
  ])('is accepted %s', async (_case, changes) => {
    const token = await signJwt({ ...claims, ...changes });
    await expect(validateLogoutToken(token, expected)).resolves.toMatchObject({ sub: subject });
  });

  // id: logout-token-claims
  test.each<[string, object, string]>([
    ['another iss', { iss: 'https://attacker.example/' }, 'iss_unexpected'],
    ['another aud', { aud: 'client-2' }, 'aud_unexpected'],
    ['a nonce', { nonce: 'n' }, 'nonce_present'],
    ['a nonce of null', { nonce: null }, 'nonce_present'],
    ['no events', { events: undefined }, 'events_unexpected'],
    ['events in a list', { events: [event] }, 'events_unexpected'],
    ['other events', { events: { 'https://example.test/other': {} } }, 'events_unexpected'],
    ['an event that is no object', { events: { [event]: true } }, 'events_unexpected'],
    ['no sub', { sub: undefined }, 'sub_invalid'],
    ['no sub but a sid', { sub: undefined, sid: 'sid-1' }, 'sub_invalid'],
    ['an empty sub', { sub: '' }, 'sub_invalid'],
    ['no jti', { jti: undefined }, 'jti_invalid'],
    ['an empty jti', { jti: '' }, 'jti_invalid'],
    ['a jti that is a number', { jti: 1 }, 'jti_invalid'],
    ['exp passed by more than the tolerance', { exp: nowSeconds - 30 }, 'expired'],
    ['no exp', { exp: undefined }, 'malformed'],
    ['no iat', { iat: undefined }, 'malformed'],
    ['iat in the future beyond the tolerance', { iat: nowSeconds + 31 }, 'from_the_future'],
    ['nbf in the future beyond the tolerance', { nbf: nowSeconds + 31 }, 'from_the_future'],
  ])('is refused with %s, before its key is requested', async (_case, changes, code) => {
    for (const key of [ecKey, strangerKey]) {
      const token = await signJwt({ ...claims, ...changes }, key);
      await expect(validateLogoutToken(token, expected)).rejects.toMatchObject({
        name: 'RelyingPartyError',
        code: `logout_token_${code}`,
      });
    }
  });

  test.each<[string, object, typeof ecKey, boolean]>([
    ['a notification that One Login has signed', { sub: '' }, ecKey, true],
    ['a notification by another key', { sub: '' }, strangerKey, false],
    ['an ID token', { ...idTokenClaims, events: undefined }, ecKey, false],
    ['a token with an event and a nonce', { nonce: 'n' }, ecKey, false],
    ['a token with neither', { events: undefined }, ecKey, false],
  ])('that is refused as %s is called genuine only if it is lost', async (_case, changes, key, genuine) => {
    const token = await signJwt({ ...claims, ...changes }, key);
    await expect(validateLogoutToken(token, expected)).rejects.toMatchObject({ context: { genuine } });
  });

  test.each<[string, object]>([
    ['16 deep', { x: nested(15) }],
    ['wide', { x: Array.from({ length: 500 }, () => []) }],
    ['full of brackets in strings', { x: '[{"\\"['.repeat(20), '[[[\\': '{{{' }],
  ])('may be %s', async (_case, others) => {
    const token = await signJwt({ ...claims, ...others });
    await expect(validateLogoutToken(token, expected)).resolves.toMatchObject({ sub: subject });
  });

  // id: logout-token-forgeries
  test.each<[string, () => Promise<string> | string, string]>([
    ['it is no JWT', () => 'logout', 'malformed'],
    [
      'it has more than 8,192 characters',
      () => signJwt({ ...claims, padding: 'x'.repeat(6000) }),
      'malformed',
    ],
    ['its payload is 17 deep', () => signJwt({ ...claims, x: nested(16) }), 'malformed'],
    [
      'its header is 17 deep',
      () => forgeJwt({ alg: 'ES256', kid: ecKey.kid, x: nested(16) }, claims),
      'malformed',
    ],
    ['it is an ID token', () => signJwt(idTokenClaims), 'nonce_present'],
    [
      'it is an ID token without nonce',
      () => signJwt({ ...idTokenClaims, nonce: undefined }),
      'events_unexpected',
    ],
    ['typ is JWT', () => signJwt(claims, ecKey, { typ: 'JWT' }), 'typ_unexpected'],
    [
      'typ is a list',
      () => forgeJwt({ alg: 'ES256', kid: ecKey.kid, typ: ['logout+jwt'] }, claims),
      'typ_unexpected',
    ],
    ['alg is none', () => forgeJwt({ alg: 'none', kid: ecKey.kid }, claims, ''), 'alg_unexpected'],
    ['alg is HS256 with the public key', () => signWithPublicKey(claims, ecKey), 'alg_unexpected'],
    ['alg is RS256', () => signJwt(claims, rsaKey), 'alg_unexpected'],
    [
      'its kid is of a key for another algorithm',
      () => signJwt(claims, { ...ecKey, kid: rsaKey.kid }),
      'alg_unexpected',
    ],
    ['its kid is unknown', () => signJwt(claims, strangerKey), 'key_unknown'],
    ['another key signed it', () => signJwt(claims, { ...strangerKey, kid: ecKey.kid }), 'signature_invalid'],
    [
      'it has no signature',
      () => forgeJwt({ alg: 'ES256', kid: ecKey.kid }, claims, ''),
      'signature_invalid',
    ],
  ])('is refused when %s', async (_case, token, code) => {
    await expect(validateLogoutToken(await token(), expected)).rejects.toMatchObject({
      code: `logout_token_${code}`,
    });
  });

  test('of anything whatsoever is refused with a code of its own', async () => {
    const header = fc.oneof(fc.jsonValue(), fc.constant({ alg: 'ES256', kid: ecKey.kid }));
    const forged = fc
      .tuple(header, fc.jsonValue())
      .map(([head, body]) => forgeJwt({ ...Object(head) }, body));
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), forged), async (token) => {
        const refusal = await validateLogoutToken(token, expected).catch((error: unknown) => error);
        expect(refusal).toBeInstanceOf(RelyingPartyError);
        expect(refusal).toMatchObject({ code: expect.stringMatching(/^logout_token_/) });
      }),
      { numRuns: 500 },
    );
  });
});
