import {
  readLevelOfConfidence,
  sufficesAsCredential,
  sufficesAsIdentity,
  type VectorOfTrust,
} from '../one-login/vector-of-trust.ts';
import type { Clock, SessionStore } from '../ports.ts';
import type { CookieNames } from '../session/cookie-names.ts';
import { readSessionCredential } from '../session/cookies.ts';
import type { SessionPayload } from '../session/session.ts';
import { readSession, type UsedSession, useSession } from './read-session.ts';
import { mayUseCookie, type RequestOrigin } from './same-origin.ts';

/** The parts of a request to one of the service's own routes that decide whether it may go on. */
export interface RequestToAuthorize extends RequestOrigin {
  /** The Cookie header's values. */
  readonly cookieHeaders: readonly string[];
  /** Whether the browser fetches the page ahead, see `navigation.ts`. */
  readonly isPrefetch: boolean;
}

/** What a route requires. */
export interface AuthorizationSettings {
  /** The session must have reached this level, or a better one. */
  readonly level: VectorOfTrust;
  readonly ownOrigin: string;
  readonly trustedOrigins: readonly string[];
  readonly idleMilliseconds: number;
  readonly cookies: CookieNames;
}

/** What is missing from the session of a user who is signed in. */
export type InsufficientLevel = 'insufficient_authentication' | 'insufficient_identity';

/** Whether a request may go on, and if not, why. */
export type Authorization =
  | { readonly kind: 'authorized'; readonly session: SessionPayload; readonly extensionFailure?: unknown }
  | { readonly kind: 'login_required' }
  | { readonly kind: InsufficientLevel; readonly extensionFailure?: unknown }
  | { readonly kind: 'cross_site_request' };

/**
 * Decides whether a request may go on. It may when its cookie belongs to a session that has not expired and has reached
 * the level, and, if it can change anything, when it comes from the service's own pages. It counts as activity, unless
 * the browser fetches the page ahead.
 *
 * @throws RelyingPartyError `dynamodb_unavailable`. The request is then refused
 */
export async function authorizeRequest(
  dependencies: { readonly sessions: Pick<SessionStore, 'read' | 'extendIdle'>; readonly clock: Clock },
  settings: AuthorizationSettings,
  request: RequestToAuthorize,
): Promise<Authorization> {
  if (!mayUseCookie(request, settings)) return { kind: 'cross_site_request' };
  const credential = readSessionCredential(request.cookieHeaders, settings.cookies);
  const session: UsedSession | undefined = request.isPrefetch
    ? await readSession(dependencies, credential)
    : await useSession(dependencies, credential, settings.idleMilliseconds);
  if (session === undefined) return { kind: 'login_required' };
  const { payload, extensionFailure } = session;
  const lacking = findMissingLevel(payload, settings.level);
  return lacking === undefined
    ? { kind: 'authorized', session: payload, extensionFailure }
    : { kind: lacking, extensionFailure };
}

/** Only a proved identity counts, at the level or better. That it was requested does not count. */
function findMissingLevel(
  { vot, identity }: SessionPayload,
  level: VectorOfTrust,
): InsufficientLevel | undefined {
  if (!sufficesAsCredential(vot, level)) return 'insufficient_authentication';
  if (readLevelOfConfidence(level) === undefined) return undefined;
  const proved = identity?.outcome === 'proved' && sufficesAsIdentity(identity.vot, level);
  return proved ? undefined : 'insufficient_identity';
}
