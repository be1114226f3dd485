import { createHash, randomBytes } from 'node:crypto';
import type { SessionKey } from './session.ts';

/** A session as the browser holds it: where it lies, and the token that opens it. */
export interface SessionCredential {
  readonly subjectKey: string;
  /** 32 random bytes, base64url. Kept nowhere but in the cookie. */
  readonly token: string;
}

const credentialPattern = /^([\w-]{43})\.([\w-]{43})$/;

/** base64url SHA-256 of the text. */
export function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/**
 * The partition of a user: SHA-256 of client id and `sub`, so that the table does not tell who has a session.
 * The zero byte keeps the two apart: neither can hold one.
 */
export function deriveSubjectKey(clientId: string, sub: string): string {
  return hash(`${clientId}\0${sub}`);
}

/** A new credential for the user. A session never keeps its token over a sign-in (session fixation). */
export function createSessionCredential(subjectKey: string): SessionCredential {
  return { subjectKey, token: randomBytes(32).toString('base64url') };
}

/** The cookie's value: `<subject key>.<token>`. */
export function serializeSessionCredential(credential: SessionCredential): string {
  return `${credential.subjectKey}.${credential.token}`;
}

/** @returns undefined for anything that is no value of ours */
export function parseSessionCredential(cookieValue: string | undefined): SessionCredential | undefined {
  const match = credentialPattern.exec(cookieValue ?? '');
  return match?.[1] && match[2] ? { subjectKey: match[1], token: match[2] } : undefined;
}

/** Where the store has the session. */
export function deriveSessionKey(credential: SessionCredential): SessionKey {
  return { subjectKey: credential.subjectKey, tokenHash: hash(credential.token) };
}
