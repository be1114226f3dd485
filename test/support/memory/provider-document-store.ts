import type { ProviderDocumentName } from '../../../lambdas/core/one-login/messages.ts';
import type {
  Abortable,
  ProviderDocument,
  ProviderDocumentStore,
  RefreshBudget,
} from '../../../lambdas/core/ports.ts';
import { untilAborted } from './until-aborted.ts';

/** One Login's documents in this process's memory, for tests. */
export class MemoryProviderDocumentStore implements ProviderDocumentStore, Abortable<ProviderDocumentStore> {
  readonly #documents = new Map<ProviderDocument['name'], ProviderDocument>();
  readonly #claims = new Map<string, { readonly claimedAt: number; readonly freeAt: number }>();

  withSignal(signal: AbortSignal): ProviderDocumentStore {
    return untilAborted(this, signal);
  }

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
    const claim = this.#claims.get(key);
    if (claim !== undefined && claim.freeAt > now) return false;
    this.#claims.set(key, { claimedAt: now, freeAt: now + intervalMilliseconds });
    return true;
  }

  async refreshClaimedAt(name: ProviderDocumentName, budget: RefreshBudget): Promise<number | undefined> {
    return this.#claims.get(`${name}#${budget}`)?.claimedAt;
  }

  async releaseRefresh(
    name: ProviderDocumentName,
    budget: RefreshBudget,
    claimedAt: number,
    freeAt: number,
  ): Promise<void> {
    const key = `${name}#${budget}`;
    if (this.#claims.get(key)?.claimedAt === claimedAt) this.#claims.set(key, { claimedAt, freeAt });
  }
}
