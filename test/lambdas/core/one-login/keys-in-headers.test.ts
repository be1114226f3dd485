import { describe, expect, test } from '@jest/globals';
import { validateCoreIdentity } from '../../../../lambdas/core/one-login/core-identity.ts';
import { parseDidDocument } from '../../../../lambdas/core/one-login/did-document.ts';
import { validateIdToken } from '../../../../lambdas/core/one-login/id-token.ts';
import { validateLogoutToken } from '../../../../lambdas/core/one-login/logout-token.ts';
import {
  clientId,
  createKeySource,
  did,
  ecKey,
  identityIssuer,
  identityKey,
  idTokenClaims,
  issuer,
  keys,
  makeProviderKey,
  nonce,
  now,
  nowSeconds,
  type SigningKey,
  signJwt,
  subject,
  tokenResponse,
  validatedIdToken,
} from './example-provider.ts';

/** Somebody's own key, and every way in which a JWS may say where its key is (RFC 7515, 4.1.2 to 4.1.6). */
const stranger = makeProviderKey('ES256', 'stranger-1');
const ownKeys: readonly [string, Readonly<Record<string, unknown>>][] = [
  ['jwk', { jwk: stranger.jwk }],
  ['jku', { jku: 'https://attacker.example/jwks.json' }],
  ['x5u', { x5u: 'https://attacker.example/key.pem' }],
  ['x5c', { x5c: ['MIIB'] }],
];

const didBody = JSON.stringify({
  id: did,
  assertionMethod: [{ id: identityKey.kid, publicKeyJwk: identityKey.jwk }],
});
const identityKeys = createKeySource('did', parseDidDocument(didBody, { did }));
const idToken = await validatedIdToken();
const expected = { issuer, clientId, keys, now };

const kinds: Readonly<
  Record<string, { readonly key: SigningKey; accept(key: SigningKey, header: object): Promise<unknown> }>
> = {
  id_token: {
    key: ecKey,
    accept: async (key, header) =>
      validateIdToken(tokenResponse(await signJwt(idTokenClaims, key, { ...header })), {
        ...expected,
        nonce,
        vtr: ['Cl.Cm'],
        maxAge: undefined,
        requestedAt: 0,
        algorithm: 'ES256',
      }),
  },
  logout_token: {
    key: ecKey,
    accept: async (key, header) => {
      const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
      const claims = { iss: issuer, aud: clientId, sub: subject, iat: nowSeconds, jti: 'jti-1', events };
      const token = await signJwt({ ...claims, exp: nowSeconds + 120 }, key, { ...header });
      return validateLogoutToken(token, expected);
    },
  },
  core_identity: {
    key: identityKey,
    accept: async (key, header) => {
      const credentialSubject = {
        name: [{ nameParts: [{ type: 'GivenName', value: 'Alice' }] }],
        birthDate: [{ value: '1970-01-01' }],
      };
      const claims = { iss: identityIssuer, sub: subject, aud: clientId, exp: nowSeconds + 1800, vot: 'P2' };
      return validateCoreIdentity(
        await signJwt({ ...claims, vc: { credentialSubject } }, key, { ...header }),
        { issuer: identityIssuer, clientId, idToken, vtr: ['Cl.Cm.P2'], did, keys: identityKeys, now },
      );
    },
  },
};

describe.each(Object.entries(kinds))('a key in the header of a %s', (kind, { key, accept }) => {
  test('does not matter beside the right one', async () => {
    for (const [, header] of ownKeys) await expect(accept(key, header)).resolves.toBeDefined();
  });

  test.each(ownKeys)('as %s is not used', async (_, header) => {
    await expect(accept({ ...stranger, kid: key.kid }, header)).rejects.toMatchObject({
      code: `${kind}_signature_invalid`,
    });
    const unknown = { ...stranger, kid: key.kid.replace(/\d$/, '9') };
    await expect(accept(unknown, header)).rejects.toMatchObject({ code: `${kind}_key_unknown` });
  });
});
