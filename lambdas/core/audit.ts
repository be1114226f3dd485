/**
 * The audit trail: the events of sign-ins, with a pseudonym for the user. Each event is one line of the log. The deployment
 * collects them in a log group of their own.
 */
import type { LevelOfConfidence } from './one-login/vector-of-trust.ts';
import type { NotProvedReason, SessionIdentity } from './session/session.ts';
import { hash } from './session/session-key.ts';

export type AuditEvent =
  | ({ readonly action: 'signed_in' | 'reauthenticated' } & AuditedUser)
  | ({
      readonly action: 'identity_checked';
      readonly outcome: 'proved' | 'not_proved';
      /** Why it was not proved. */
      readonly reason?: NotProvedReason;
      /** The level that was proved. Not called `level`, which is the severity of a log line. */
      readonly confidence?: LevelOfConfidence;
    } & AuditedUser)
  | ({ readonly action: 'signed_out' } & AuditedUser)
  | ({ readonly action: 'sessions_revoked'; readonly sessions: number } & AuditedUser)
  /** By the operators' command. Without a user, the sessions of all users. */
  | ({ readonly action: 'sessions_revoked_by_operator'; readonly sessions: number } & Partial<AuditedUser>)
  /** A refused request. Its user is unknown. */
  | { readonly action: 'refused'; readonly code: string };

export interface AuditedUser {
  /** See {@link derivePseudonym}. */
  readonly user: string;
}

export function buildIdentityEvent(identity: SessionIdentity, user: string): AuditEvent {
  const { outcome } = identity;
  return outcome === 'proved'
    ? { action: 'identity_checked', outcome, confidence: identity.vot, user }
    : { action: 'identity_checked', outcome, reason: identity.reason, user };
}

/**
 * The pseudonym is the same for all events of a user of this service. It is not the key of the user's sessions, so that it
 * does not lead to a row of a table. Only a person who has the `sub` can find the events of a user.
 */
export function derivePseudonym(clientId: string, sub: string): string {
  return hash(`audit trail\0${clientId}\0${sub}`);
}
