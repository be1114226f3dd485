/**
 * Encrypts a session with the token in the user's cookie: AES-256-GCM (NIST SP 800-38D) under a key derived from the token
 * by HKDF (RFC 5869). The session's key, absolute expiry and schema version are additional data, so that an item that was
 * moved, or given a longer life, does not open.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { SealedSession, SessionKey, SessionPayload } from './session.ts';
import { deriveSessionKey, type SessionCredential } from './session-key.ts';

/** A session of another version counts as none: its user signs in again. */
export const sessionSchemaVersion = 1;

const ivBytes = 12;
const tagBytes = 16;

export function sealSession(
  payload: SessionPayload,
  credential: SessionCredential,
  { absoluteExpiresAt, idleExpiresAt }: Pick<SealedSession, 'absoluteExpiresAt' | 'idleExpiresAt'>,
): SealedSession {
  const key = deriveSessionKey(credential);
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', deriveEncryptionKey(credential), iv, {
    authTagLength: tagBytes,
  });
  cipher.setAAD(buildAdditionalData(key, absoluteExpiresAt, sessionSchemaVersion));
  const ciphertext = Buffer.concat([cipher.update(JSON.stringify(payload), 'utf8'), cipher.final()]);
  return {
    key,
    sealedPayload: Buffer.concat([iv, ciphertext, cipher.getAuthTag()]),
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
  const bytes = Buffer.from(sealed.sealedPayload);
  if (bytes.length <= ivBytes + tagBytes) return undefined;
  const iv = bytes.subarray(0, ivBytes);
  const decipher = createDecipheriv('aes-256-gcm', deriveEncryptionKey(credential), iv, {
    authTagLength: tagBytes,
  });
  decipher.setAAD(
    buildAdditionalData(deriveSessionKey(credential), sealed.absoluteExpiresAt, sealed.schemaVersion),
  );
  decipher.setAuthTag(bytes.subarray(bytes.length - tagBytes));
  try {
    const plain = Buffer.concat([
      decipher.update(bytes.subarray(ivBytes, bytes.length - tagBytes)),
      decipher.final(),
    ]);
    return JSON.parse(plain.toString('utf8')) as SessionPayload;
  } catch {
    return undefined;
  }
}

function deriveEncryptionKey(credential: SessionCredential): Buffer {
  const token = Buffer.from(credential.token, 'base64url');
  return Buffer.from(hkdfSync('sha256', token, credential.subjectKey, 'one-login session payload', 32));
}

function buildAdditionalData(key: SessionKey, absoluteExpiresAt: number, schemaVersion: number): Buffer {
  return Buffer.from(JSON.stringify([key.subjectKey, key.tokenHash, absoluteExpiresAt, schemaVersion]));
}
