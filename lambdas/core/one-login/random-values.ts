import { randomBytes } from 'node:crypto';

/**
 * 256 bits, base64url: 43 characters. As many as a code verifier needs (RFC 7636, 4.1), and an alphabet that
 * survives a provider which sends `state` back without encoding it.
 */
function randomValue(): string {
  return randomBytes(32).toString('base64url');
}

/** Whether the text could have come from {@link createState}. */
export function hasStateShape(value: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(value);
}

/** `state` (RFC 6749, 10.12): names the attempt, and is known to nobody but the browser and One Login. */
export function createState(): string {
  return randomValue();
}

/** `nonce` (OIDC Core 3.1.2.1): binds the ID token to the attempt. */
export function createNonce(): string {
  return randomValue();
}

/** `code_verifier` (RFC 7636, 4.1): only who began can use the code. */
export function createCodeVerifier(): string {
  return randomValue();
}
