import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { type CryptoKey, createLocalJWKSet, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import {
  type BehaviourPatch,
  type ClientRegistration,
  identityClaims,
  type StandIn,
  type StandInOptions,
  startStandIn,
} from '../../stand-in/index.ts';
import { TestClock } from '../support/test-clock.ts';
import { Browser, readCallback, redirectUri } from './browser.ts';
import { jsonListener, startTestServer, type TestServer } from './test-server.ts';

export const postLogoutRedirectUri = 'http://localhost:8080/auth/signed-out';
export const clientId = 'a-client';
export const userAgent = 'stand-in-tests/1 (https://service.example)';

type Claims = Readonly<Record<string, unknown>>;

/** One RSA key for all tests of a file, because generating one is slow. */
const keyPair = generateKeyPair('PS256', { extractable: true });

/** What is different from a correct set-up. */
export interface SetUp {
  readonly client?: Partial<ClientRegistration>;
  readonly options?: Partial<StandInOptions>;
  readonly behaviour?: BehaviourPatch;
}

/** A stand-in, and a relying party whose requests are correct by default. */
export interface World {
  readonly standIn: StandIn;
  readonly clock: TestClock;
  readonly jwks: TestServer;
  readonly rp: RelyingParty;
  close(): Promise<void>;
}

/** Closed after all tests of the file. */
const open = new Set<World>();
afterAll(async () => {
  await Promise.all([...open].map((world) => world.close()));
});

export async function setUp({ client = {}, options = {}, behaviour = {} }: SetUp = {}): Promise<World> {
  const clock = new TestClock();
  const jwks = await startTestServer();
  const rpKey = await keyPair;
  const standIn = await startStandIn({
    port: 0,
    clock,
    client: {
      clientId,
      jwksUrl: jwks.url,
      redirectUris: [redirectUri],
      postLogoutRedirectUris: [postLogoutRedirectUri],
      scopes: ['openid', 'email', 'phone'],
      claims: Object.values(identityClaims),
      clientLoCs: ['P0', 'P1', 'P2'],
      idTokenSigningAlgorithm: 'ES256',
      maxAgeEnabled: true,
      pkceEnforced: true,
      jarRequired: true,
      ...client,
    },
    ...options,
  });
  standIn.change(behaviour);
  const rp = new RelyingParty(standIn, clock, rpKey.privateKey);
  const publicJwk = await exportJWK(rpKey.publicKey);
  jwks.answerWith(jsonListener({ keys: [rp.buildJwk(publicJwk)] }));
  const world: World = {
    standIn,
    clock,
    jwks,
    rp,
    close: async () => {
      open.delete(world);
      await standIn.close();
      await jwks.close();
    },
  };
  open.add(world);
  return world;
}

/**
 * A world for all tests of a file, reset before each.
 *
 * @param behaviour of the stand-in at the start of each test
 */
export function useWorld(options: SetUp = {}, behaviour: BehaviourPatch = {}): World {
  const world = {} as World;
  beforeAll(async () => {
    Object.assign(world, await setUp(options));
  });
  beforeEach(() => {
    world.standIn.reset();
    world.standIn.change(behaviour);
  });
  return world;
}

/** The keys of the DID document by their ids. */
export async function fetchDidKeys({ url }: StandIn) {
  const { assertionMethod } = Object(await (await fetch(`${url}/.well-known/did.json`)).json());
  return createLocalJWKSet({
    keys: assertionMethod.map(({ id, publicKeyJwk }: { id: string; publicKeyJwk: JWK }) => ({
      ...publicKeyJwk,
      kid: id,
    })),
  });
}

/** The response to a token request. */
export interface TokenAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly reason: string | null;
}

export class RelyingParty {
  kid: string = randomUUID();
  readonly codeVerifier = randomBytes(32).toString('base64url');
  readonly #standIn: StandIn;
  readonly #clock: TestClock;
  readonly #privateKey: CryptoKey;

