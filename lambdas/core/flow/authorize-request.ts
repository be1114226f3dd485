import {
  readLevelOfConfidence,
  sufficesAsCredential,
  sufficesAsIdentity,
  type VectorOfTrust,
} from '../one-login/vector-of-trust.ts';
import type { Clock, SessionStore } from '../ports.ts';
import { readSessionCredential } from '../session/cookies.ts';
import type { SessionPayload } from '../session/session.ts';
import { readSession, type UsedSession, useSession } from './read-session.ts';
import { mayUseCookie, type RequestOrigin } from './same-origin.ts';

/** A request to one of the service's own routes, as far as it matters who sent it. */
export interface RequestToAuthorize extends RequestOrigin {
  /** The Cookie header's values. */
  readonly cookieHeaders: readonly string[];
  /** Whether a page is fetched ahead, see `navigation.ts`. */
  readonly isPrefetch: boolean;
}

/** What a route asks of its callers. */
export interface AuthorizationSettings {
  /** What the session must have reached, or better. */
  readonly level: VectorOfTrust;
  readonly ownOrigin: string;
  readonly trustedOrigins: readonly string[];
  readonly idleMilliseconds: number;
}

/** What a user who is signed in lacks. */
export type InsufficientLevel = 'insufficient_authentication' | 'insufficient_identity';

/** Whether a request may go on, and if not, why. */
export type Authorization =
  | { readonly kind: 'authorized'; readonly session: SessionPayload; readonly extensionFailure?: unknown }
  | { readonly kind: 'login_required' }
  | { readonly kind: InsufficientLevel; readonly extensionFailure?: unknown }
  | { readonly kind: 'cross_site_request' };

/**
 * Decides whether a request may go on: it comes from the service's own pages if it changes anything, its cookie has a
 * session that has not expired, and that session has reached the level. It counts as activity, unless it is fetched
 * ahead.
 *
 * @throws RelyingPartyError `dynamodb_unavailable`: then it can't be known, which is no "yes"
 */
export async function authorizeRequest(
  dependencies: { readonly sessions: Pick<SessionStore, 'read' | 'extendIdle'>; readonly clock: Clock },
  settings: AuthorizationSettings,
  request: RequestToAuthorize,
): Promise<Authorization> {
  if (!mayUseCookie(request, settings)) return { kind: 'cross_site_request' };
  const credential = readSessionCredential(request.cookieHeaders);
  const session: UsedSession | undefined = request.isPrefetch
    ? await readSession(dependencies, credential)
    : await useSession(dependencies, credential, settings.idleMilliseconds);
  if (session === undefined) return { kind: 'login_required' };
  const { payload, extensionFailure } = session;
  const lacking = lackingIn(payload, settings.level);
  return lacking === undefined
    ? { kind: 'authorized', session: payload, extensionFailure }
    : { kind: lacking, extensionFailure };
}

/** Identity counts only where it was proved, at the level or better: never that it was asked for. */
function lackingIn({ vot, identity }: SessionPayload, level: VectorOfTrust): InsufficientLevel | undefined {
  if (!sufficesAsCredential(vot, level)) return 'insufficient_authentication';
  if (readLevelOfConfidence(level) === undefined) return undefined;
  const proved = identity?.outcome === 'proved' && sufficesAsIdentity(identity.vot, level);
  return proved ? undefined : 'insufficient_identity';
}
