import { isPrefetch } from '../core/flow/navigation.ts';
import { type ActiveSession, readSession, useSession } from '../core/flow/read-session.ts';
import { withSignal } from '../core/flow/with-signal.ts';
import { readReturnCodes } from '../core/one-login/identity-claims.ts';
import type { Clock, SessionStore } from '../core/ports.ts';
import type { CookieNames } from '../core/session/cookie-names.ts';
import { readSessionCredential } from '../core/session/cookies.ts';
import type { SessionIdentity } from '../core/session/session.ts';
import { respondWithJson } from '../http/errors.ts';
import { queryParameter } from '../http/request.ts';
import { jsonResponse } from '../http/response.ts';
import { type RouteHandler, route } from '../http/route.ts';
import { describeError, type Logger } from '../telemetry/logger.ts';

export interface UserinfoHandlerDependencies {
  readonly sessions: Pick<SessionStore, 'read' | 'extendIdle'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly cookies: CookieNames;
  readonly publicUrl: string;
  /** Milliseconds that a session lives without activity. */
  readonly idleMilliseconds: number;
}

/** `GET /auth/userinfo`: counts as activity, except with `peek=1`, HEAD and prefetches */
export function createUserinfoHandler(dependencies: UserinfoHandlerDependencies): RouteHandler {
  const { logger, cookies, publicUrl, idleMilliseconds } = dependencies;
  return route({ route: 'userinfo', logger, respond: respondWithJson }, async (request, signal) => {
    const bound = withSignal(dependencies, signal);
    const credential = readSessionCredential(request.cookieHeaders, cookies);
    const session =
      queryParameter(request, 'peek') === '1' || request.method === 'HEAD' || isPrefetch(request.headerValues)
        ? await readSession(bound, credential)
        : await useSession(bound, credential, idleMilliseconds);
    if (session === undefined) {
      return jsonResponse(401, { error: 'login_required', login_url: `${publicUrl}/login` });
    }
    if ('extensionFailure' in session) {
      const failure = describeError(session.extensionFailure);
      logger.log('error', 'session_not_extended', {
        route: 'userinfo',
        request_id: request.requestId,
        ...failure,
      });
    }
    return jsonResponse(200, describeSession(session));
  });
}

/** Times are seconds since the epoch, as `auth_time` is (RFC 7519, NumericDate). */
function describeSession({ payload, sealed }: ActiveSession): Record<string, unknown> {
  return {
    sub: payload.sub,
    ...payload.claims,
    ...payload.identity?.claims,
    vot: payload.vot,
    ...(payload.authTime === undefined ? {} : { auth_time: payload.authTime }),
    identity: describeIdentity(payload.identity),
    session: {
      expires_at: Math.floor(sealed.absoluteExpiresAt / 1000),
      idle_expires_at: Math.floor(sealed.idleExpiresAt / 1000),
      language: payload.language,
      ...(payload.reauthenticatedAt === undefined
        ? {}
        : { reauthenticated_at: Math.floor(payload.reauthenticatedAt / 1000) }),
    },
  };
}

/** The outcome is always present, so that an absent identity is not mistaken for a proved one. */
function describeIdentity(identity: SessionIdentity | undefined): Record<string, unknown> {
  const proved = identity?.outcome === 'proved' ? identity : undefined;
  return {
    outcome: identity?.outcome ?? 'not_requested',
    ...(proved && { vot: proved.vot }),
    ...(identity?.outcome === 'not_proved' && { reason: identity.reason }),
    names: proved?.names ?? [],
    birth_dates: proved?.birthDates ?? [],
    ...(proved?.requestedClaims && { claims: proved.requestedClaims }),
    return_codes: identity === undefined ? [] : readReturnCodes(identity.claims),
  };
}
