import { sign } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { type ExpectedIdToken, validateIdToken } from '../../../../lambdas/core/one-login/id-token.ts';
import { parseJwks } from '../../../../lambdas/core/one-login/jwks.ts';
import {
  createKeySource,
  ecKey,
  expectedIdToken,
  forgeJwt,
  idTokenClaims,
  makeProviderKey,
  nowSeconds,
  rsaKey,
  signJwt,
  signWithPublicKey,
  tokenResponse,
} from './example-provider.ts';

const validate = (idToken: string, changes: Partial<ExpectedIdToken> = {}) =>
  validateIdToken(tokenResponse(idToken), { ...expectedIdToken, ...changes });

/** A key id that no document contains. */
const strangerKey = makeProviderKey('ES256', 'unknown-1');

/** The signing input exactly as given, under a good signature. */
function signCompact(signingInput: string): string {
  const key = { key: ecKey.privateKey, dsaEncoding: 'ieee-p1363' } as const;
  return `${signingInput}.${sign('sha256', Buffer.from(signingInput), key).toString('base64url')}`;
}

describe('the header and signature of an ID token', () => {
  const header = { alg: 'ES256', kid: ecKey.kid };

  test.each<[string, string]>([
    ['no JWT', 'opaque'],
    ['two segments', 'e30.e30'],
    ['four segments', 'e30.e30.e30.e30'],
    ['a character outside base64url', forgeJwt(header, idTokenClaims, 'c2ln+')],
    ['a line break at its end', `${forgeJwt(header, idTokenClaims)}\n`],
    ['a header that is no JSON', `eHg.${forgeJwt(header, idTokenClaims).split('.').slice(1).join('.')}`],
    ['a header that is a list', forgeJwt([header], idTokenClaims)],
    ['a payload that is no object', forgeJwt(header, 'claims')],
    ['no kid', forgeJwt({ alg: 'ES256' }, idTokenClaims)],
    ['an empty kid', forgeJwt({ alg: 'ES256', kid: '' }, idTokenClaims)],
    ['a kid that is a number', forgeJwt({ alg: 'ES256', kid: 1 }, idTokenClaims)],
    ['crit', forgeJwt({ ...header, crit: ['b64'], b64: false }, idTokenClaims)],
    ['more than 64 KiB', forgeJwt(header, { ...idTokenClaims, padding: 'x'.repeat(50_000) })],
  ])('are malformed with %s', async (_case, token) => {
    await expect(validate(token)).rejects.toMatchObject({ code: 'id_token_malformed' });
  });

  test('are refused with crit even when everything else is right', async () => {
    const compact = [{ ...header, crit: ['exp'], exp: nowSeconds }, idTokenClaims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    await expect(validate(signCompact(compact))).rejects.toMatchObject({ code: 'id_token_malformed' });
  });

  // id: id-token-alg
  test.each<[string, () => Promise<string> | string, Partial<ExpectedIdToken>?]>([
    ['none', () => forgeJwt({ alg: 'none', kid: ecKey.kid }, idTokenClaims, '')],
    ['missing', () => forgeJwt({ kid: ecKey.kid }, idTokenClaims)],
    ['HS256 with the public key', () => signWithPublicKey(idTokenClaims, ecKey)],
    ['RS256 where ES256 is registered', () => signJwt(idTokenClaims, rsaKey)],
    ['ES256 where RS256 is registered', () => signJwt(idTokenClaims), { algorithm: 'RS256' }],
    [
      'not the algorithm of the key with its kid',
      () => signJwt(idTokenClaims, { ...ecKey, kid: rsaKey.kid }),
    ],
  ])('are refused when alg is %s', async (_case, token, expectations = {}) => {
    await expect(validate(await token(), expectations)).rejects.toMatchObject({
      code: 'id_token_alg_unexpected',
    });
  });

  test('are refused when the key is not in the key set', async () => {
    await expect(validate(await signJwt(idTokenClaims, strangerKey))).rejects.toMatchObject({
      code: 'id_token_key_unknown',
    });
  });

  test('are refused when the key has been removed from the key set', async () => {
    const rotated = createKeySource('jwks', parseJwks(JSON.stringify({ keys: [strangerKey.jwk] })));
    await expect(validate(await signJwt(idTokenClaims), { keys: rotated })).rejects.toMatchObject({
      code: 'id_token_key_unknown',
    });
  });

  // id: id-token-signature
  test.each<[string, () => Promise<string> | string]>([
    ['by another key under a known kid', () => signJwt(idTokenClaims, { ...strangerKey, kid: ecKey.kid })],
    ['of nothing', () => forgeJwt(header, idTokenClaims)],
    ['of no characters', () => forgeJwt(header, idTokenClaims, '')],
    [
      'of other claims',
      async () => {
        const [signedHeader, , signature] = (await signJwt({ ...idTokenClaims, sub: 'other' })).split('.');
        const claims = Buffer.from(JSON.stringify(idTokenClaims)).toString('base64url');
        return `${signedHeader}.${claims}.${signature}`;
      },
    ],
    [
      'in ASN.1',
      () => {
        const signingInput = forgeJwt(header, idTokenClaims).split('.').slice(0, 2).join('.');
        return `${signingInput}.${sign('sha256', Buffer.from(signingInput), ecKey.privateKey).toString('base64url')}`;
      },
    ],
  ])('are refused when the signature is one %s', async (_case, token) => {
    await expect(validate(await token())).rejects.toMatchObject({ code: 'id_token_signature_invalid' });
  });
});

describe('the payload of an ID token', () => {
  test('is refused with an exp beyond every number', async () => {
    const claims = JSON.stringify({ ...idTokenClaims, exp: 'infinity' }).replace('"infinity"', '1e999');
    const header = Buffer.from(JSON.stringify({ alg: 'ES256', kid: ecKey.kid })).toString('base64url');
    const signed = signCompact(`${header}.${Buffer.from(claims).toString('base64url')}`);
    await expect(validate(signed)).rejects.toMatchObject({ code: 'id_token_malformed' });
  });
});
