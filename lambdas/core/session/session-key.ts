import { createHash } from 'node:crypto';
import { createRandomValue } from '../one-login/random-values.ts';
import type { SessionKey } from './session.ts';

/** The contents of the session cookie: the user's partition, and the token that opens the session. */
export interface SessionCredential {
  readonly subjectKey: string;
  /** 32 random bytes in base64url. Stored only in the cookie. */
  readonly token: string;
}

const credentialPattern = /^([\w-]{43})\.([\w-]{43})$/;

/** base64url SHA-256 of the text. */
export function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/**
 * Derives the partition of a user: SHA-256 of client id and `sub`, so that the table does not show who has a session. The
 * separator is a zero byte, which neither can contain.
 */
export function deriveSubjectKey(clientId: string, sub: string): string {
  return hash(`${clientId}\0${sub}`);
}

/** Every sign-in creates a new token, against session fixation. */
export function createSessionCredential(subjectKey: string): SessionCredential {
  return { subjectKey, token: createRandomValue() };
}

/** The cookie's value: `<subject key>.<token>`. */
export function serializeSessionCredential(credential: SessionCredential): string {
  return `${credential.subjectKey}.${credential.token}`;
}

/** @returns undefined when the value has another form */
export function parseSessionCredential(cookieValue: string | undefined): SessionCredential | undefined {
  const match = credentialPattern.exec(cookieValue ?? '');
  return match?.[1] && match[2] ? { subjectKey: match[1], token: match[2] } : undefined;
}

/** The key of the session in the store. */
export function deriveSessionKey(credential: SessionCredential): SessionKey {
  return { subjectKey: credential.subjectKey, tokenHash: hash(credential.token) };
}
