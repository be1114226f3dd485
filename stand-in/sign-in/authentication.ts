import type { AuthorizationRequest } from '../authorize/authorization-request.ts';
import type { Person } from '../people/person.ts';
import { nowInSeconds, type Provider } from '../provider.ts';
import type { BrowserSession, SignedIn } from './browser-sessions.ts';

/**
 * Finds the session's sign-in, if it is recent and strong enough for the request, so that the user need not sign in
 * again. It does not consider `prompt`.
 */
export function findSufficientSignIn(
  session: BrowserSession,
  request: AuthorizationRequest,
  provider: Provider,
): SignedIn | undefined {
  const signedIn = session.signedIn;
  if (signedIn === undefined) return undefined;
  if (request.trust.credential === 'Cl.Cm' && signedIn.credential === 'Cl') return undefined;
  const tooOld =
    provider.client.maxAgeEnabled &&
    provider.behaviour.current.maxAge === 'AS_REGISTERED' &&
    request.maxAge !== undefined &&
    signedIn.authTime + request.maxAge < nowInSeconds(provider);
  return tooOld ? undefined : signedIn;
}

/**
 * Signs a person in at One Login. A person with a sufficient sign-in keeps the old `auth_time`, also with
 * `prompt=login`. Another person ends the sign-in of the first.
 */
export function signInAtProvider(
  session: BrowserSession,
  person: Person,
  request: AuthorizationRequest,
  provider: Provider,
): SignedIn {
  const earlier = findSufficientSignIn(session, request, provider);
  if (earlier?.person.id === person.id) return earlier;
  if (session.signedIn !== undefined && session.signedIn.person.id !== person.id) {
    notifyOfLogout(session, provider);
  }
  const signedIn = { person, authTime: nowInSeconds(provider), credential: request.trust.credential };
  session.signedIn = signedIn;
  return signedIn;
}

/**
 * Ends the session of one browser and notifies the service, once for every code that the session got: one user may cause
 * several notifications. Other browsers of the same user stay signed in.
 */
export function endBrowserSession(session: BrowserSession, provider: Provider): void {
  provider.sessions.delete(session.id);
  notifyOfLogout(session, provider);
}

function notifyOfLogout(session: BrowserSession, provider: Provider): void {
  for (const sub of session.issuedCodes.splice(0)) provider.backchannelLogout.notify(sub);
}
