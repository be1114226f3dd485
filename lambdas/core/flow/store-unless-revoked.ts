import { RelyingPartyError } from '../errors.ts';
import type { Clock, SessionStore } from '../ports.ts';
import type { SealedSession, SessionKey } from '../session/session.ts';

/** What became of the session that a new one took the place of. */
export interface StoredSession {
  /** Why it could not be deleted. It ends when its idle time is over. */
  readonly replacedSessionLeft?: unknown;
}

/**
 * Puts a session, then looks whether the user's sessions were revoked since the callback began, or somebody signed out
 * in this browser. If so, or if that can't be read, it withdraws the session. Whichever way a back-channel logout falls
 * in between, no session survives: either its mark is seen here, or its query sees the session.
 *
 * The comparison is by our clock alone: another device may sign in by SSO with an `auth_time` from before.
 *
 * The session that the browser had is deleted last, when nothing can fail any more: a callback that fails leaves its
 * user signed in.
 *
 * @param options.beganAt when the callback began
 * @param options.browserHash of the browser cookie that the attempt is bound to
 * @param options.replaced the session that this one takes the place of
 * @throws RelyingPartyError `session_revoked_meanwhile`, `revocation_unreadable`
 */
export async function storeUnlessRevoked(
  sessions: Pick<SessionStore, 'put' | 'readRevokedBefore' | 'delete' | 'withdraw'>,
  clock: Clock,
  session: SealedSession,
  {
    beganAt,
    browserHash,
    replaced,
  }: { beganAt: number; browserHash: string; replaced: SessionKey | undefined },
): Promise<StoredSession> {
  try {
    await sessions.put(session);
    await refuseIfRevoked(sessions, clock, [session.key.subjectKey, browserHash], beganAt);
  } catch (error) {
    // It may be there although `put` failed, if only the answer was lost. Nobody has its cookie.
    await sessions.withdraw(session.key).catch(() => {});
    throw error;
  }
  if (replaced === undefined) return {};
  try {
    await sessions.delete(replaced);
    return {};
  } catch (failure) {
    return { replacedSessionLeft: failure };
  }
}

async function refuseIfRevoked(
  sessions: Pick<SessionStore, 'readRevokedBefore'>,
  clock: Clock,
  owners: readonly string[],
  beganAt: number,
): Promise<void> {
  let mark: number | undefined;
  try {
    mark = await sessions.readRevokedBefore(owners, clock.now());
  } catch (cause) {
    if (cause instanceof RelyingPartyError && cause.code === 'deadline_exceeded') throw cause;
    throw new RelyingPartyError('revocation_unreadable', 'the revocation mark could not be read', { cause });
  }
  if (mark === undefined || mark < beganAt) return;
  throw new RelyingPartyError('session_revoked_meanwhile', 'the sessions were revoked during the callback');
}
