import { randomBytes } from 'node:crypto';
import type { Clock } from '../../lambdas/core/ports.ts';
import type { CredentialTrust } from '../authorize/authorization-request.ts';
import type { Person } from '../people/person.ts';
import type { Journey } from './journeys.ts';

/** How long a browser stays signed in at One Login between requests. */
const lifetimeMilliseconds = 2 * 60 * 60 * 1000;

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
  expiresAt: number;
}

/** The sessions of browsers. */
export class BrowserSessions {
  readonly #sessions = new Map<string, BrowserSession>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param id the cookie's value */
  find(id: string | undefined): BrowserSession | undefined {
    const session = id === undefined ? undefined : this.#sessions.get(id);
    return session === undefined || session.expiresAt <= this.#clock.now() ? undefined : session;
  }

  /** Finds the session and extends it by two hours, or begins one. */
  resume(id: string | undefined): BrowserSession {
    const session = this.find(id) ?? this.#begin();
    session.expiresAt = this.#clock.now() + lifetimeMilliseconds;
    return session;
  }

  end(session: BrowserSession): void {
    this.#sessions.delete(session.id);
  }

  endAll(): void {
    this.#sessions.clear();
  }

  #begin(): BrowserSession {
    const session: BrowserSession = {
      id: randomBytes(32).toString('base64url'),
      currentJourney: undefined,
      signedIn: undefined,
      issuedCodes: [],
      expiresAt: 0,
    };
    this.#sessions.set(session.id, session);
    return session;
  }
}

/** The Set-Cookie value for a session. Its name has the port, because browsers share cookies between the ports of a host. */
export function sessionCookie(port: number, session: BrowserSession): string {
  return `${sessionCookieName(port)}=${session.id}; Path=/; HttpOnly; SameSite=Lax`;
}

/** The Set-Cookie value that removes it. */
export function noSessionCookie(port: number): string {
  return `${sessionCookieName(port)}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0`;
}

export function sessionCookieName(port: number): string {
  return `one-login-stand-in-${port}`;
}
