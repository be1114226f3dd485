import type { Clock, SessionStore } from '../ports.ts';
import { extendIdleExpiry } from '../session/lifetimes.ts';
import { openSession } from '../session/seal.ts';
import type { SealedSession, SessionPayload } from '../session/session.ts';
import { deriveSessionKey, type SessionCredential } from '../session/session-key.ts';

/** A session that had not expired when it was read. */
export interface ActiveSession {
  readonly payload: SessionPayload;
  /** As stored, with the idle expiry that applies now. */
  readonly sealed: SealedSession;
}

export interface UsedSession extends ActiveSession {
  /** Why the idle expiry could not be extended. It stays as it was. */
  readonly extensionFailure?: unknown;
}

export interface ReadSessionDependencies {
  readonly sessions: Pick<SessionStore, 'read'>;
  readonly clock: Clock;
}

/**
 * Reads the session of a cookie. Both expiries are checked here, because the store removes expired items late.
 *
 * @returns undefined when there is none, it has expired, or the token does not open it
 */
export async function readSession(
  { sessions, clock }: ReadSessionDependencies,
  credential: SessionCredential | undefined,
): Promise<ActiveSession | undefined> {
  if (credential === undefined) return undefined;
  const sealed = await sessions.read(deriveSessionKey(credential));
  const now = clock.now();
  if (sealed === undefined || now >= sealed.absoluteExpiresAt || now >= sealed.idleExpiresAt)
    return undefined;
  const payload = openSession(sealed, credential);
  return payload && { payload, sealed };
}

/**
 * Reads the session of a cookie and extends its idle expiry, at most once per fifth of the idle time and never past the
 * absolute expiry. The session stays valid when it can't be extended: the next use tries again.
 *
 * @param idleMilliseconds how long a session lives without activity
 * @returns undefined also when the session was deleted meanwhile
 */
export async function useSession(
  { sessions, clock }: { sessions: Pick<SessionStore, 'read' | 'extendIdle'>; clock: Clock },
  credential: SessionCredential | undefined,
  idleMilliseconds: number,
): Promise<UsedSession | undefined> {
  const session = await readSession({ sessions, clock }, credential);
  if (session === undefined) return undefined;
  const idleExpiresAt = extendIdleExpiry(session.sealed, idleMilliseconds, clock.now());
  if (idleExpiresAt === undefined) return session;
  try {
    const stillThere = await sessions.extendIdle(session.sealed.key, idleExpiresAt);
    return stillThere ? { ...session, sealed: { ...session.sealed, idleExpiresAt } } : undefined;
  } catch (extensionFailure) {
    return { ...session, extensionFailure };
  }
}
