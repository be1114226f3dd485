import { type AuditEvent, derivePseudonym } from '../audit.ts';
import { RelyingPartyError } from '../errors.ts';
import type { KeySource } from '../one-login/jwt.ts';
import { type ExpectedLogoutToken, readLogoutToken, validateLogoutToken } from '../one-login/logout-token.ts';
import type { Clock, SessionStore } from '../ports.ts';
import { deriveSubjectKey, hash } from '../session/session-key.ts';

/** Far longer than a callback that began before the revocation can take. */
export const markLifetimeMilliseconds = 60 * 60 * 1000;
/** One Login's logout tokens live for two minutes. A `jti` is remembered for at least three. */
const shortestJtiMemoryMilliseconds = 3 * 60 * 1000;

export interface EndAllSessionsDependencies {
  readonly sessions: Pick<SessionStore, 'rememberJti' | 'markRevoked' | 'deleteAll'>;
  readonly keys: KeySource<'jwks'>;
  readonly clock: Clock;
  readonly settings: Pick<ExpectedLogoutToken, 'issuer' | 'clientId'>;
}

/**
 * Ends every session of a user when One Login requests it (OIDC Back-Channel Logout 2.5 to 2.7). The mark is written
 * before the sessions are deleted, so that a callback that is under way either reads the mark, or its session is deleted.
 *
 * After a failure half way the mark and some sessions may be left. One Login then sends a notification with a new `jti`,
 * which deletes the rest.
 *
 * @param form every value of each field that was posted
 * @returns the audit event, and how many sessions were ended
 * @throws RelyingPartyError `logout_…` for a request that must be refused
 */
export async function endAllSessions(
  { sessions, keys, clock, settings }: EndAllSessionsDependencies,
  form: ReadonlyMap<string, readonly string[]>,
): Promise<{ readonly event: AuditEvent; readonly ended: number }> {
  const token = readLogoutToken(form);
  const { sub, jti, exp } = await validateLogoutToken(token, { ...settings, keys, now: clock.now() });
  const subjectKey = deriveSubjectKey(settings.clientId, sub);
  const now = clock.now();
  const rememberUntil = Math.max(exp * 1000, now) + shortestJtiMemoryMilliseconds;
  if (!(await sessions.rememberJti(subjectKey, hash(jti), now, rememberUntil))) {
    throw new RelyingPartyError('logout_token_replayed', 'the logout token "jti" was used before');
  }
  const { deleted } = await revokeSessions({ sessions, clock }, subjectKey);
  const user = derivePseudonym(settings.clientId, sub);
  return { event: { action: 'sessions_revoked', sessions: deleted, user }, ended: deleted };
}

/**
 * Marks the user's sessions as revoked, then deletes them.
 *
 * @returns how many sessions were deleted
 */
export async function revokeSessions(
  { sessions, clock }: { sessions: Pick<SessionStore, 'markRevoked' | 'deleteAll'>; clock: Clock },
  subjectKey: string,
): Promise<{ readonly deleted: number }> {
  const revokedBefore = clock.now();
  await sessions.markRevoked(subjectKey, revokedBefore, revokedBefore + markLifetimeMilliseconds);
  return { deleted: await sessions.deleteAll(subjectKey) };
}
