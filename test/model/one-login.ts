import type { ProviderResponse } from '../../lambdas/core/one-login/messages.ts';
import { hash } from '../../lambdas/core/session/session-key.ts';
import {
  createProviderSigningKey,
  hashAccessToken,
  issuer,
  jwksBody,
  logoutEvents,
  type ProviderSigningKey,
  signJwt,
} from '../support/provider-documents.ts';
import { clientId } from '../support/relying-party.ts';
import type { Tables } from './tables.ts';

/** A request to One Login, or what One Login itself does. */
export interface OneLoginCall {
  /** The path of a request, or `rotation`. */
  readonly path: string;
  readonly code: string;
  /** The id of the key that signs the ID token. @default the one with which One Login signs */
  readonly key: string | undefined;
}

/** Whom a code is for. */
interface Grant {
  readonly sub: string;
  readonly nonce: string;
}

/** The path of the item with One Login's own state, which is kept among the tables. */
const stateItem = 'one-login|state';

/** Accepts every code any number of times, whoever presents it. Signs with another key after a rotation. */
export class OneLogin {
  /** The key that is published at the beginning. */
  readonly key = createProviderSigningKey('key-1');
  readonly #newKey = createProviderSigningKey('key-2');
  readonly #idTokens = new Map<string, string>();

  /** @returns the tables and the response */
  call({ path, code, key }: OneLoginCall, tables: Tables, now: number, grant: Grant) {
    const { current, requestedAt } = this.#read(tables);
    if (path === 'rotation') return { tables: write(tables, this.#newKey.kid, requestedAt), answer: {} };
    if (path.endsWith('jwks.json')) {
      const after = write(tables, current.kid, [...requestedAt, now]);
      return { tables: after, answer: respond(jwksBody(current)) };
    }
    const { sub } = grant;
    if (path === 'userinfo') return { tables, answer: respond(JSON.stringify({ sub })) };
    const signedBy = key === this.key.kid ? this.key : current;
    const access_token = hash(code);
    const id_token = this.#signIdToken(signedBy, code, access_token, now, grant);
    const body = { access_token, token_type: 'Bearer', expires_in: 180, id_token };
    return { tables, answer: respond(JSON.stringify(body)) };
  }

  /** @returns when the keys were requested */
  listRequests(tables: Tables): readonly number[] {
    return this.#read(tables).requestedAt;
  }

  signLogoutToken(sub: string, jti: string, now: number): string {
    const iat = Math.floor(now / 1000);
    const claims = { iss: issuer, aud: clientId, sub, iat, exp: iat + 120, jti, events: logoutEvents };
    return signJwt(this.key, { typ: 'logout+jwt' }, claims);
  }

  #read(tables: Tables) {
    const { kid, requested_at } = tables.get(stateItem) ?? {};
    return {
      current: kid?.['S'] === this.#newKey.kid ? this.#newKey : this.key,
      requestedAt: ((requested_at?.['NS'] ?? []) as string[]).map(Number),
    };
  }

  #signIdToken(
    key: ProviderSigningKey,
    code: string,
    accessToken: string,
    now: number,
    { sub, nonce }: Grant,
  ): string {
    const iat = Math.floor(now / 1000);
    const name = `${key.kid} ${code} ${iat}`;
    const known = this.#idTokens.get(name);
    if (known !== undefined) return known;
    const claims = {
      iss: issuer,
      aud: clientId,
      sub,
      iat,
      exp: iat + 120,
      auth_time: iat,
      nonce,
      vot: 'Cl.Cm',
      at_hash: hashAccessToken(accessToken),
    };
    const token = signJwt(key, {}, claims);
    this.#idTokens.set(name, token);
    return token;
  }
}

function write(tables: Tables, kid: string, requestedAt: readonly number[]): Tables {
  return new Map([
    ...tables,
    [stateItem, { kid: { S: kid }, requested_at: { NS: requestedAt.map(String) } }],
  ]);
}

function respond(body: string): ProviderResponse {
  return { status: 200, headers: { 'content-type': 'application/json' }, body };
}
