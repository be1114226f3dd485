import { randomBytes } from 'node:crypto';

/**
 * 256 bits in base64url: 43 characters, as many as a code verifier needs (RFC 7636, 4.1). The alphabet is safe with a
 * provider that returns `state` without encoding it.
 */
function createRandomValue(): string {
  return randomBytes(32).toString('base64url');
}

/** Whether the text has the form of {@link createState}. */
export function hasStateShape(value: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(value);
}

/** `state` (RFC 6749, 10.12): identifies the attempt. Only the browser and One Login have it. */
export function createState(): string {
  return createRandomValue();
}

/** `nonce` (OIDC Core 3.1.2.1): binds the ID token to the attempt. */
export function createNonce(): string {
  return createRandomValue();
}

/** `code_verifier` (RFC 7636, 4.1): only its owner can use the code. */
export function createCodeVerifier(): string {
  return createRandomValue();
}
