/**
 * The place where a user left off to prove their identity, so that they come back to it after a check in person, days later and
 * in any browser. It is encrypted under a key derived from their `sub` by HKDF (RFC 5869), which no table contains. The item's
 * key, expiry and schema version are additional data, so that an item that was moved, or given a longer life, does not open.
 */
import { hkdfSync } from 'node:crypto';
import { RelyingPartyError } from '../errors.ts';
import type { Clock, PlaceStore } from '../ports.ts';
import { decrypt, encrypt } from '../session/authenticated-encryption.ts';
import { placeLifetimeMilliseconds } from '../session/lifetimes.ts';
import { hash } from '../session/session-key.ts';

/** Where a user left off. */
export interface KeptPlace {
  /** Absent when the request had no address of its own. Validated when it was kept, by the config of that time. */
  readonly returnTo?: string;
}

/** A place as stored, which can't be read without the user's `sub`. */
export interface SealedPlace {
  /** A hash of client id and `sub` that is not the key of the user's sessions. */
  readonly key: string;
  readonly sealedPayload: Uint8Array;
  readonly schemaVersion: number;
  readonly expiresAt: number;
}

export interface PlaceDependencies {
  readonly places: PlaceStore;
  readonly clock: Clock;
  readonly settings: { readonly clientId: string };
}

/** A place of another version counts as none. */
const placeSchemaVersion = 1;

/** Keeps the user's place, instead of an earlier one. */
export async function keepPlace(
  { places, clock, settings: { clientId } }: PlaceDependencies,
  sub: string,
  place: KeptPlace,
): Promise<void> {
  const sealed = {
    key: derivePlaceKey(clientId, sub),
    schemaVersion: placeSchemaVersion,
    expiresAt: clock.now() + placeLifetimeMilliseconds,
  };
  const encryptionKey = deriveEncryptionKey(clientId, sub);
  const sealedPayload = encrypt(JSON.stringify(place), encryptionKey, buildAdditionalData(sealed));
  await places.put({ ...sealed, sealedPayload });
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
  const key = derivePlaceKey(clientId, sub);
  const sealed = await places.read(key);
  if (sealed === undefined || sealed.schemaVersion !== placeSchemaVersion) return undefined;
  if (clock.now() >= sealed.expiresAt) return undefined;
  const additionalData = buildAdditionalData({ ...sealed, key });
  const text = decrypt(sealed.sealedPayload, deriveEncryptionKey(clientId, sub), additionalData);
  if (text === undefined) throw new RelyingPartyError('unexpected', 'a kept place does not open');
  return JSON.parse(text) as KeptPlace;
}

function derivePlaceKey(clientId: string, sub: string): string {
  return hash(`kept place\0${clientId}\0${sub}`);
}

function deriveEncryptionKey(clientId: string, sub: string): Buffer {
  return Buffer.from(hkdfSync('sha256', sub, clientId, 'one-login kept place', 32));
}

function buildAdditionalData({
  key,
  expiresAt,
  schemaVersion,
}: Pick<SealedPlace, 'key' | 'expiresAt' | 'schemaVersion'>): string {
  return JSON.stringify([key, expiresAt, schemaVersion]);
}
