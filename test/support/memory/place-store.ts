import type { SealedPlace } from '../../../lambdas/core/flow/seal-place.ts';
import type { Abortable, PlaceStore } from '../../../lambdas/core/ports.ts';
import { untilAborted } from './until-aborted.ts';

/** Kept places in this process's memory, for tests. */
export class MemoryPlaceStore implements PlaceStore, Abortable<PlaceStore> {
  readonly #places = new Map<string, SealedPlace>();

  withSignal(signal: AbortSignal): PlaceStore {
    return untilAborted(this, signal);
  }

  async put(place: SealedPlace): Promise<void> {
    this.#places.set(place.key, place);
  }

  async read(key: string): Promise<SealedPlace | undefined> {
    return this.#places.get(key);
  }
}
