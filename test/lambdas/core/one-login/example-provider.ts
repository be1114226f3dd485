/** A provider and a client with real keys, for the tests of the messages between them. */
import {
  constants,
  createHash,
  createHmac,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import { SignJWT } from 'jose';
import type { ExpectedCoreIdentity } from '../../../../lambdas/core/one-login/core-identity.ts';
import { parseDidDocument } from '../../../../lambdas/core/one-login/did-document.ts';
import { type ExpectedIdToken, validateIdToken } from '../../../../lambdas/core/one-login/id-token.ts';
import { type ProviderKey, parseJwks } from '../../../../lambdas/core/one-login/jwks.ts';
import type { KeySource } from '../../../../lambdas/core/one-login/jwt.ts';
import type { ProviderResponse } from '../../../../lambdas/core/one-login/messages.ts';
import { parseProviderMetadata } from '../../../../lambdas/core/one-login/provider-metadata.ts';
import { validateTokenResponse } from '../../../../lambdas/core/one-login/token-response.ts';
import type { Signer } from '../../../../lambdas/core/ports.ts';

export const now = Date.UTC(2026, 7, 3, 12, 0, 0);
export const nowSeconds = now / 1000;
export const issuer = 'https://oidc.example/';
export const clientId = 'client-1';
export const subject = 'urn:fdc:gov.uk:2022:c3VpdGFibHktcmFuZG9t';
export const accessToken = 'opaque-access-token';
export const nonce = randomBytes(32).toString('base64url');

export const metadataDocument = {
  issuer,
  authorization_endpoint: 'https://oidc.example/authorize',
  token_endpoint: 'https://oidc.example/token',
  userinfo_endpoint: 'https://oidc.example/userinfo',
  end_session_endpoint: 'https://oidc.example/logout',
  jwks_uri: 'https://oidc.example/.well-known/jwks.json',
};
export const metadata = parseProviderMetadata(JSON.stringify(metadataDocument), { issuer });

/** A key pair of the provider; `jwk` as the JWKS has it. */
export function makeProviderKey(alg: 'ES256' | 'RS256', kid: string) {
  const { privateKey, publicKey } =
    alg === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { alg, kid, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' } };
}
export const ecKey = makeProviderKey('ES256', 'ec-1');
export const rsaKey = makeProviderKey('RS256', 'rsa-1');
export const keys = createKeySource('jwks', parseJwks(JSON.stringify({ keys: [ecKey.jwk, rsaKey.jwk] })));

/** Finds keys in a set that nothing is added to. */
export function createKeySource<Name extends 'jwks' | 'did'>(
  documentName: Name,
  keySet: ReadonlyMap<string, ProviderKey>,
): KeySource<Name> {
  return {
    documentName,
    findKey: async (kid) => keySet.get(kid),
    findStoredKey: async (kid) => keySet.get(kid),
  };
}

const clientKey = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const clientPublicKey = clientKey.publicKey;

/** Signs as KMS would, with a key that the test can verify by. */
export const signer: Signer = {
  keyId: 'client-key-1',
  algorithm: 'PS256',
  sign: async (signingInput) =>
    sign('sha256', Buffer.from(signingInput), {
      key: clientKey.privateKey,
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: 32,
    }),
};

export function ok(body: unknown, headers: Record<string, string> = {}): ProviderResponse {
  return response(200, body, headers);
}

export function response(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): ProviderResponse {
  return { status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) };
}

export interface SigningKey {
  readonly alg: string;
  readonly kid: string;
  readonly privateKey: KeyObject;
}

/** Claims set to undefined are left out. */
export async function signJwt(
  claims: Readonly<Record<string, unknown>>,
  key: SigningKey = ecKey,
  header: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  return await new SignJWT({ ...claims })
    .setProtectedHeader({ alg: key.alg, kid: key.kid, ...header })
    .sign(key.privateKey);
}

/** A compact JWT with any header whatsoever, under the signature given. */
export function forgeJwt(header: object, claims: unknown, signature = 'c2lnbmF0dXJl'): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${encode(header)}.${encode(claims)}.${signature}`;
}

/** A JWT with a MAC whose secret is the text of a public key. */
export function signWithPublicKey(claims: object, { kid, jwk }: ReturnType<typeof makeProviderKey>): string {
  const [header, payload] = forgeJwt({ alg: 'HS256', kid }, claims).split('.');
  const mac = createHmac('sha256', JSON.stringify(jwk)).update(`${header}.${payload}`).digest('base64url');
  return `${header}.${payload}.${mac}`;
}

export function hashAccessToken(token: string): string {
  return createHash('sha256').update(token).digest().subarray(0, 16).toString('base64url');
}

/** The claims of a good ID token. */
export const idTokenClaims = {
  iss: issuer,
  sub: subject,
  aud: clientId,
  iat: nowSeconds,
  exp: nowSeconds + 120,
  nonce,
  vot: 'Cl.Cm',
  vtm: 'https://oidc.example/trustmark',
  sid: 'sid-1',
  at_hash: hashAccessToken(accessToken),
  auth_time: nowSeconds - 10,
};

export function tokenResponse(idToken: string) {
  return validateTokenResponse(
    ok({ access_token: accessToken, token_type: 'Bearer', expires_in: 180, id_token: idToken }),
  );
}

export const identityIssuer = 'https://identity.example/';
export const did = 'did:web:identity.example';
export const identityKey = makeProviderKey('ES256', `${did}#identity-1`);

/** What is expected of that ID token. */
export const expectedIdToken: ExpectedIdToken = {
  issuer,
  clientId,
  nonce,
  vtr: ['Cl.Cm'],
  maxAge: undefined,
  requestedAt: now,
  algorithm: 'ES256',
  keys,
  now,
};

export async function validatedIdToken() {
  return await validateIdToken(tokenResponse(await signJwt(idTokenClaims)), expectedIdToken);
}

/** The claims of a good logout token. */
export const logoutTokenClaims = {
  iss: issuer,
  aud: clientId,
  sub: subject,
  iat: nowSeconds,
  exp: nowSeconds + 120,
  jti: 'jti-1',
  events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
};

/** The claims of a good core identity. */
export const coreIdentityClaims = {
  iss: identityIssuer,
  sub: subject,
  aud: clientId,
  nbf: nowSeconds,
  iat: nowSeconds,
  exp: nowSeconds + 1800,
  vot: 'P2',
  vtm: 'https://oidc.example/trustmark',
  vc: {
    type: ['VerifiableCredential', 'IdentityCheckCredential'],
    credentialSubject: {
      name: [
        {
          validFrom: '2020-03-01',
          nameParts: [
            { type: 'GivenName', value: 'Alice' },
            { type: 'GivenName', value: 'Jane' },
            { type: 'FamilyName', value: 'Doe' },
          ],
        },
      ],
      birthDate: [{ value: '1970-01-01' }],
    },
  },
};

export function createDidKeySource({ kid, jwk }: ReturnType<typeof makeProviderKey>): KeySource<'did'> {
  const document = { id: did, assertionMethod: [{ id: kid, publicKeyJwk: jwk }] };
  return createKeySource('did', parseDidDocument(JSON.stringify(document), { did }));
}

/** What is expected of that core identity. */
export const expectedCoreIdentity: ExpectedCoreIdentity = {
  issuer: identityIssuer,
  clientId,
  idToken: await validatedIdToken(),
  vtr: ['Cl.Cm.P2'],
  did,
  keys: createDidKeySource(identityKey),
  now,
};
