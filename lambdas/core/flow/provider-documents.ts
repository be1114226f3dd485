import { RelyingPartyError } from '../errors.ts';
import { type ProviderMetadata, parseProviderMetadata } from '../one-login/provider-metadata.ts';
import type { Clock, ProviderDocument, ProviderDocumentName, ProviderDocumentStore } from '../ports.ts';

/** How long an instance goes by its own memory: no removed key is accepted longer than this after a refresh. */
export const memoryMilliseconds = 60_000;

export interface ProviderDocumentsOptions {
  readonly store: Pick<ProviderDocumentStore, 'readAll'>;
  readonly clock: Pick<Clock, 'now'>;
  /** The issuer that the discovery document must name. */
  readonly issuer: string;
}

type Documents = ReadonlyMap<ProviderDocument['name'], ProviderDocument>;

/**
 * The provider's documents, from memory for at most a minute, else from the table, which scheduled functions keep
 * fresh. An old copy is as good as a fresh one here: it goes on being trusted until a refresh succeeds.
 */
export class ProviderDocuments {
  readonly #options: ProviderDocumentsOptions;
  #loaded: { readonly at: number; readonly documents: Documents } | undefined;
  #loading: Promise<Documents> | undefined;

  constructor(options: ProviderDocumentsOptions) {
    this.#options = options;
  }

  /** @throws RelyingPartyError `provider_documents_missing` before the first successful refresh */
  async metadata(): Promise<ProviderMetadata> {
    return parseProviderMetadata(await this.body('discovery'), { issuer: this.#options.issuer });
  }

  /**
   * @returns the document's JSON text
   * @throws RelyingPartyError `provider_documents_missing` before the first successful refresh
   */
  async body(name: ProviderDocumentName): Promise<string> {
    const body = await this.find(name);
    if (body !== undefined) return body;
    this.forget();
    throw new RelyingPartyError(
      'provider_documents_missing',
      `the provider document "${name}" has not been fetched yet: see the function that refreshes it`,
    );
  }

  /** @returns undefined for what has not been stored */
  async find(name: ProviderDocument['name']): Promise<string | undefined> {
    const remembered =
      this.#loaded !== undefined && this.#options.clock.now() - this.#loaded.at < memoryMilliseconds
        ? this.#loaded.documents
        : await this.#read();
    return remembered.get(name)?.body;
  }

  /** The next question is answered from the table. */
  forget(): void {
    this.#loaded = undefined;
  }

  /** Callers at the same time share one read. A failed read is not remembered. */
  #read(): Promise<Documents> {
    this.#loading ??= this.#readAll().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async #readAll(): Promise<Documents> {
    const at = this.#options.clock.now();
    const stored = await this.#options.store.readAll();
    const documents = new Map(stored.map((document) => [document.name, document]));
    this.#loaded = { at, documents };
    return documents;
  }
}
