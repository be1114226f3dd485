import { RelyingPartyError } from '../errors.ts';
import type { Clock, SessionStore } from '../ports.ts';
import type { SealedSession, SessionKey } from '../session/session.ts';

export interface StoredSession {
  /** Why the replaced session could not be deleted. It ends when its idle time is over. */
  readonly replacedSessionLeft?: unknown;
}

/**
 * Stores a session, then reads whether the user's sessions were revoked since the callback began, or a user signed out in
 * this browser. If so, or if that can't be read, the session is withdrawn. So no session survives a back-channel logout:
 * either its mark is read here, or its query finds the session.
 *
 * Only our own clock is compared: another device may sign in by single sign-on with an older `auth_time`.
 *
 * The session that the browser had is deleted last, after everything that can fail: a callback that fails leaves its user
 * signed in.
 *
 * @param options.beganAt when the callback began
 * @param options.browserHash of the browser cookie that the attempt is bound to
 * @param options.replaced the session that this one replaces
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
    await rejectIfRevoked(sessions, clock, [session.key.subjectKey, browserHash], beganAt);
  } catch (error) {
    // It may be stored although `put` failed, when the response was lost. No browser has its cookie.
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

async function rejectIfRevoked(
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
