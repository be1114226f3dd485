import { describe, expect, test } from '@jest/globals';
import { validateCoreIdentity } from '../../../../lambdas/core/one-login/core-identity.ts';
import { validateIdToken } from '../../../../lambdas/core/one-login/id-token.ts';
import { readKeyId } from '../../../../lambdas/core/one-login/jwt.ts';
import { validateLogoutToken } from '../../../../lambdas/core/one-login/logout-token.ts';
import {
  coreIdentityClaims,
  ecKey,
  expectedCoreIdentity,
  expectedIdToken,
  forgeJwt,
  identityKey,
  idTokenClaims,
  logoutTokenClaims,
  makeProviderKey,
  type SigningKey,
  signJwt,
  tokenResponse,
} from './example-provider.ts';

/** An attacker's own key, and every way in which a JWS may name its key (RFC 7515, 4.1.2 to 4.1.6). */
const stranger = makeProviderKey('ES256', 'stranger-1');
const ownKeys: readonly [string, Readonly<Record<string, unknown>>][] = [
  ['jwk', { jwk: stranger.jwk }],
  ['jku', { jku: 'https://attacker.example/jwks.json' }],
  ['x5u', { x5u: 'https://attacker.example/key.pem' }],
  ['x5c', { x5c: ['MIIB'] }],
];

const kinds: Readonly<
  Record<string, { readonly key: SigningKey; accept(key: SigningKey, header: object): Promise<unknown> }>
> = {
  id_token: {
    key: ecKey,
    accept: async (key, header) =>
      validateIdToken(tokenResponse(await signJwt(idTokenClaims, key, { ...header })), expectedIdToken),
  },
  logout_token: {
    key: ecKey,
    accept: async (key, header) =>
      validateLogoutToken(await signJwt(logoutTokenClaims, key, { ...header }), expectedIdToken),
  },
  core_identity: {
    key: identityKey,
    accept: async (key, header) =>
      validateCoreIdentity(await signJwt(coreIdentityClaims, key, { ...header }), expectedCoreIdentity),
  },
};

describe.each(Object.entries(kinds))('a key in the header of a %s', (kind, { key, accept }) => {
  test('does not matter beside the right one', async () => {
    for (const [, header] of ownKeys) await expect(accept(key, header)).resolves.toBeDefined();
  });

  // id: header-keys-ignored
  test.each(ownKeys)('as %s is not used', async (_, header) => {
    await expect(accept({ ...stranger, kid: key.kid }, header)).rejects.toMatchObject({
      code: `${kind}_signature_invalid`,
    });
    const unknown = { ...stranger, kid: key.kid.replace(/\d$/, '9') };
    await expect(accept(unknown, header)).rejects.toMatchObject({ code: `${kind}_key_unknown` });
  });
});

describe('the key id of a stored ID token', () => {
  test('is that of its header', async () => {
    expect(readKeyId(await signJwt(idTokenClaims))).toBe(ecKey.kid);
  });

  test.each([
    ['is no JWT', 'x'],
    ['is empty', ''],
    ['has none', forgeJwt({ alg: 'ES256' }, {})],
    ['has a number', forgeJwt({ alg: 'ES256', kid: 1 }, {})],
  ])('is empty when the token %s', (_, token) => {
    expect(readKeyId(token)).toBe('');
  });
});
