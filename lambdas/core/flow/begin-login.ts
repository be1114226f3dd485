import { sufficesAsCredential, type VectorOfTrust } from '../one-login/vector-of-trust.ts';
import type { SessionStore } from '../ports.ts';
import type { SessionPayload } from '../session/session.ts';
import type { SessionCredential } from '../session/session-key.ts';
import {
  type AuthenticationSettings,
  type BeginAuthenticationDependencies,
  type BegunAuthentication,
  beginAuthentication,
} from './begin-authentication.ts';
import { readSession } from './read-session.ts';
import { type ReturnAddress, type ReturnPolicy, validateReturnTo } from './return-to.ts';
import { chooseLanguage, type LanguageRequest } from './session-language.ts';

export interface BeginLoginDependencies extends BeginAuthenticationDependencies {
  readonly sessions: Pick<SessionStore, 'read'>;
  readonly settings: LoginSettings;
}

/** What the configuration says of sign-in. */
export interface LoginSettings extends AuthenticationSettings, ReturnPolicy {
  readonly vtr: readonly VectorOfTrust[];
  /** Absent when the service proves no identities. */
  readonly identity?: IdentitySettings;
}

/** What the configuration says of identity requests. */
export interface IdentitySettings {
  readonly vtr: readonly VectorOfTrust[];
  /** Full names of the userinfo claims. */
  readonly claims: readonly string[];
  /** Where users go whose in-person check has a result. */
  readonly inPersonReturnUrl: ReturnAddress;
}

/** What every route that leads to One Login is asked. */
export interface BeginLoginRequest extends LanguageRequest {
  /** As the caller sent it. */
  readonly returnTo: string | undefined;
  /** Whether the callback asks for this again, see `LoginAttempt`. */
  readonly repeats: boolean;
  /** The value of a browser cookie. */
  readonly browserSecret: string | undefined;
  /** Of the session cookie, whether or not the session is still there. */
  readonly sessionCredential: SessionCredential | undefined;
}

/** Nothing is to be done: the session says it all. */
export interface AlreadySignedIn {
  readonly kind: 'already_signed_in';
  readonly redirectTo: ReturnAddress;
}

/**
 * Starts authentication, unless the user has a session that was authenticated strongly and, where `max_age` is
 * configured, recently enough: so Back and bookmarks of the login page lead on.
 */
export async function beginLogin(
  dependencies: BeginLoginDependencies,
  request: BeginLoginRequest,
): Promise<BegunAuthentication | AlreadySignedIn> {
  const { settings, clock } = dependencies;
  const { sessionCredential, browserSecret } = request;
  const redirectTo = validateReturnTo(request.returnTo, settings);
  const session = await readSession(dependencies, sessionCredential);
  if (session !== undefined && suffices(session.payload, settings, clock.now())) {
    return { kind: 'already_signed_in', redirectTo };
  }
  return beginAuthentication(dependencies, {
    browserSecret,
    language: chooseLanguage(request, session),
    purpose: 'login',
    vtr: settings.vtr,
    repeats: request.repeats,
    ...(sessionCredential ? { subjectKey: sessionCredential.subjectKey } : {}),
    returnTo: redirectTo,
  });
}

function suffices(session: SessionPayload, { vtr, maxAge }: LoginSettings, now: number): boolean {
  return isRecent(session, maxAge, now) && vtr.some((asked) => sufficesAsCredential(session.vot, asked));
}

/** Whether the user authenticated no longer ago than `max_age` allows. */
export function isRecent({ authTime }: SessionPayload, maxAge: number | undefined, now: number): boolean {
  return maxAge === undefined || (authTime !== undefined && now / 1000 <= authTime + maxAge);
}
