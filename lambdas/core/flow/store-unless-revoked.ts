import { RelyingPartyError } from '../errors.ts';
import type { Clock, SessionStore } from '../ports.ts';
import type { SealedSession, SessionKey } from '../session/session.ts';

/**
 * Puts a session, then looks whether the user's sessions were revoked since the callback began, and if so, or if
 * that can't be told, withdraws it. Whichever way a back-channel logout falls in between, no session survives:
 * either its mark is seen here, or its query sees the session.
 *
 * The comparison is by our clock alone: another device may sign in by SSO with an `auth_time` from before.
 *
 * @param options.beganAt when the callback began
 * @param options.replaced the session that this one takes the place of
 * @throws RelyingPartyError `session_revoked_meanwhile`, `revocation_unreadable`
 */
export async function storeUnlessRevoked(
  sessions: SessionStore,
  clock: Clock,
  session: SealedSession,
  { beganAt, replaced }: { beganAt: number; replaced: SessionKey | undefined },
): Promise<void> {
  try {
    await sessions.put(session);
  } catch (error) {
    // It may be there all the same, if only the answer was lost.
    await sessions.delete(session.key).catch(() => {});
    throw error;
  }
  const [mark, deletion] = await Promise.allSettled([
    sessions.readRevokedBefore(session.key.subjectKey, clock.now()),
    replaced === undefined ? undefined : sessions.delete(replaced),
  ]);
  if (mark.status === 'fulfilled' && (mark.value === undefined || mark.value < beganAt)) {
    if (deletion.status === 'fulfilled') return;
    await sessions.delete(session.key);
    throw deletion.reason;
  }
  await sessions.delete(session.key);
  if (mark.status === 'rejected') {
    throw new RelyingPartyError('revocation_unreadable', 'the revocation mark could not be read', {
      cause: mark.reason,
    });
  }
  throw new RelyingPartyError('session_revoked_meanwhile', 'the sessions were revoked during the callback');
}