  constructor(standIn: StandIn, clock: TestClock, privateKey: CryptoKey) {
    this.#standIn = standIn;
    this.#clock = clock;
    this.#privateKey = privateKey;
  }

  buildJwk(publicJwk: JWK): JWK {
    return { ...publicJwk, kid: this.kid, use: 'sig', alg: 'PS256' };
  }

  get nowInSeconds(): number {
    return Math.floor(this.#clock.now() / 1000);
  }

  /** The claims of a correct request object. */
  requestClaims(): Record<string, unknown> {
    return {
      aud: `${this.#standIn.url}/authorize`,
      iss: clientId,
      client_id: clientId,
      exp: this.nowInSeconds + 300,
      response_type: 'code',
      scope: 'openid email phone',
      redirect_uri: redirectUri,
      state: 'a-state',
      nonce: 'a-nonce',
      vtr: ['Cl.Cm'],
      code_challenge: createHash('sha256').update(this.codeVerifier).digest('base64url'),
      code_challenge_method: 'S256',
    };
  }

  /** Signs claims; a claim or header parameter that is undefined is left out. */
  sign(claims: Claims, header: Claims = {}): Promise<string> {
    return new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'PS256', kid: this.kid, ...header })
      .sign(this.#privateKey);
  }

  /** @param changes to the request object's claims */
  async authorizeUrl(changes: Claims = {}, header: Claims = {}): Promise<string> {
    return this.authorizeUrlWith(await this.sign({ ...this.requestClaims(), ...changes }, header), {
      scope: typeof changes['scope'] === 'string' ? changes['scope'] : 'openid email phone',
    });
  }

  authorizeUrlWith(request: string, outer: Readonly<Record<string, string>> = {}): string {
    const query = new URLSearchParams({
      response_type: 'code',
      scope: 'openid email phone',
      client_id: clientId,
      request,
      ...outer,
    });
    return `${this.#standIn.url}/authorize?${query}`;
  }

  /** @returns the query of the redirect to the service */
  async authorize(changes: Claims = {}, browser = new Browser()): Promise<URLSearchParams> {
    return readCallback(await browser.get(await this.authorizeUrl(changes)));
  }

  /** Signs in as the person whom the stand-in signs in automatically. @returns the code */
  async code(changes: Claims = {}, browser = new Browser()): Promise<string> {
    return (await this.authorize(changes, browser)).get('code') ?? '';
  }

  assertionClaims(): Record<string, unknown> {
    return {
      iss: clientId,
      sub: clientId,
      aud: `${this.#standIn.url}/token`,
      exp: this.nowInSeconds + 300,
      iat: this.nowInSeconds,
      jti: randomUUID(),
    };
  }

  /** @param changes to the form's fields; undefined leaves one out */
  async redeem(
    code: string,
    changes: Readonly<Record<string, string | undefined>> = {},
  ): Promise<TokenAnswer> {
    const fields = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await this.sign(this.assertionClaims()),
      code_verifier: this.codeVerifier,
      ...changes,
    };
    const present = Object.entries(fields).filter(
      (field): field is [string, string] => field[1] !== undefined,
    );
    const response = await fetch(`${this.#standIn.url}/token`, {
      method: 'POST',
      headers: { 'user-agent': userAgent },
      body: new URLSearchParams(present),
    });
    return {
      status: response.status,
      body: (await response.json()) as Record<string, unknown>,
      reason: response.headers.get('stand-in-reason'),
    };
  }

  userinfo(accessToken: unknown): Promise<Response> {
    return fetch(`${this.#standIn.url}/userinfo`, {
      headers: { authorization: `Bearer ${accessToken}`, 'user-agent': userAgent },
    });
  }

  /** Signs in, exchanges the code and gets userinfo. */
  async signIn(changes: Claims = {}, browser = new Browser()) {
    const { body } = await this.redeem(await this.code(changes, browser));
    const userinfo = await this.userinfo(body['access_token']);
    return {
      idToken: String(body['id_token']),
      accessToken: String(body['access_token']),
      userinfo: (await userinfo.json()) as Record<string, unknown>,
    };
  }
}
