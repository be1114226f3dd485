import { type AuditEvent, buildIdentityEvent, derivePseudonym } from '../audit.ts';
import { RelyingPartyError } from '../errors.ts';
import type { Clock, SessionStore } from '../ports.ts';
import { computeExpiries, type SessionLifetimes } from '../session/lifetimes.ts';
import { sealSession } from '../session/seal.ts';
import type { SessionIdentity } from '../session/session.ts';
import {
  createSessionCredential,
  deriveSessionKey,
  deriveSubjectKey,
  type SessionCredential,
} from '../session/session-key.ts';
import type { ExchangedCode } from './exchange-code.ts';
import { combineIdentities, type Journeys, readJourney } from './journey.ts';
import type { LoginAttempt } from './login-attempt.ts';
import { type ReadSessionDependencies, readSession } from './read-session.ts';
import type { ReturnAddress } from './return-to.ts';
import { storeUnlessRevoked } from './store-unless-revoked.ts';

export interface EstablishSessionDependencies {
  readonly sessions: Omit<SessionStore, 'deleteAll' | 'rememberJti'>;
  readonly clock: Clock;
  readonly settings: {
    readonly clientId: string;
    readonly defaultPage: ReturnAddress;
    readonly lifetimes: SessionLifetimes;
    /** With journeys, a session keeps what the user has proved in another one. */
    readonly journeys: Journeys;
  };
}

export interface EstablishSessionRequest extends ExchangedCode {
  /** Undefined when no identity was requested. */
  readonly identity: SessionIdentity | undefined;
  readonly attempt: LoginAttempt;
  /** When the callback began. */
  readonly beganAt: number;
  /** The credential of the session that the new one replaces. */
  readonly sessionCredential: SessionCredential | undefined;
}

export interface EstablishedSession {
  readonly redirectTo: ReturnAddress;
  readonly sessionCredential: SessionCredential;
  readonly audit: readonly AuditEvent[];
  /** Why the replaced session could not be deleted. Absent when it was, or there was none. */
  readonly replacedSessionLeft?: unknown;
}

/**
 * Stores a session with a new token, in place of the one that the browser had.
 *
 * @throws RelyingPartyError `reauthenticated_as_another`: the session was ended and the user is signed out
 */
export async function establishSession(
  { sessions, clock, settings }: EstablishSessionDependencies,
  {
    idToken,
    userInfo,
    identity,
    attempt,
    beganAt,
    sessionCredential: replacedCredential,
  }: EstablishSessionRequest,
): Promise<EstablishedSession> {
  const subjectKey = deriveSubjectKey(settings.clientId, idToken.sub);
  const replaced = replacedCredential && deriveSessionKey(replacedCredential);
  const anotherUser = attempt.subjectKey !== undefined && attempt.subjectKey !== subjectKey;
  const reauthenticated = attempt.purpose === 'reauthenticate';
  if (anotherUser && reauthenticated) {
    if (replaced !== undefined) await sessions.delete(replaced);
    throw new RelyingPartyError(
      'reauthenticated_as_another',
      'another user signed in than the one who was to re-authenticate',
      { endsSession: true },
    );
  }

  const keepsIdentity =
    reauthenticated || (settings.journeys.size > 0 && attempt.purpose !== 'in-person-return');
  const knownIdentity = combineIdentities(
    keepsIdentity
      ? await readIdentityOfSameUser({ sessions, clock }, replacedCredential, idToken.sub)
      : undefined,
    identity,
    readJourney(attempt),
  );
  const sessionCredential = createSessionCredential(subjectKey);
  const now = clock.now();
  const session = sealSession(
    {
      sub: idToken.sub,
      vot: idToken.vot,
      ...(idToken.auth_time === undefined ? {} : { authTime: idToken.auth_time }),
      idToken: idToken.raw,
      claims: userInfo.claims,
      language: attempt.language,
      signedInAt: now,
      ...(reauthenticated ? { reauthenticatedAt: now } : {}),
      ...(knownIdentity === undefined ? {} : { identity: knownIdentity }),
    },
    sessionCredential,
    computeExpiries(settings.lifetimes, now),
  );
  const stored = await storeUnlessRevoked(sessions, clock, session, {
    beganAt,
    browserHash: attempt.browserHash,
    replaced,
  });
  const user = derivePseudonym(settings.clientId, idToken.sub);
  return {
    ...stored,
    redirectTo: anotherUser ? settings.defaultPage : attempt.returnTo,
    sessionCredential,
    audit: [
      { action: reauthenticated ? 'reauthenticated' : 'signed_in', user },
      ...(identity === undefined ? [] : [buildIdentityEvent(identity, user)]),
    ],
  };
}

/**
 * Reads the identity that was proved before. Another user may have signed in with the browser
 * meanwhile: their identity is not taken.
 */
async function readIdentityOfSameUser(
  dependencies: ReadSessionDependencies,
  credential: SessionCredential | undefined,
  sub: string,
): Promise<SessionIdentity | undefined> {
  const session = await readSession(dependencies, credential);
  return session?.payload.sub === sub ? session.payload.identity : undefined;
}
