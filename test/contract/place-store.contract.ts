import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { SealedPlace } from '../../lambdas/core/flow/seal-place.ts';
import type { PlaceStore } from '../../lambdas/core/ports.ts';

/** A place of a user of its own. */
export function somePlace(overrides: Partial<SealedPlace> = {}): SealedPlace {
  return {
    key: randomUUID(),
    sealedPayload: Uint8Array.of(0, 1, 127, 128, 255),
    schemaVersion: 1,
    expiresAt: 1_790_000_000_123,
    ...overrides,
  };
}

/** The contract of every {@link PlaceStore}, see `ports.ts`. */
export function describePlaceStore(name: string, getStore: () => PlaceStore): void {
  describe(`${name} as a PlaceStore`, () => {
    const read = async (key: string) => {
      const place = await getStore().read(key);
      return place && { ...place, sealedPayload: [...place.sealedPayload] };
    };

    test('gives back the place that was put, to the byte and the millisecond', async () => {
      const place = somePlace();
      await getStore().put(place);
      expect(await read(place.key)).toEqual({ ...place, sealedPayload: [0, 1, 127, 128, 255] });
    });

    test('has no place under a key that was not put', async () => {
      await getStore().put(somePlace());
      expect(await read('another')).toBeUndefined();
    });

    test('replaces a place by a later one, also by one that expires earlier', async () => {
      const place = somePlace();
      await getStore().put(place);
      await getStore().put({ ...place, sealedPayload: Uint8Array.of(1), expiresAt: 1 });
      expect(await read(place.key)).toEqual({ ...place, sealedPayload: [1], expiresAt: 1 });
    });
  });
}
