import type { Clock, SessionStore } from '../ports.ts';
import { extendedIdleExpiry } from '../session/lifetimes.ts';
import { openSession } from '../session/seal.ts';
import type { SealedSession, SessionPayload } from '../session/session.ts';
import { deriveSessionKey, type SessionCredential } from '../session/session-key.ts';

/** A session that counts at the time it was read. */
export interface ActiveSession {
  readonly payload: SessionPayload;
  /** As it is in the store. */
  readonly sealed: SealedSession;
  readonly absoluteExpiresAt: number;
  readonly idleExpiresAt: number;
}

/** A session that was used. */
export interface UsedSession extends ActiveSession {
  /** Why its idle expiry could not be moved on: it stays where it was. */
  readonly extensionFailure?: unknown;
}

export interface ReadSessionDependencies {
  readonly sessions: Pick<SessionStore, 'read'>;
  readonly clock: Clock;
}

/**
 * The session behind a cookie. Both expiries are checked here: the store's own expiry removes items late.
 *
 * @returns undefined when there is none, or it has expired, or does not open with this token
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
  if (payload === undefined) return undefined;
  const { absoluteExpiresAt, idleExpiresAt } = sealed;
  return { payload, sealed, absoluteExpiresAt, idleExpiresAt };
}

/**
 * The session behind a cookie, and that it was used: the idle expiry moves on, at most once per tenth of the idle
 * time and never past the absolute expiry. A failure to move it on does not end the session: the next use tries again.
 *
 * @param idleMilliseconds how long a session lives without activity
 * @returns undefined also for a session that was deleted in the meantime
 */
export async function useSession(
  { sessions, clock }: { sessions: Pick<SessionStore, 'read' | 'extendIdle'>; clock: Clock },
  credential: SessionCredential | undefined,
  idleMilliseconds: number,
): Promise<UsedSession | undefined> {
  const session = await readSession({ sessions, clock }, credential);
  if (session === undefined || credential === undefined) return undefined;
  const idleExpiresAt = extendedIdleExpiry(session, idleMilliseconds, clock.now());
  if (idleExpiresAt === undefined) return session;
  try {
    const stillThere = await sessions.extendIdle(deriveSessionKey(credential), idleExpiresAt);
    return stillThere ? { ...session, idleExpiresAt } : undefined;
  } catch (extensionFailure) {
    return { ...session, extensionFailure };
  }
}
