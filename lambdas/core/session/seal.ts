/**
 * Encrypts a session with the token in the user's cookie: AES-256-GCM (NIST SP 800-38D) under a key derived from the token
 * by HKDF (RFC 5869). The session's key, absolute expiry and schema version are additional data, so that an item that was
 * moved, or given a longer life, does not open.
 */
import { hkdfSync } from 'node:crypto';
import { decrypt, encrypt } from './authenticated-encryption.ts';
import type { SealedSession, SessionKey, SessionPayload } from './session.ts';
import { deriveSessionKey, type SessionCredential } from './session-key.ts';

/** A session of another version counts as none: its user signs in again. */
export const sessionSchemaVersion = 1;

export function sealSession(
  payload: SessionPayload,
  credential: SessionCredential,
  { absoluteExpiresAt, idleExpiresAt }: Pick<SealedSession, 'absoluteExpiresAt' | 'idleExpiresAt'>,
): SealedSession {
  const key = deriveSessionKey(credential);
  return {
    key,
    sealedPayload: encrypt(
      JSON.stringify(payload),
      deriveEncryptionKey(credential),
      buildAdditionalData(key, absoluteExpiresAt, sessionSchemaVersion),
    ),
    schemaVersion: sessionSchemaVersion,
    absoluteExpiresAt,
    idleExpiresAt,
  };
}

/** @returns undefined when the token is wrong, the item was changed, or it has another version */
export function openSession(
  sealed: SealedSession,
  credential: SessionCredential,
): SessionPayload | undefined {
  if (sealed.schemaVersion !== sessionSchemaVersion) return undefined;
  const text = decrypt(
    sealed.sealedPayload,
    deriveEncryptionKey(credential),
    buildAdditionalData(deriveSessionKey(credential), sealed.absoluteExpiresAt, sealed.schemaVersion),
  );
  return text === undefined ? undefined : (JSON.parse(text) as SessionPayload);
}

function deriveEncryptionKey(credential: SessionCredential): Buffer {
  const token = Buffer.from(credential.token, 'base64url');
  return Buffer.from(hkdfSync('sha256', token, credential.subjectKey, 'one-login session payload', 32));
}

function buildAdditionalData(key: SessionKey, absoluteExpiresAt: number, schemaVersion: number): string {
  return JSON.stringify([key.subjectKey, key.tokenHash, absoluteExpiresAt, schemaVersion]);
}
