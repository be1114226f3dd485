import type { Language } from '../language.ts';
import type { VectorOfTrust } from '../one-login/vector-of-trust.ts';
import type { ReturnAddress } from './return-to.ts';

/** What an attempt is for: it decides what the callback does when it succeeds. */
export const loginPurposes = ['login', 'reauthenticate', 'prove-identity', 'in-person-return'] as const;
export type LoginPurpose = (typeof loginPurposes)[number];

/**
 * What is kept between the redirect to One Login and the callback. The state itself is not in it: the store's
 * key is its hash, so that reading the table does not let anyone finish a sign-in.
 */
export interface LoginAttempt {
  readonly stateHash: string;
  /** Hash of a browser cookie: only the browser that began may finish. */
  readonly browserHash: string;
  /** As they are stored: sealed, see `attempt-secrets.ts`. */
  readonly nonce: string;
  readonly codeVerifier: string;
  readonly purpose: LoginPurpose;
  /** What was asked of One Login. */
  readonly vtr: readonly VectorOfTrust[];
  /** Seconds, as sent in `max_age`. */
  readonly maxAge?: number;
  /** Whether it repeats a request whose answer had an `auth_time` older than `max_age`: it is repeated once. */
  readonly repeats: boolean;
  /** Whether return codes were asked for: then `access_denied` never means that the evidence did not suffice. */
  readonly returnCodes: boolean;
  /**
   * The subject key (see `session-key.ts`) of the user who was signed in when the attempt began: if somebody else
   * comes back, `returnTo` is dropped, and a re-authentication fails.
   */
  readonly subjectKey?: string;
  readonly returnTo: ReturnAddress;
  readonly language: Language;
  readonly createdAt: number;
  readonly expiresAt: number;
}
