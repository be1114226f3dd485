/**
 * The audit trail: what happened to whose sign-in, without saying who that is. Each event becomes one line of the
 * log; the deployment collects them in a log group of their own.
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
      /** The level that was proved. Not `level`: in a log that says how serious a line is, to Lambda as well. */
      readonly confidence?: LevelOfConfidence;
    } & AuditedUser)
  | ({ readonly action: 'signed_out' } & AuditedUser)
  | ({ readonly action: 'sessions_revoked'; readonly sessions: number } & AuditedUser)
  /** By the command for operators, of everybody when no user is named. */
  | ({ readonly action: 'sessions_revoked_by_operator'; readonly sessions: number } & Partial<AuditedUser>)
  /** A request that was refused, by its error code; it is not known whose it was. */
  | { readonly action: 'refused'; readonly code: string };

/** Whom an event is about. */
export interface AuditedUser {
  /** See {@link derivePseudonym}. */
  readonly user: string;
}

/** That an identity request had a result. */
export function buildIdentityEvent(identity: SessionIdentity, user: string): AuditEvent {
  const { outcome } = identity;
  return outcome === 'proved'
    ? { action: 'identity_checked', outcome, confidence: identity.vot, user }
    : { action: 'identity_checked', outcome, reason: identity.reason, user };
}

/**
 * The same for all events of a user of this service. It is another hash than the sessions' partition, so that the
 * trail leads to no row of a table, and only who knows the `sub` can tell whose events they are.
 */
export function derivePseudonym(clientId: string, sub: string): string {
  return hash(`audit trail\0${clientId}\0${sub}`);
}
