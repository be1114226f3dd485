import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { listenOnLocalhost } from '../../local/loopback-server.ts';
import {
  createProviderSigningKey,
  hashAccessToken,
  jwksBody,
  logoutEvents,
  type ProviderSigningKey,
  signJwt,
} from './provider-documents.ts';

type Claims = Readonly<Record<string, unknown>>;

/** A response that is sent as it is. */
export interface RawAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the provider returns. A test can change it. */
export interface Script {
  readonly sub: string;
  readonly accessToken: string;
  /** In the ID token, in place of the usual ones. */
  readonly idToken?: { readonly header?: Claims; readonly claims?: Claims };
  readonly userinfo?: Claims;
  /** In a core identity, in place of the usual ones. Without it there is none. */
  readonly coreIdentity?: { readonly header?: Claims; readonly claims?: Claims };
  readonly answers?: Readonly<Partial<Record<'/token' | '/userinfo', RawAnswer>>>;
}

const vocabulary = 'https://vocab.account.gov.uk/v1/';

/**
 * A provider over HTTP that returns what a test sets, properly signed, and accepts every request. So a test has every
 * value that the service gets from it. The stand-in refuses what One Login refuses.
 */
export class ScriptedProvider {
  script: Script = { sub: 'somebody', accessToken: 'an-access-token' };
  /** The ID tokens and core identities that it made. */
  readonly tokens: string[] = [];
  readonly url: string;
  readonly close: () => Promise<void>;
  readonly #requests = new Map<string, Claims>();
  readonly #tokenKey = createProviderSigningKey('token-key');
  readonly #identityKey: ProviderSigningKey;

  private constructor(url: string, close: () => Promise<void>) {
    this.url = url;
    this.close = close;
    this.#identityKey = createProviderSigningKey(`${this.#did}#identity-key`);
  }

  static async start(): Promise<ScriptedProvider> {
    const { promise: ready, resolve } = Promise.withResolvers<ScriptedProvider>();
    const server = await listenOnLocalhost(
      (request: IncomingMessage, response: ServerResponse) => {
        ready
          .then(async (provider) => provider.#answer(request.url ?? '', await text(request)))
          .then(({ status, headers, body }) => response.writeHead(status, { ...headers }).end(body))
          .catch(() => response.destroy());
      },
      { port: 0, portName: 'a free port' },
    );
    resolve(new ScriptedProvider(server.url, () => server.close()));
    return ready;
  }

  /** What the user does: takes the request and goes back with that code, and the request's state. */
  authorize(location: URL, code: string): { readonly state: string; readonly nonce: string } {
    const request = location.searchParams.get('request') ?? '';
    const claims = JSON.parse(Buffer.from(request.split('.')[1] ?? '', 'base64url').toString()) as Claims;
    this.#requests.set(code, claims);
    return { state: String(claims['state']), nonce: String(claims['nonce']) };
  }

  /** A good logout token, but for what is changed. */
  logoutToken(clientId: string, claims: Claims): string {
    const usual = { ...this.#usualClaims(clientId, 120), jti: randomUUID(), events: logoutEvents };
    return signJwt(this.#tokenKey, { typ: 'logout+jwt' }, { ...usual, ...claims });
  }

  get #did(): string {
    return `did:web:${encodeURIComponent(new URL(this.url).host)}`;
  }

  #answer(path: string, body: string): RawAnswer {
    const scripted = Object.entries(this.script.answers ?? {}).find(
      ([scriptedPath]) => scriptedPath === path,
    );
    if (scripted) return scripted[1];
    switch (path) {
      case '/.well-known/openid-configuration':
        return json({
          issuer: `${this.url}/`,
          authorization_endpoint: `${this.url}/authorize`,
          token_endpoint: `${this.url}/token`,
          userinfo_endpoint: `${this.url}/userinfo`,
          end_session_endpoint: `${this.url}/logout`,
          jwks_uri: `${this.url}/jwks`,
        });
      case '/jwks':
        return json(JSON.parse(jwksBody(this.#tokenKey)));
      case '/.well-known/did.json': {
        const { kid: id, jwk: publicKeyJwk } = this.#identityKey;
        const key = { type: 'JsonWebKey', id, controller: this.#did, publicKeyJwk };
        return json({ id: this.#did, assertionMethod: [key] });
      }
      case '/token':
        return json(
          this.#tokenResponse(this.#requests.get(new URLSearchParams(body).get('code') ?? '') ?? {}),
        );
      case '/userinfo':
        return json(this.#userinfo());
      default:
        return { status: 404, body: '' };
    }
  }

  #tokenResponse(request: Claims): Claims {
    const { accessToken, idToken } = this.script;
    const usual = this.#usualClaims(String(request['client_id']), 120);
    const claims = {
      ...usual,
      at_hash: hashAccessToken(accessToken),
      vot: 'Cl.Cm',
      nonce: request['nonce'],
      ...idToken?.claims,
    };
    const id_token = signJwt(this.#tokenKey, idToken?.header ?? {}, claims);
    this.tokens.push(id_token);
    return { access_token: accessToken, token_type: 'Bearer', expires_in: 180, id_token };
  }

  #userinfo(): Claims {
    const { sub, userinfo, coreIdentity } = this.script;
    if (coreIdentity === undefined) return { sub, ...userinfo };
    const [request] = [...this.#requests.values()].slice(-1);
    const usual = { ...this.#usualClaims(String(request?.['client_id']), 1800), vot: 'P2' };
    const jwt = signJwt(this.#identityKey, coreIdentity.header ?? {}, { ...usual, ...coreIdentity.claims });
    this.tokens.push(jwt);
    return { sub, [`${vocabulary}coreIdentityJWT`]: jwt, ...userinfo };
  }

  #usualClaims(aud: string, lifetime: number): Claims {
    const now = Math.floor(Date.now() / 1000);
    return { iss: `${this.url}/`, aud, sub: this.script.sub, iat: now, exp: now + lifetime };
  }
}

function json(value: unknown): RawAnswer {
  const headers = { 'content-type': 'application/json', 'cache-control': 'max-age=86400' };
  return { status: 200, headers, body: JSON.stringify(value) };
}
