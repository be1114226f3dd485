import { type AuditEvent, buildIdentityEvent, derivePseudonym } from '../audit.ts';
import type { SessionStore } from '../ports.ts';
import { sealSession } from '../session/seal.ts';
import type { NotProvedReason, SessionIdentity } from '../session/session.ts';
import type { SessionCredential } from '../session/session-key.ts';
import { provesIdentity, readJourney } from './journey.ts';
import type { LoginAttempt } from './login-attempt.ts';
import { type ReadSessionDependencies, readSession } from './read-session.ts';

export interface RecordNotProvedDependencies extends ReadSessionDependencies {
  readonly sessions: Pick<SessionStore, 'read' | 'replaceContents'>;
  readonly settings: { readonly clientId: string };
}

/** What the session of the attempt's user contains now. */
export type NotProvedRecord =
  | { readonly kind: 'not_proved'; readonly audit: readonly AuditEvent[] }
  /** Another request proved the identity, which is kept. */
  | { readonly kind: 'proved' }
  /** No user is signed in, or another user is. */
  | { readonly kind: 'no_session' };

/**
 * Records in the session of the attempt's user that the identity was not proved. A proved identity is kept, and so is the
 * outcome of a later request. The error does not consume the attempt, so it can come any number of times: it is recorded
 * once.
 */
export async function recordNotProved(
  { sessions, clock, settings }: RecordNotProvedDependencies,
  attempt: LoginAttempt,
  credential: SessionCredential | undefined,
  reason: NotProvedReason,
): Promise<NotProvedRecord> {
  const { subjectKey, createdAt } = attempt;
  if (credential === undefined || credential.subjectKey !== subjectKey) return { kind: 'no_session' };
  const session = await readSession({ sessions, clock }, credential);
  if (session === undefined) return { kind: 'no_session' };
  const { payload, sealed } = session;
  const before = payload.identity;
  if (before?.outcome === 'proved') {
    return provesIdentity(before, readJourney(attempt))
      ? { kind: 'proved' }
      : { kind: 'not_proved', audit: [] };
  }
  if (before !== undefined && !isReplaceable(before, { createdAt, reason })) {
    return { kind: 'not_proved', audit: [] };
  }
  const identity: SessionIdentity = { outcome: 'not_proved', reason, requestedAt: createdAt, claims: {} };
  const { sealedPayload } = sealSession({ ...payload, identity }, credential, sealed);
  const isRecorded = await sessions.replaceContents(sealed, sealedPayload);
  const event = buildIdentityEvent(identity, derivePseudonym(settings.clientId, payload.sub));
  return { kind: 'not_proved', audit: isRecorded ? [event] : [] };
}

/**
 * The outcome of a later request replaces that of an earlier one. For the same request, any outcome replaces
 * `interrupted`: One Login responds to an older tab under the `state` of a newer one, whose own response follows.
 */
function isReplaceable(
  before: Extract<SessionIdentity, { outcome: 'not_proved' }>,
  { createdAt, reason }: { readonly createdAt: number; readonly reason: NotProvedReason },
): boolean {
  if (before.requestedAt === createdAt) return before.reason === 'interrupted' && reason !== 'interrupted';
  return before.requestedAt < createdAt;
}
