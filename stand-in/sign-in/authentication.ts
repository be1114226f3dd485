import type { AuthorizationRequest } from '../authorize/authorization-request.ts';
import type { Person } from '../people/person.ts';
import { nowInSeconds, type Provider } from '../provider.ts';
import type { BrowserSession, SignedIn } from './browser-sessions.ts';
import { tellOfLogout } from './end-session.ts';

/**
 * The session's user, if that sign-in is recent and strong enough for the request: then nobody is asked to sign in
 * again. `prompt` is not considered here.
 */
export function sufficientSignIn(
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
 * Signs a person in at One Login. Who is signed in already, recently and strongly enough, keeps the old
 * `auth_time`, after `prompt=login` as well. Somebody else ends what went before.
 */
export function signInAtProvider(
  session: BrowserSession,
  person: Person,
  request: AuthorizationRequest,
  provider: Provider,
): SignedIn {
  const earlier = sufficientSignIn(session, request, provider);
  if (earlier?.person.id === person.id) return earlier;
  if (session.signedIn !== undefined && session.signedIn.person.id !== person.id)
    tellOfLogout(session, provider);
  const signedIn = { person, authTime: nowInSeconds(provider), credential: request.trust.credential };
  session.signedIn = signedIn;
  return signedIn;
}
