/**
 * Nonce and code verifier of an attempt, readable only with its `state`: AES-256-GCM under a key derived from that by
 * HKDF (RFC 5869). The store contains only the hash of the state, so it can keep both after the attempt was consumed,
 * in case the client repeats the call, and they cannot be read there.
 */
import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import { RelyingPartyError } from '../errors.ts';
import { deriveKey } from '../session/authenticated-encryption.ts';
import type { LoginAttempt } from './login-attempt.ts';

type Secrets = Pick<LoginAttempt, 'nonce' | 'codeVerifier'>;

const tagBytes = 16;
const options = { authTagLength: tagBytes };
/** Constant, because each key encrypts one value. */
const iv = Buffer.alloc(12);

/** @param state 32 random bytes, used for one attempt */
export function sealSecrets({ nonce, codeVerifier }: Secrets, state: string): Secrets {
  return { nonce: seal(nonce, 'nonce', state), codeVerifier: seal(codeVerifier, 'code_verifier', state) };
}

/** @throws RelyingPartyError `attempt_unknown` when they are not sealed under this state */
export function openSecrets({ nonce, codeVerifier }: Secrets, state: string): Secrets {
  try {
    return { nonce: open(nonce, 'nonce', state), codeVerifier: open(codeVerifier, 'code_verifier', state) };
  } catch {
    throw new RelyingPartyError('attempt_unknown', 'nonce and code verifier do not open with this state');
  }
}

function seal(text: string, name: string, state: string): string {
  const cipher = createCipheriv('aes-256-gcm', deriveAttemptKey(name, state), iv, options);
  return Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]).toString('base64url');
}

function open(sealed: string, name: string, state: string): string {
  const bytes = Buffer.from(sealed, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', deriveAttemptKey(name, state), iv, options);
  decipher.setAuthTag(bytes.subarray(-tagBytes));
  return Buffer.concat([decipher.update(bytes.subarray(0, -tagBytes)), decipher.final()]).toString();
}

function deriveAttemptKey(name: string, state: string): KeyObject {
  return deriveKey(state, '', `one-login-lambda login attempt ${name}`);
}
