import type { Language } from '../language.ts';
import type { VectorOfTrust } from '../one-login/vector-of-trust.ts';
import type { ReturnAddress } from './return-to.ts';

/** What an attempt is for: it decides what the callback does on success. */
export const loginPurposes = ['login', 'reauthenticate', 'prove-identity', 'in-person-return'] as const;
export type LoginPurpose = (typeof loginPurposes)[number];

/**
 * What is stored between the redirect to One Login and the callback. The store's key is the hash of `state`, so that
 * reading the table is not enough to finish a sign-in.
 */
export interface LoginAttempt {
  readonly stateHash: string;
  /** Hash of a browser cookie: only the browser that began the attempt may finish it. */
  readonly browserHash: string;
  /** Sealed, see `attempt-secrets.ts`. */
  readonly nonce: string;
  readonly codeVerifier: string;
  readonly purpose: LoginPurpose;
  /** As requested. */
  readonly vtr: readonly VectorOfTrust[];
  /** Seconds, as sent in `max_age`. */
  readonly maxAge?: number;
  /** Whether it repeats a request because its `auth_time` was older than `max_age`, which is done once. */
  readonly repeats: boolean;
  /** Whether return codes were requested: then `access_denied` never means that the evidence was insufficient. */
  readonly returnCodes: boolean;
  /** The name of the journey, if the request has one. */
  readonly journey?: string;
  /** Full names of the userinfo claims. Absent when the service has no journeys, or no identity is requested. */
  readonly requestedClaims?: readonly string[];
  /**
   * The subject key (see `session-key.ts`) of the user who was signed in when the attempt began. When another user signs
   * in, `returnTo` is dropped, and a re-authentication fails.
   */
  readonly subjectKey?: string;
  readonly returnTo: ReturnAddress;
  readonly language: Language;
  readonly createdAt: number;
  readonly expiresAt: number;
  /** Whether it has come back with an error. It stays open. */
  readonly failed?: boolean;
}

/** What is kept of an attempt after it was consumed. */
export type RememberedAttempt = Pick<
  LoginAttempt,
  'purpose' | 'vtr' | 'journey' | 'requestedClaims' | 'subjectKey' | 'returnTo' | 'language'
>;
