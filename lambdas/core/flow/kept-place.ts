/**
 * The place where a user left off to prove their identity, so that they come back to it after a check in person, days later and
 * in any browser.
 */
import { RelyingPartyError } from '../errors.ts';
import type { Clock, PlaceStore } from '../ports.ts';
import { placeLifetimeMilliseconds } from '../session/lifetimes.ts';
import { derivePlaceKey, type KeptPlace, openPlace, placeSchemaVersion, sealPlace } from './seal-place.ts';

export interface PlaceDependencies {
  readonly places: PlaceStore;
  readonly clock: Clock;
  readonly settings: { readonly clientId: string };
}

/** Keeps the user's place, instead of an earlier one. */
export async function keepPlace(
  { places, clock, settings: { clientId } }: PlaceDependencies,
  sub: string,
  place: KeptPlace,
): Promise<void> {
  await places.put(sealPlace(place, { clientId, sub }, clock.now() + placeLifetimeMilliseconds));
}

/**
 * Reads the user's place. The expiry is checked here, because the store removes expired items late.
 *
 * @returns undefined when there is none, or it has expired
 * @throws RelyingPartyError `unexpected` when the item was changed
 */
export async function readPlace(
  { places, clock, settings: { clientId } }: PlaceDependencies,
  sub: string,
): Promise<KeptPlace | undefined> {
  const sealed = await places.read(derivePlaceKey({ clientId, sub }));
  if (sealed === undefined || sealed.schemaVersion !== placeSchemaVersion) return undefined;
  if (clock.now() >= sealed.expiresAt) return undefined;
  const place = openPlace(sealed, { clientId, sub });
  if (place === undefined) throw new RelyingPartyError('unexpected', 'a kept place does not open');
  return place;
}
