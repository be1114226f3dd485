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

/** The settings of sign-in. */
export interface LoginSettings extends AuthenticationSettings, ReturnPolicy {
  readonly vtr: readonly VectorOfTrust[];
  /** Absent when the service proves no identities. */
  readonly identity?: IdentitySettings;
}

/** The settings of identity requests. */
export interface IdentitySettings {
  readonly vtr: readonly VectorOfTrust[];
  /** Full names of the userinfo claims. */
  readonly claims: readonly string[];
  /** The page for users whose in-person check has a result. */
  readonly inPersonReturnUrl: ReturnAddress;
}

/** A request to one of the routes that redirect to One Login. */
export interface BeginLoginRequest extends LanguageRequest {
  /** As the caller sent it. */
  readonly returnTo: string | undefined;
  /** Whether the callback repeats the request, see `LoginAttempt`. */
  readonly repeats: boolean;
  /** The value of a browser cookie. */
  readonly browserSecret: string | undefined;
  /** From the session cookie. The session may be gone. */
  readonly sessionCredential: SessionCredential | undefined;
}

/** The session is enough: no request to One Login is needed. */
export interface AlreadySignedIn {
  readonly kind: 'already_signed_in';
  readonly redirectTo: ReturnAddress;
}

/**
 * Starts authentication, unless the user has a session that was authenticated strongly and, where `max_age` is
 * configured, recently enough. So Back and a bookmark of the login page work.
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
