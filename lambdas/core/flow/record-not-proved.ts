import { type AuditEvent, buildIdentityEvent, derivePseudonym } from '../audit.ts';
import { sufficesAsIdentity } from '../one-login/vector-of-trust.ts';
import type { SessionStore } from '../ports.ts';
import { sealSession } from '../session/seal.ts';
import type { NotProvedReason, SessionIdentity } from '../session/session.ts';
import type { SessionCredential } from '../session/session-key.ts';
import type { LoginAttempt } from './login-attempt.ts';
import { type ReadSessionDependencies, readSession } from './read-session.ts';

export interface RecordNotProvedDependencies extends ReadSessionDependencies {
  readonly sessions: Pick<SessionStore, 'read' | 'replaceContents'>;
  readonly settings: { readonly clientId: string };
}

/** Whether the session of the attempt's user says by now what came of the identity request. */
export type NotProvedRecord =
  | { readonly kind: 'not_proved'; readonly audit: readonly AuditEvent[] }
  /** The identity was proved by another request: that stands. */
  | { readonly kind: 'proved' }
  /** Nobody is signed in, or somebody else than who asked. */
  | { readonly kind: 'no_session' };

/**
 * Records in the session of the attempt's user that an identity request came to nothing. An identity that is proved
 * stays so, as does the outcome of a later request. The error can come any number of times, since it does not consume
 * the attempt: it is recorded once.
 */
export async function recordNotProved(
  { sessions, clock, settings }: RecordNotProvedDependencies,
  { subjectKey, vtr, createdAt }: Pick<LoginAttempt, 'subjectKey' | 'vtr' | 'createdAt'>,
  credential: SessionCredential | undefined,
  reason: NotProvedReason,
): Promise<NotProvedRecord> {
  if (credential === undefined || credential.subjectKey !== subjectKey) return { kind: 'no_session' };
  const session = await readSession({ sessions, clock }, credential);
  if (session === undefined) return { kind: 'no_session' };
  const { payload, sealed } = session;
  const before = payload.identity;
  if (before?.outcome === 'proved') {
    const suffices = vtr.some((asked) => sufficesAsIdentity(before.vot, asked));
    return suffices ? { kind: 'proved' } : { kind: 'not_proved', audit: [] };
  }
  if (before !== undefined && !isOvertaken(before, { createdAt, reason })) {
    return { kind: 'not_proved', audit: [] };
  }
  const identity: SessionIdentity = { outcome: 'not_proved', reason, requestedAt: createdAt, claims: {} };
  const { sealedPayload } = sealSession({ ...payload, identity }, credential, sealed);
  const isRecorded = await sessions.replaceContents(sealed, sealedPayload);
  const event = buildIdentityEvent(identity, derivePseudonym(settings.clientId, payload.sub));
  return { kind: 'not_proved', audit: isRecorded ? [event] : [] };
}

/**
 * A later request has the last word. Of one request, that it was interrupted has not: One Login answers an older tab
 * under the state of a newer one, whose own answer follows.
 */
function isOvertaken(
  before: Extract<SessionIdentity, { outcome: 'not_proved' }>,
  { createdAt, reason }: { readonly createdAt: number; readonly reason: NotProvedReason },
): boolean {
  if (before.requestedAt === createdAt) return before.reason === 'interrupted' && reason !== 'interrupted';
  return before.requestedAt < createdAt;
}
