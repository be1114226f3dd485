import { readCookie } from '../../lambdas/core/session/cookies.ts';
import type { AuthorizationRequest, CredentialTrust } from '../authorize/authorization-request.ts';
import { type ExpiringMap, randomId } from '../expiring-map.ts';
import type { Person } from '../people/person.ts';
import type { Received } from '../server/message.ts';

/** A user's way through One Login, from the request to the redirect. */
export interface Journey {
  /** A field of the forms. */
  readonly id: string;
  readonly request: AuthorizationRequest;
}

/** A sign-in: the person, the time and the credential. */
export interface SignedIn {
  readonly person: Person;
  /** Seconds since the epoch. */
  readonly authTime: number;
  readonly credential: CredentialTrust;
}

/** The session of one browser. */
export interface BrowserSession {
  readonly id: string;
  /** The journey that began last in any tab. */
  currentJourney: Journey | undefined;
  signedIn: SignedIn | undefined;
  /** The subject of each code that was issued. Each gets a notification of the logout, some more than one. */
  readonly issuedCodes: string[];
}

interface SessionStore {
  readonly port: number;
  readonly sessions: ExpiringMap<BrowserSession>;
}

/** The session of the browser that sent the request. */
export function findSession({ headers }: Received, { port, sessions }: SessionStore) {
  return sessions.find(readCookie([headers.cookie ?? ''], cookieName(port)));
}

/** Finds the session and extends it, or begins one. */
export function resumeSession(received: Received, store: SessionStore): BrowserSession {
  const session = findSession(received, store) ?? {
    id: randomId(),
    currentJourney: undefined,
    signedIn: undefined,
    issuedCodes: [],
  };
  store.sessions.set(session.id, session);
  return session;
}

/** The Set-Cookie value for a session. */
export function sessionCookie({ port }: SessionStore, session: BrowserSession): string {
  return `${cookieName(port)}=${session.id}; Path=/; HttpOnly; SameSite=Lax`;
}

/** The Set-Cookie value that removes it. */
export function noSessionCookie({ port }: SessionStore): string {
  return `${cookieName(port)}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0`;
}

/** The name has the port, because browsers share cookies between the ports of a host. */
function cookieName(port: number): string {
  return `one-login-stand-in-${port}`;
}
