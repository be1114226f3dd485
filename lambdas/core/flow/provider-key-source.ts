import { RelyingPartyError } from '../errors.ts';
import type { ProviderKey } from '../one-login/jwks.ts';
import type { KeySource } from '../one-login/jwt.ts';
import type { DocumentDescriptor, UrlFromMetadata } from '../one-login/provider-document.ts';
import type { Abortable, Clock, ProviderClient, ProviderDocumentStore, RefreshBudget } from '../ports.ts';
import { fetchDocument } from './fetch-document.ts';
import type { ProviderDocumentCache } from './provider-document-cache.ts';
import { withSignal } from './with-signal.ts';

/** One direct refresh per document and budget in this time, over all instances. */
export const refreshIntervalMilliseconds = 30_000;
/** After a failed refresh the next one is allowed sooner, while other instances still wait for it. */
const retryIntervalMilliseconds = 1_000;
/** How long an instance without a claim waits for the refresh of another one. */
const waitForRefreshMilliseconds = 2_000;
const pollMilliseconds = 200;

type KeySet = ReadonlyMap<string, ProviderKey>;

export interface ProviderKeySourceOptions<Name extends 'jwks' | 'did'> {
  readonly document: DocumentDescriptor<KeySet, Name, string | UrlFromMetadata>;
  readonly documents: ProviderDocumentCache;
  readonly store: Pick<ProviderDocumentStore, 'put' | 'claimRefresh' | 'refreshClaimedAt' | 'releaseRefresh'>;
  readonly client: ProviderClient;
  readonly clock: Clock;
  /** The budget for direct refreshes. */
  readonly budget: RefreshBudget;
}

/** What an instance remembers from one request to the next. */
interface Memory {
  parsed?: { readonly body: string; readonly keys: KeySet };
  waitedInVainUntil: number;
}

interface StoredKeys {
  readonly keys: KeySet;
  readonly fetchedAt: number;
}

/** The stored keys of the provider. When a key is not among them, the document is fetched again. */
export class ProviderKeySource<Name extends 'jwks' | 'did'>
  implements KeySource<Name>, Abortable<KeySource<Name>>
{
  readonly #options: ProviderKeySourceOptions<Name>;
  readonly #memory: Memory;

  /** @param memory shared with another instance of the class */
  constructor(options: ProviderKeySourceOptions<Name>, memory: Memory = { waitedInVainUntil: 0 }) {
    this.#options = options;
    this.#memory = memory;
  }

  get documentName(): Name {
    return this.#options.document.name;
  }

  withSignal(signal: AbortSignal): ProviderKeySource<Name> {
    return new ProviderKeySource(withSignal(this.#options, signal), this.#memory);
  }

  /**
   * Finds a key among the stored ones, else among newer ones, within a budget. So a key rotation fails no sign-in, and a
   * large number of made-up key ids does not reach the provider.
   *
   * @returns undefined only when a document that was just fetched lacks the key
   * @throws RelyingPartyError `provider_document_unavailable` and others when the document could not be fetched
   */
  async findKey(kid: string): Promise<ProviderKey | undefined> {
    const { keys } = await this.#readStored();
    return keys.get(kid) ?? (await this.#findNewerKeys(kid)).get(kid);
  }

  async findStoredKey(kid: string): Promise<ProviderKey | undefined> {
    const { keys } = await this.#readStored();
    return keys.get(kid);
  }

  /**
   * Looks for newer keys. Reads the table again. If the key is not there, fetches the document from the provider, within
   * the budget. An instance without a claim waits up to two seconds for the refresh of the instance that has it, unless
   * that is already stored. After a wait without success, an instance does not wait again until the next refresh is due:
   * anyone can post logout tokens, and many of them would otherwise occupy all instances of the account.
   */
  async #findNewerKeys(kid: string): Promise<KeySet> {
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
      `the provider document "${document.name}" lacks a key id, and no newer one could be fetched`,
    );
  }

  /** @returns undefined when another instance has claimed the refresh */
  async #fetchWithinBudget(): Promise<KeySet | undefined> {
    const { document, store, clock, budget } = this.#options;
    const claimedAt = clock.now();
    try {
      // The claim may have succeeded although its response was lost, so it is released as well.
      const claimed = await store.claimRefresh(document.name, budget, claimedAt, refreshIntervalMilliseconds);
      return claimed ? await this.#fetch(claimedAt) : undefined;
    } catch (error) {
      await this.#release(claimedAt);
      throw error;
    }
  }

  /** Keys that could not be stored are used all the same. Other instances fetch them again. */
  async #fetch(claimedAt: number): Promise<KeySet> {
    const { document, documents, store, client, clock } = this.#options;
    const url = typeof document.url === 'string' ? document.url : document.url(await documents.metadata());
    const { contents: keys, copy } = await fetchDocument({ ...document, url }, { client, clock });
    await store.put(copy).catch(() => this.#release(claimedAt));
    documents.forget();
    return keys;
  }

  async #release(claimedAt: number): Promise<void> {
    const { document, store, clock, budget } = this.#options;
    const freeAt = clock.now() + retryIntervalMilliseconds;
    // If this fails as well, the next refresh is allowed at the usual time.
    await store.releaseRefresh(document.name, budget, claimedAt, freeAt).catch(() => {});
  }

  /** @returns undefined when no instance has stored the document within two seconds */
  async #awaitOthers(kid: string, claimedAt: number): Promise<KeySet | undefined> {
    const { clock } = this.#options;
    const deadline = clock.now() + waitForRefreshMilliseconds;
    while (clock.now() < deadline) {
      await clock.wait(pollMilliseconds);
      const { keys, fetchedAt } = await this.#reread();
      if (keys.has(kid) || fetchedAt > claimedAt) return keys;
    }
    return undefined;
  }

  #reread(): Promise<StoredKeys> {
    this.#options.documents.forget();
    return this.#readStored();
  }

  /** The keys are kept as long as the text is the same: importing them costs more than everything else. */
  async #readStored(): Promise<StoredKeys> {
    const { document, documents } = this.#options;
    const { body, fetchedAt } = await documents.document(document.name);
    if (this.#memory.parsed?.body !== body) this.#memory.parsed = { body, keys: document.parse(body) };
    return { keys: this.#memory.parsed.keys, fetchedAt };
  }
}
