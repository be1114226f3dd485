import { RelyingPartyError } from '../errors.ts';
import type { ProviderDocumentName } from '../one-login/messages.ts';
import { type ProviderMetadata, parseProviderMetadata } from '../one-login/provider-metadata.ts';
import type { Abortable, Clock, ProviderDocument, ProviderDocumentStore } from '../ports.ts';
import { withSignal } from './with-signal.ts';

/** How long an instance uses its memory. After a refresh, no removed key is accepted for longer than this. */
export const memoryMilliseconds = 60_000;

export interface ProviderDocumentCacheOptions {
  readonly store: Pick<ProviderDocumentStore, 'readAll'>;
  readonly clock: Pick<Clock, 'now'>;
  /** The issuer that the discovery document must name. */
  readonly issuer: string;
}

type Documents = ReadonlyMap<ProviderDocument['name'], ProviderDocument>;

/** What an instance remembers from one request to the next. */
interface Memory {
  loaded?: { readonly at: number; readonly documents: Documents } | undefined;
  loading?: Promise<Documents> | undefined;
  /** The last discovery document that was parsed. */
  parsed?: { readonly body: string; readonly metadata: ProviderMetadata };
}

/**
 * The provider's documents, from memory for at most a minute, else from the table, which scheduled functions keep fresh. A
 * copy is trusted, however old, until a refresh succeeds.
 */
export class ProviderDocumentCache implements Abortable<ProviderDocumentCache> {
  readonly #options: ProviderDocumentCacheOptions;
  readonly #memory: Memory;

  /** @param memory shared with another instance of the class */
  constructor(options: ProviderDocumentCacheOptions, memory: Memory = {}) {
    this.#options = options;
    this.#memory = memory;
  }

  withSignal(signal: AbortSignal): ProviderDocumentCache {
    return new ProviderDocumentCache(withSignal(this.#options, signal), this.#memory);
  }

  /** @throws RelyingPartyError `provider_documents_missing` before the first successful refresh */
  async metadata(): Promise<ProviderMetadata> {
    const body = await this.body('discovery');
    if (this.#memory.parsed?.body !== body) {
      this.#memory.parsed = { body, metadata: parseProviderMetadata(body, { issuer: this.#options.issuer }) };
    }
    return this.#memory.parsed.metadata;
  }

  /**
   * @returns the document's JSON text
   * @throws RelyingPartyError `provider_documents_missing` before the first successful refresh
   */
  async body(name: ProviderDocumentName): Promise<string> {
    return (await this.document(name)).body;
  }

  async document(name: ProviderDocumentName): Promise<ProviderDocument> {
    const document = await this.find(name);
    if (document !== undefined) return document;
    this.forget();
    throw new RelyingPartyError(
      'provider_documents_missing',
      `the provider document "${name}" has not been fetched yet: see the function that refreshes it`,
    );
  }

  /** @returns undefined when the document is not stored */
  async find(name: ProviderDocument['name']): Promise<ProviderDocument | undefined> {
    const { loaded } = this.#memory;
    const remembered =
      loaded !== undefined && this.#options.clock.now() - loaded.at < memoryMilliseconds
        ? loaded.documents
        : await this.#read();
    return remembered.get(name);
  }

  /** Replaces the document in memory by one that this instance has just stored. */
  remember(document: ProviderDocument): void {
    const { loaded } = this.#memory;
    if (loaded === undefined) return;
    const documents = new Map([...loaded.documents, [document.name, document]]);
    this.#memory.loaded = { ...loaded, documents };
  }

  /** Makes the next call read the table. */
  forget(): void {
    this.#memory.loaded = undefined;
  }

  /** Concurrent callers share one read. A failed read is not remembered. */
  #read(): Promise<Documents> {
    this.#memory.loading ??= this.#readAll().finally(() => {
      this.#memory.loading = undefined;
    });
    return this.#memory.loading;
  }

  async #readAll(): Promise<Documents> {
    const at = this.#options.clock.now();
    const stored = await this.#options.store.readAll();
    const documents = new Map(stored.map((document) => [document.name, document]));
    this.#memory.loaded = { at, documents };
    return documents;
  }
}
