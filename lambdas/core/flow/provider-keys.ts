import { RelyingPartyError } from '../errors.ts';
import {
  buildDidRequest,
  type IdentityKeySet,
  parseDidDocument,
  validateDidDocument,
} from '../one-login/did-document.ts';
import { buildJwksRequest, type ProviderKeySet, parseJwks, validateJwks } from '../one-login/jwks.ts';
import { readKeyId } from '../one-login/jwt.ts';
import type { ProviderRequest, ProviderResponse } from '../one-login/messages.ts';
import type { Abortable, Clock, ProviderClient, ProviderDocumentStore, RefreshBudget } from '../ports.ts';
import type { ProviderDocuments } from './provider-documents.ts';
import { withSignal } from './with-signal.ts';

/** One direct refresh per document and budget in this time, over all instances. */
export const refreshIntervalMilliseconds = 30_000;
/** After a refresh that failed the next one is due sooner. */
const retryIntervalMilliseconds = 2_000;
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
  readonly store: Pick<ProviderDocumentStore, 'put' | 'claimRefresh' | 'refreshClaimedAt' | 'releaseRefresh'>;
  readonly client: ProviderClient;
  readonly clock: Clock;
  /** Whose refreshes these are. */
  readonly budget: RefreshBudget;
}

/** What an instance remembers from one request to the next. */
interface Memory<Keys> {
  parsed?: { readonly body: string; readonly keys: Keys };
  waitedInVainUntil: number;
}

/** The stored keys, and when they were fetched. */
interface StoredKeys<Keys> {
  readonly keys: Keys;
  readonly fetchedAt: number;
}

/** The provider's keys of one kind, and what to do about a key id that is not among them. */
export class ProviderKeys<Keys extends { has(kid: string): boolean }>
  implements Abortable<ProviderKeys<Keys>>
{
  readonly #options: ProviderKeysOptions<Keys>;
  readonly #memory: Memory<Keys>;

  /** @param memory of another one, to share */
  constructor(options: ProviderKeysOptions<Keys>, memory: Memory<Keys> = { waitedInVainUntil: 0 }) {
    this.#options = options;
    this.#memory = memory;
  }

  withSignal(signal: AbortSignal): ProviderKeys<Keys> {
    return new ProviderKeys(withSignal(this.#options, signal), this.#memory);
  }

  /**
   * Validates a token by the keys as they are stored, and once more by newer ones if its key id is not among them:
   * so rotation fails no sign-in, and a flood of made-up key ids reaches no provider.
   *
   * @param validate throws a `…_key_unknown` when the keys lack the token's
   * @throws RelyingPartyError `…_key_unknown` only when a document that was just fetched lacks the key;
   *   `provider_document_unavailable` and others when no such document could be had
   */
  async validate<Valid>(token: string, validate: (keys: Keys) => Promise<Valid>): Promise<Valid> {
    try {
      return await validate((await this.#stored()).keys);
    } catch (error) {
      if (!(error instanceof RelyingPartyError && error.code.endsWith('_key_unknown'))) throw error;
    }
    return validate(await this.#lookFor(readKeyId(token)));
  }

  /**
   * Looks for newer keys. The table is read again; if that brings nothing new, the provider is asked directly, within
   * the budget. Whoever has no budget left waits up to two seconds for the result of the one who had, unless that is
   * there already. An instance that has waited in vain waits no more until the next refresh is due: logout tokens are
   * posted by anyone, and a flood of them would keep as many instances busy as the account may have.
   */
  async #lookFor(kid: string): Promise<Keys> {
    const { document, store, clock, budget } = this.#options;
    const stored = await this.#reread();
    if (stored.keys.has(kid)) return stored.keys;
    const fetched = await this.#fetchWithinBudget();
    if (fetched !== undefined) return fetched;

    const claimedAt = (await store.refreshClaimedAt(document.name, budget)) ?? 0;
    if (stored.fetchedAt > claimedAt) return stored.keys;
    if (clock.now() >= this.#memory.waitedInVainUntil) {
      const awaited = (await this.#awaitOthers(kid, claimedAt)) ?? (await this.#fetchWithinBudget());
      if (awaited !== undefined) return awaited;
      this.#memory.waitedInVainUntil = clock.now() + refreshIntervalMilliseconds;
    }
    throw new RelyingPartyError(
      'provider_document_unavailable',
      `the provider document "${document.name}" lacks a key id, and no newer one could be had`,
    );
  }

  /** @returns undefined when the budget is used up */
  async #fetchWithinBudget(): Promise<Keys | undefined> {
    const { document, store, clock, budget } = this.#options;
    const claimedAt = clock.now();
    try {
      // A claim whose answer was lost may stand: it is given back as well.
      const claimed = await store.claimRefresh(document.name, budget, claimedAt, refreshIntervalMilliseconds);
      return claimed ? await this.#fetch(claimedAt) : undefined;
    } catch (error) {
      await this.#release(claimedAt);
      throw error;
    }
  }

  /** Keys that could not be stored are as good here as those that were; others have to fetch them again. */
  async #fetch(claimedAt: number): Promise<Keys> {
    const { document, documents, store, client, clock } = this.#options;
    const response = await client.send(await document.buildRequest(documents));
    const { keys, freshForMilliseconds } = document.validate(response);
    const fetchedAt = clock.now();
    const freshUntil = fetchedAt + freshForMilliseconds;
    await store
      .put({ name: document.name, body: response.body, fetchedAt, freshUntil })
      .catch(() => this.#release(claimedAt));
    documents.forget();
    return keys;
  }

  async #release(claimedAt: number): Promise<void> {
    const { document, store, clock, budget } = this.#options;
    const freeAt = clock.now() + retryIntervalMilliseconds;
    // If this fails as well, the next refresh is due at its usual time.
    await store.releaseRefresh(document.name, budget, claimedAt, freeAt).catch(() => {});
  }

  /** @returns undefined when nobody has fetched the document since `claimedAt`, within two seconds */
  async #awaitOthers(kid: string, claimedAt: number): Promise<Keys | undefined> {
    const { clock } = this.#options;
    const deadline = clock.now() + waitForRefreshMilliseconds;
    while (clock.now() < deadline) {
      await clock.wait(pollMilliseconds);
      const { keys, fetchedAt } = await this.#reread();
      if (keys.has(kid) || fetchedAt > claimedAt) return keys;
    }
    return undefined;
  }

  #reread(): Promise<StoredKeys<Keys>> {
    this.#options.documents.forget();
    return this.#stored();
  }

  /** The set is kept as long as the text it was read from: importing keys costs more than all else. */
  async #stored(): Promise<StoredKeys<Keys>> {
    const { document, documents } = this.#options;
    const { body, fetchedAt } = await documents.document(document.name);
    if (this.#memory.parsed?.body !== body) this.#memory.parsed = { body, keys: document.parse(body) };
    return { keys: this.#memory.parsed.keys, fetchedAt };
  }
}
