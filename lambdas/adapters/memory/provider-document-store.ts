import type {
  ProviderDocument,
  ProviderDocumentName,
  ProviderDocumentStore,
  RefreshBudget,
} from '../../core/ports.ts';

/** One Login's documents in this process's memory, for tests. */
export class MemoryProviderDocumentStore implements ProviderDocumentStore {
  readonly #documents = new Map<ProviderDocument['name'], ProviderDocument>();
  readonly #claims = new Map<string, number>();

  async readAll(): Promise<readonly ProviderDocument[]> {
    return [...this.#documents.values()];
  }

  async put(document: ProviderDocument): Promise<boolean> {
    const stored = this.#documents.get(document.name);
    if (stored !== undefined && stored.fetchedAt > document.fetchedAt) return false;
    this.#documents.set(document.name, document);
    return true;
  }

  async claimRefresh(
    name: ProviderDocumentName,
    budget: RefreshBudget,
    now: number,
    intervalMilliseconds: number,
  ): Promise<boolean> {
    const key = `${name}#${budget}`;
    const claimedAt = this.#claims.get(key);
    if (claimedAt !== undefined && claimedAt > now - intervalMilliseconds) return false;
    this.#claims.set(key, now);
    return true;
  }
}
