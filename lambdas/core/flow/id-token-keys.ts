import { buildJwksRequest, type ProviderKeySet, parseJwks, validateJwks } from '../one-login/jwks.ts';
import type { Clock, ProviderClient, ProviderDocumentStore, RefreshBudget } from '../ports.ts';
import type { ProviderDocuments } from './provider-documents.ts';

/** One direct refresh per document and budget in this time, over all instances. */
export const refreshIntervalMilliseconds = 30_000;
/** How long an instance that may not refresh waits for the one that does. */
const waitForRefreshMilliseconds = 2_000;
const pollMilliseconds = 200;

export interface IdTokenKeysOptions {
  readonly documents: ProviderDocuments;
  readonly store: Pick<ProviderDocumentStore, 'put' | 'claimRefresh'>;
  readonly client: ProviderClient;
  readonly clock: Clock;
  /** Whose refreshes these are. */
  readonly budget: RefreshBudget;
}

/** The keys that sign ID tokens, and what to do about a key id that is not among them. */
export class IdTokenKeys {
  readonly #options: IdTokenKeysOptions;

  constructor(options: IdTokenKeysOptions) {
    this.#options = options;
  }

  /** @throws RelyingPartyError `provider_documents_missing`, `provider_jwks_invalid` */
  async current(): Promise<ProviderKeySet> {
    return parseJwks(await this.#options.documents.body('jwks'));
  }

  /**
   * Looks for newer keys, for a token whose key id is unknown. The table is read again; if that brings nothing new,
   * the provider is asked directly, within the budget; whoever has no budget left waits up to two seconds for the
   * result of the one who had.
   *
   * @returns the newest keys to be had, whether or not the one with this `kid` is among them
   */
  async lookFor(kid: string): Promise<ProviderKeySet> {
    const { store, clock, budget } = this.#options;
    const stored = await this.#reread();
    if (stored.has(kid)) return stored;
    const mayRefresh = await store.claimRefresh('jwks', budget, clock.now(), refreshIntervalMilliseconds);
    return mayRefresh ? this.#fetch() : this.#awaitOthers(kid, stored);
  }

  async #fetch(): Promise<ProviderKeySet> {
    const { documents, store, client, clock } = this.#options;
    const response = await client.send(buildJwksRequest(await documents.metadata()));
    const { keys, freshForMilliseconds } = validateJwks(response);
    const fetchedAt = clock.now();
    const freshUntil = fetchedAt + freshForMilliseconds;
    await store.put({ name: 'jwks', body: response.body, fetchedAt, freshUntil });
    documents.forget();
    return keys;
  }

  async #awaitOthers(kid: string, stored: ProviderKeySet): Promise<ProviderKeySet> {
    const { clock } = this.#options;
    const deadline = clock.now() + waitForRefreshMilliseconds;
    let keys = stored;
    while (!keys.has(kid) && clock.now() < deadline) {
      await clock.wait(pollMilliseconds);
      keys = await this.#reread();
    }
    return keys;
  }

  #reread(): Promise<ProviderKeySet> {
    this.#options.documents.forget();
    return this.current();
  }
}
