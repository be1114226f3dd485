/**
 * Encrypts a session with the token in the user's cookie: AES-256-GCM (NIST SP 800-38D) under a key derived from the token
 * by HKDF (RFC 5869). The session's key, absolute expiry and schema version are additional data, so that an item that was
 * moved, or given a longer life, does not open.
 */
import type { KeyObject } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { decrypt, deriveKey, encrypt } from './authenticated-encryption.ts';
import type { SealedSession, SessionKey, SessionPayload } from './session.ts';
import { deriveSessionKey, type SessionCredential } from './session-key.ts';

/**
 * The version that is written. A deployment changes the functions that read sessions before the callback, which writes
 * them. A session of an unknown version counts as none: its user signs in again.
 */
export const sessionSchemaVersion = 2;

/** How to read the payload of each version. Up to 0.2.0 the callback wrote version 1. */
const readPayload: Readonly<Record<number, (bytes: Buffer) => SessionPayload>> = {
  1: (bytes) => JSON.parse(bytes.toString()),
  2: unpackPayload,
};

export function sealSession(
  payload: SessionPayload,
  credential: SessionCredential,
  { absoluteExpiresAt, idleExpiresAt }: Pick<SealedSession, 'absoluteExpiresAt' | 'idleExpiresAt'>,
): SealedSession {
  const key = deriveSessionKey(credential);
  return {
    key,
    sealedPayload: encrypt(
      packPayload(payload),
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
  const read = readPayload[sealed.schemaVersion];
  if (read === undefined) return undefined;
  const bytes = decrypt(
    sealed.sealedPayload,
    deriveEncryptionKey(credential),
    buildAdditionalData(deriveSessionKey(credential), sealed.absoluteExpiresAt, sealed.schemaVersion),
  );
  return bytes && read(bytes);
}

function deriveEncryptionKey(credential: SessionCredential): KeyObject {
  const token = Buffer.from(credential.token, 'base64url');
  return deriveKey(token, credential.subjectKey, 'one-login session payload');
}

function buildAdditionalData(key: SessionKey, absoluteExpiresAt: number, schemaVersion: number): string {
  return JSON.stringify([key.subjectKey, key.tokenHash, absoluteExpiresAt, schemaVersion]);
}

/**
 * Compresses the payload, so that the usual session takes less than the 1 KB that DynamoDB counts as one write. The parts of
 * the ID token are decoded first: base64 hides from the compression what they repeat.
 */
function packPayload({ idToken, ...rest }: SessionPayload): Buffer {
  return deflateRawSync(JSON.stringify({ ...rest, idToken: splitToken(idToken) }));
}

function unpackPayload(bytes: Buffer): SessionPayload {
  const { idToken, ...rest } = JSON.parse(inflateRawSync(bytes).toString());
  return { ...rest, idToken: typeof idToken === 'string' ? idToken : joinToken(idToken) };
}

/** @returns the token itself if it would not come back to the letter */
function splitToken(token: string): readonly string[] | string {
  const [header = '', claims = '', signature = ''] = token.split('.');
  const parts = [decodeText(header), decodeText(claims), signature];
  return joinToken(parts) === token ? parts : token;
}

function joinToken([header = '', claims = '', signature]: readonly string[]): string {
  return `${encodeText(header)}.${encodeText(claims)}.${signature}`;
}

function decodeText(base64url: string): string {
  return Buffer.from(base64url, 'base64url').toString();
}

function encodeText(text: string): string {
  return Buffer.from(text).toString('base64url');
}
