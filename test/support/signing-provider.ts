import { createHash, randomUUID } from 'node:crypto';
import { identityClaimNames } from '../../lambdas/core/one-login/identity-claims.ts';
import type { ProviderRequest, ProviderResponse } from '../../lambdas/core/one-login/messages.ts';
import type { Abortable, ProviderClient, ProviderDocumentStore } from '../../lambdas/core/ports.ts';
import { untilAborted } from './memory/until-aborted.ts';
import {
  buildDocument,
  createProviderSigningKey,
  did,
  didBody,
  didDocumentUrl,
  discoveryBody,
  hashAccessToken,
  identityIssuer,
  issuer,
  jwksBody,
  logoutEvents,
  signJwt,
} from './provider-documents.ts';

type Claims = Readonly<Record<string, unknown>>;

/**
 * A provider inside the test's process: it signs real tokens for the requests that it receives, with whatever
 * faults a test sets. It accepts every request. The stand-in refuses what the real provider refuses.
 */
export class SigningProvider implements ProviderClient, Abortable<ProviderClient> {
  readonly requests: ProviderRequest[] = [];
  /** Where connections were opened ahead of a request. */
  readonly connected: string[] = [];
  /** What the JWKS holds. */
  published = [createProviderSigningKey('key-1')];
  /** What the DID document holds, and core identities are signed by. */
  identityKey = createProviderSigningKey(`${did}#key-1`);
  /** The claims of the core identity in userinfo's responses to identity requests. Undefined for none. */
  coreIdentity: Claims | undefined = {
    vot: 'P2',
    vc: {
      type: ['VerifiableCredential', 'IdentityCheckCredential'],
      credentialSubject: {
        name: [
          {
            nameParts: [
              { type: 'GivenName', value: 'Mary Anne' },
              { type: 'FamilyName', value: 'O’Brien' },
            ],
          },
        ],
        birthDate: [{ value: '1970-01-01' }],
      },
    },
  };
  sub = 'urn:fdc:gov.uk:2022:somebody';
  userinfo: Claims = { email: 'somebody@example.com', email_verified: true };
  /** Changes the claims of the next ID tokens; undefined values are left out. */
  changeIdToken: (claims: Claims) => Claims = (claims) => claims;
  /** Responds in place of the provider. Undefined to let it respond. */
  intercept: (request: ProviderRequest) => Promise<ProviderResponse> | undefined = () => undefined;
  clientId = '';
  readonly #now: () => number;
  readonly #codes = new Map<string, Claims>();
  /** Whether identity was requested, by access token. */
  readonly #accessTokens = new Map<string, boolean>();

  constructor(now: () => number) {
    this.#now = now;
  }

  withSignal(signal: AbortSignal): ProviderClient {
    return {
      send: (request) => untilAborted(this, signal).send(request),
      connect: (url) => {
        if (!signal.aborted) this.connect(url);
      },
    };
  }

  connect(url: string): void {
    this.connected.push(url);
  }

  /** Stores the documents, as the scheduled functions do. */
  async storeDocuments(store: ProviderDocumentStore): Promise<void> {
    await store.put(buildDocument('discovery', discoveryBody, this.#now()));
    await store.put(buildDocument('jwks', jwksBody(...this.published), this.#now()));
    await store.put(buildDocument('did', didBody(this.identityKey), this.#now()));
  }

  /** What the user does at One Login: reads the request and goes back with a code. */
  authorize(location: string): { code: string; state: string } {
    const request = new URL(location).searchParams.get('request') ?? '';
    const claims = JSON.parse(Buffer.from(request.split('.')[1] ?? '', 'base64url').toString()) as Claims;
    const code = randomUUID();
    this.clientId = String(claims['client_id']);
    this.#codes.set(code, claims);
    return { code, state: String(claims['state']) };
  }

  async send(request: ProviderRequest): Promise<ProviderResponse> {
    this.requests.push(request);
    return this.intercept(request) ?? this.#answer(request);
  }

  #answer(request: ProviderRequest): ProviderResponse {
    const path = request.url.slice(issuer.length);
    if (path === 'token') return this.#token(new URLSearchParams(request.body));
    if (path === 'userinfo') return this.#userinfo(request);
    if (path === '.well-known/openid-configuration') return json(200, discoveryBody);
    if (request.url === didDocumentUrl) return json(200, didBody(this.identityKey));
    if (path === '.well-known/jwks.json') return json(200, jwksBody(...this.published));
    throw new Error(`the provider has no ${request.url}`);
  }

  #token(form: URLSearchParams): ProviderResponse {
    const asked = this.#codes.get(form.get('code') ?? '');
    if (asked === undefined) return json(400, JSON.stringify({ error: 'invalid_grant' }));
    this.#codes.delete(form.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (challenge !== asked['code_challenge']) return json(400, JSON.stringify({ error: 'invalid_grant' }));
    const accessToken = randomUUID();
    this.#accessTokens.set(accessToken, String(asked['vtr']).includes('.P'));
    const body = {
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: 180,
      id_token: this.#idToken(asked, accessToken),
    };
    return json(200, JSON.stringify(body));
  }

  /** A good logout token, but for what the test changes; undefined values are left out. */
  logoutToken(clientId: string, claims: Claims = {}, header: Claims = { typ: 'logout+jwt' }): string {
    const now = Math.floor(this.#now() / 1000);
    return this.sign(
      {
        iss: issuer,
        aud: clientId,
        sub: this.sub,
        iat: now,
        exp: now + 120,
        jti: randomUUID(),
        events: logoutEvents,
        ...claims,
      },
      header,
    );
  }

  #idToken(asked: Claims, accessToken: string): string {
    const now = Math.floor(this.#now() / 1000);
    const claims = this.changeIdToken({
      iss: issuer,
      sub: this.sub,
      aud: asked['client_id'],
      iat: now,
      exp: now + 120,
      auth_time: now,
      nonce: asked['nonce'],
      vot: 'Cl.Cm',
      at_hash: hashAccessToken(accessToken),
    });
    return this.sign(claims);
  }

  #coreIdentityJwt(claims: Claims): string {
    const now = Math.floor(this.#now() / 1000);
    const standard = {
      iss: identityIssuer,
      aud: this.clientId,
      sub: this.sub,
      iat: now,
      nbf: now,
      exp: now + 1800,
    };
    return this.sign({ ...standard, ...claims }, {}, this.identityKey);
  }

  /** A JWT by the provider's present key. */
  sign(claims: Claims, header: Claims = {}, key = this.published[0]): string {
    if (key === undefined) throw new Error('the provider has no key');
    return signJwt(key, header, claims);
  }

  #userinfo(request: ProviderRequest): ProviderResponse {
    const token = request.headers['authorization']?.replace(/^Bearer /, '') ?? '';
    const asked = this.#accessTokens.get(token);
    if (asked === undefined) return { status: 401, headers: {}, body: '' };
    const identity =
      asked && this.coreIdentity !== undefined
        ? { [identityClaimNames.coreIdentityJwt]: this.#coreIdentityJwt(this.coreIdentity) }
        : {};
    return json(200, JSON.stringify({ sub: this.sub, ...identity, ...this.userinfo }));
  }
}

function json(status: number, body: string): ProviderResponse {
  return { status, headers: { 'content-type': 'application/json', 'cache-control': 'max-age=86400' }, body };
}
