import { RelyingPartyError } from '../errors.ts';
import {
  buildDidRequest,
  type IdentityKeySet,
  parseDidDocument,
  validateDidDocument,
} from '../one-login/did-document.ts';
import { buildJwksRequest, type ProviderKeySet, parseJwks, validateJwks } from '../one-login/jwks.ts';
import { keyIdOf } from '../one-login/jwt.ts';
import type {
  Clock,
  ProviderClient,
  ProviderDocumentStore,
  ProviderRequest,
  ProviderResponse,
  RefreshBudget,
} from '../ports.ts';
import type { ProviderDocuments } from './provider-documents.ts';

/** One direct refresh per document and budget in this time, over all instances. */
export const refreshIntervalMilliseconds = 30_000;
/** How long an instance that may not refresh waits for the one that does. */
const waitForRefreshMilliseconds = 2_000;
const pollMilliseconds = 200;

/** A document that holds keys: how to read the stored one and how to get a new one. */
export interface KeyDocument<Keys> {
  readonly name: 'jwks' | 'did';
  parse(body: string): Keys;
  buildRequest(documents: ProviderDocuments): Promise<ProviderRequest>;
  validate(response: ProviderResponse): { readonly keys: Keys; readonly freshForMilliseconds: number };
}

/** The keys that sign ID tokens and logout tokens. */
export const jwksDocument: KeyDocument<ProviderKeySet> = {
  name: 'jwks',
  parse: parseJwks,
  buildRequest: async (documents) => buildJwksRequest(await documents.metadata()),
  validate: validateJwks,
};

/**
 * The keys that sign core identities.
 *
 * @param provider as configured: neither is ever taken from a token
 */
export function didDocument(provider: {
  readonly did: string;
  readonly didDocumentUrl: string;
}): KeyDocument<IdentityKeySet> {
  return {
    name: 'did',
    parse: (body) => parseDidDocument(body, provider),
    buildRequest: async () => buildDidRequest(provider.didDocumentUrl),
    validate: (response) => validateDidDocument(response, provider),
  };
}

export interface ProviderKeysOptions<Keys> {
  readonly document: KeyDocument<Keys>;
  readonly documents: ProviderDocuments;
  readonly store: Pick<ProviderDocumentStore, 'put' | 'claimRefresh'>;
  readonly client: ProviderClient;
  readonly clock: Clock;
  /** Whose refreshes these are. */
  readonly budget: RefreshBudget;
}

/** The provider's keys of one kind, and what to do about a key id that is not among them. */
export class ProviderKeys<Keys extends { has(kid: string): boolean }> {
  readonly #options: ProviderKeysOptions<Keys>;
  #parsed: { readonly body: string; readonly keys: Keys } | undefined;
  #waitedInVainUntil = 0;

  constructor(options: ProviderKeysOptions<Keys>) {
    this.#options = options;
  }

  /**
   * Validates a token by the keys as they are stored, and once more by newer ones if its key id is not among them:
   * so rotation fails no sign-in, and a flood of made-up key ids reaches no provider.
   *
   * @param validate throws a `…_key_unknown` when the keys lack the token's
   */
  async validate<Valid>(token: string, validate: (keys: Keys) => Promise<Valid>): Promise<Valid> {
    try {
      return await validate(await this.#current());
    } catch (error) {
      if (!(error instanceof RelyingPartyError && error.code.endsWith('_key_unknown'))) throw error;
    }
    return validate(await this.#lookFor(keyIdOf(token)));
  }

  /**
   * Looks for newer keys. The table is read again; if that brings nothing new, the provider is asked directly, within
   * the budget; whoever has no budget left waits up to two seconds for the result of the one who had. An instance that
   * has waited in vain waits no more until the next refresh is due: logout tokens are posted by anyone, and a flood of
   * them would keep as many instances busy as the account may have.
   */
  async #lookFor(kid: string): Promise<Keys> {
    const { document, store, clock, budget } = this.#options;
    const stored = await this.#reread();
    if (stored.has(kid)) return stored;
    const mayRefresh = await store.claimRefresh(
      document.name,
      budget,
      clock.now(),
      refreshIntervalMilliseconds,
    );
    if (mayRefresh) return this.#fetch();
    return clock.now() < this.#waitedInVainUntil ? stored : this.#awaitOthers(kid, stored);
  }

  async #fetch(): Promise<Keys> {
    const { document, documents, store, client, clock } = this.#options;
    const response = await client.send(await document.buildRequest(documents));
    const { keys, freshForMilliseconds } = document.validate(response);
    const fetchedAt = clock.now();
    const freshUntil = fetchedAt + freshForMilliseconds;
    await store.put({ name: document.name, body: response.body, fetchedAt, freshUntil });
    documents.forget();
    return keys;
  }

  async #awaitOthers(kid: string, stored: Keys): Promise<Keys> {
    const { clock } = this.#options;
    const deadline = clock.now() + waitForRefreshMilliseconds;
    let keys = stored;
    while (!keys.has(kid) && clock.now() < deadline) {
      await clock.wait(pollMilliseconds);
      keys = await this.#reread();
    }
    if (!keys.has(kid)) this.#waitedInVainUntil = clock.now() + refreshIntervalMilliseconds;
    return keys;
  }

  #reread(): Promise<Keys> {
    this.#options.documents.forget();
    return this.#current();
  }

  /** The set is kept as long as the text it was read from: importing keys costs more than all else. */
  async #current(): Promise<Keys> {
    const { document, documents } = this.#options;
    const body = await documents.body(document.name);
    if (this.#parsed?.body !== body) this.#parsed = { body, keys: document.parse(body) };
    return this.#parsed.keys;
  }
}
