import type { RelyingPartyError } from '../core/errors.ts';
import { type EndAllSessionsDependencies, endAllSessions } from '../core/flow/end-all-sessions.ts';
import { withSignal } from '../core/flow/with-signal.ts';
import { readForm } from '../http/request.ts';
import { jsonResponse } from '../http/response.ts';
import { type RouteHandler, route } from '../http/route.ts';
import type { Logger } from '../telemetry/logger.ts';

export interface BackchannelLogoutHandlerDependencies extends EndAllSessionsDependencies {
  readonly logger: Logger;
}

/** `POST /auth/backchannel-logout`: only 200 counts as success. */
export function createBackchannelLogoutHandler(
  dependencies: BackchannelLogoutHandlerDependencies,
): RouteHandler {
  const { logger } = dependencies;
  return route(
    { route: 'backchannel-logout', logger, respond: (error) => refuse(error, logger) },
    async (request, signal) => {
      const { event, ended } = await endAllSessions(withSignal(dependencies, signal), readForm(request));
      logger.audit(event, request.requestId);
      logger.metric({ logout_accepted: 1, logout_refused: 0, logout_failed: 0, sessions_ended: ended }, {});
      return { statusCode: 200, body: '' };
    },
  );
}

/** Responds with 400 or 500 (OIDC Back-Channel Logout 2.8), and counts. */
function refuse({ code, message, definition, context }: RelyingPartyError, logger: Logger) {
  const { fault, status } = definition;
  // An invalid token counts as refused, unless One Login has signed it. Everything else is our failure.
  const refused = Number(fault === 'caller' && !context.genuine);
  logger.metric(
    { logout_accepted: 0, logout_refused: refused, logout_failed: 1 - refused, sessions_ended: 0 },
    {},
  );
  return fault === 'caller'
    ? jsonResponse(status, { error: 'invalid_request', error_description: `${code}: ${message}` })
    : jsonResponse(500, { error: 'server_error', error_description: code });
}
