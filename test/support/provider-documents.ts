import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { ProviderRequest, ProviderResponse } from '../../lambdas/core/one-login/messages.ts';
import type { ProviderDocument } from '../../lambdas/core/ports.ts';

/** A provider as its documents describe it. */
export const issuer = 'https://provider.example/';

export const discoveryBody = JSON.stringify({
  issuer,
  authorization_endpoint: `${issuer}authorize`,
  token_endpoint: `${issuer}token`,
  userinfo_endpoint: `${issuer}userinfo`,
  end_session_endpoint: `${issuer}logout`,
  jwks_uri: `${issuer}.well-known/jwks.json`,
});

export interface ProviderSigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly jwk: Record<string, unknown>;
}

export function createProviderSigningKey(kid: string): ProviderSigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { kid, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' } };
}

type Claims = Readonly<Record<string, unknown>>;

/** Signs a JWT ES256 (RFC 7515, 7.1). */
export function signJwt({ kid, privateKey }: ProviderSigningKey, header: Claims, claims: Claims): string {
  const input = [{ alg: 'ES256', kid, ...header }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const signature = sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
}

/** The `at_hash` of an access token (OpenID Connect Core, 3.1.3.6). */
export function hashAccessToken(accessToken: string): string {
  return createHash('sha256').update(accessToken).digest().subarray(0, 16).toString('base64url');
}

/** The `events` of a logout token (OpenID Connect Back-Channel Logout, 2.4). */
export const logoutEvents = { 'http://schemas.openid.net/event/backchannel-logout': {} };

export const identityIssuer = 'https://identity.example/';
export const did = 'did:web:identity.example';
export const didDocumentUrl = 'https://identity.example/.well-known/did.json';

/** A DID document with these keys. */
export function didBody(...keys: readonly ProviderSigningKey[]): string {
  const assertionMethod = keys.map(({ kid, jwk: { crv, kty, x, y } }) => ({
    type: 'JsonWebKey',
    id: kid,
    controller: did,
    publicKeyJwk: { kty, crv, x, y },
  }));
  return JSON.stringify({ '@context': ['https://www.w3.org/ns/did/v1'], id: did, assertionMethod });
}

export function jwksBody(...keys: readonly ProviderSigningKey[]): string {
  return JSON.stringify({ keys: keys.map(({ jwk }) => jwk) });
}

export function buildDocument(
  name: ProviderDocument['name'],
  body: string,
  fetchedAt: number,
  freshFor = 3_000_000,
): ProviderDocument {
  return { name, body, fetchedAt, freshUntil: fetchedAt + freshFor };
}

/** Returns a response for each URL, and records the requests. */
export class FakeProvider {
  readonly requests: ProviderRequest[] = [];
  readonly answers: Map<string, () => Promise<ProviderResponse>>;

  constructor(answers: Readonly<Record<string, () => Promise<ProviderResponse>>>) {
    this.answers = new Map(Object.entries(answers));
  }

  async send(request: ProviderRequest): Promise<ProviderResponse> {
    this.requests.push(request);
    const answer = this.answers.get(request.url);
    if (answer === undefined) throw new Error(`there is no response for ${request.url}`);
    return answer();
  }
}

export function answer(body: string, status = 200, headers: Record<string, string> = {}) {
  return async (): Promise<ProviderResponse> => ({ status, headers, body });
}
