import { randomBytes } from 'node:crypto';

/**
 * 256 bits in base64url: 43 characters, as many as a code verifier needs (RFC 7636, 4.1). The alphabet is safe with a
 * provider that returns `state` without encoding it.
 */
export function createRandomValue(): string {
  return randomBytes(32).toString('base64url');
}

/** Whether the text has the form of {@link createRandomValue}. */
export function hasRandomValueShape(value: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(value);
}
