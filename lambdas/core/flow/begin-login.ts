import type { Language } from '../language.ts';
import type { PlaceStore, SessionStore } from '../ports.ts';
import type { SessionPayload } from '../session/session.ts';
import type { SessionCredential } from '../session/session-key.ts';
import {
  type AuthenticationSettings,
  type BeginAuthenticationDependencies,
  type BeginAuthenticationRequest,
  type BegunAuthentication,
  beginAuthentication,
} from './begin-authentication.ts';
import { chooseJourney, type Journey, type JourneySettings, keepLevel, satisfiesJourney } from './journey.ts';
import { readSession } from './read-session.ts';
import { type ReturnAddress, type ReturnPolicy, validateReturnTo } from './return-to.ts';

export interface BeginLoginDependencies extends BeginAuthenticationDependencies {
  readonly sessions: Pick<SessionStore, 'read'>;
  readonly places: PlaceStore;
  readonly settings: LoginSettings;
}

/** The settings of sign-in. */
export interface LoginSettings extends AuthenticationSettings, JourneySettings, ReturnPolicy {
  /** Absent when the service proves no identities. */
  readonly identity?: IdentitySettings;
}

/** The settings of identity requests. */
export interface IdentitySettings extends Pick<Journey, 'vtr' | 'claims'> {
  /** The page for users whose in-person check has a result. */
  readonly inPersonReturnUrl: ReturnAddress;
}

/** A request to one of the routes that redirect to One Login. */
export interface BeginLoginRequest {
  /** The language that the request names, if any. Without it, the session's is used, else the browser's. */
  readonly language: Language | undefined;
  /** The language that the browser prefers. */
  readonly browserLanguage: Language;
  /** As the caller sent it. */
  readonly returnTo: string | undefined;
  /** Every name of a journey that the request has. */
  readonly journeys: readonly string[];
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
 *
 * @throws RelyingPartyError `journey_unknown`
 */
export async function beginLogin(
  dependencies: BeginLoginDependencies,
  request: BeginLoginRequest,
): Promise<BegunAuthentication | AlreadySignedIn> {
  const { settings, clock } = dependencies;
  const journey = chooseJourney(settings, 'login', request.journeys);
  const { session, ...asked } = await prepareAuthentication(dependencies, request);
  if (session !== undefined && satisfiesJourney(session, journey, clock.now())) {
    return { kind: 'already_signed_in', redirectTo: asked.returnTo };
  }
  return beginAuthentication(dependencies, {
    ...asked,
    purpose: 'login',
    journey: { ...journey, vtr: keepLevel(journey.vtr, session) },
  });
}

/** Reads what a request to One Login takes from the user's request, and the session, if there is one. */
export async function prepareAuthentication(
  dependencies: BeginLoginDependencies,
  request: BeginLoginRequest,
): Promise<
  { readonly session: SessionPayload | undefined } & Omit<BeginAuthenticationRequest, 'purpose' | 'journey'>
> {
  const { sessionCredential, browserSecret, repeats, language, browserLanguage } = request;
  const session = (await readSession(dependencies, sessionCredential))?.payload;
  return {
    session,
    browserSecret,
    repeats,
    language: language ?? session?.language ?? browserLanguage,
    ...(sessionCredential ? { subjectKey: sessionCredential.subjectKey } : {}),
    returnTo: validateReturnTo(request.returnTo, dependencies.settings),
  };
}
