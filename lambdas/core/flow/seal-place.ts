/**
 * Encrypts the place where a user left off to prove their identity: AES-256-GCM under a key derived from their `sub` by HKDF
 * (RFC 5869), which no table contains. The item's key, expiry and schema version are additional data, so that an item that was
 * moved, or given a longer life, does not open.
 */
import type { KeyObject } from 'node:crypto';
import { decrypt, deriveKey, encrypt } from '../session/authenticated-encryption.ts';
import { hash } from '../session/session-key.ts';

/** Where a user left off. */
export interface KeptPlace {
  /** Absent when the request had no address of its own. Validated when it was kept, by the config of that time. */
  readonly returnTo?: string;
  /** The name of the journey, if there is one. */
  readonly journey?: string;
}

/** A place as stored, which can't be read without the user's `sub`. */
export interface SealedPlace {
  /** See {@link derivePlaceKey}. */
  readonly key: string;
  readonly sealedPayload: Uint8Array;
  readonly schemaVersion: number;
  readonly expiresAt: number;
}

/** Whose place it is. */
export interface PlaceOwner {
  readonly clientId: string;
  readonly sub: string;
}

/** A place of another version counts as none. */
export const placeSchemaVersion = 1;

/** The key in the store: a hash that is not the key of the user's sessions, so that it does not lead to them. */
export function derivePlaceKey({ clientId, sub }: PlaceOwner): string {
  return hash(`kept place\0${clientId}\0${sub}`);
}

export function sealPlace(place: KeptPlace, owner: PlaceOwner, expiresAt: number): SealedPlace {
  const key = derivePlaceKey(owner);
  const sealedPayload = encrypt(
    JSON.stringify(place),
    deriveEncryptionKey(owner),
    buildAdditionalData(key, expiresAt, placeSchemaVersion),
  );
  return { key, sealedPayload, schemaVersion: placeSchemaVersion, expiresAt };
}

/** @returns undefined when it is another user's, or the item was changed */
export function openPlace(sealed: SealedPlace, owner: PlaceOwner): KeptPlace | undefined {
  const bytes = decrypt(
    sealed.sealedPayload,
    deriveEncryptionKey(owner),
    buildAdditionalData(derivePlaceKey(owner), sealed.expiresAt, sealed.schemaVersion),
  );
  return bytes && (JSON.parse(bytes.toString()) as KeptPlace);
}

function deriveEncryptionKey({ clientId, sub }: PlaceOwner): KeyObject {
  return deriveKey(sub, clientId, 'one-login kept place');
}

function buildAdditionalData(key: string, expiresAt: number, schemaVersion: number): string {
  return JSON.stringify([key, expiresAt, schemaVersion]);
}
