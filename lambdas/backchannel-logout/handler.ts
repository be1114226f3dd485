import { type EndAllSessionsDependencies, endAllSessions } from '../core/flow/end-all-sessions.ts';
import { withSignal } from '../core/flow/with-signal.ts';
import { readForm } from '../http/request.ts';
import { type RouteHandler, route } from '../http/route.ts';
import type { Logger } from '../telemetry/logger.ts';

export interface BackchannelLogoutHandlerDependencies extends EndAllSessionsDependencies {
  readonly logger: Logger;
}

/** `POST /auth/backchannel-logout`: 200 and nothing else counts as success. */
export function createBackchannelLogoutHandler(
  dependencies: BackchannelLogoutHandlerDependencies,
): RouteHandler {
  const { logger } = dependencies;
  return route(
    { route: 'backchannel-logout', logger, format: 'backchannel-logout' },
    async (request, signal) => {
      const { event, ended } = await endAllSessions(withSignal(dependencies, signal), readForm(request));
      logger.audit(event, request.requestId);
      logger.metric({ logout_accepted: 1, logout_refused: 0, logout_failed: 0, sessions_ended: ended }, {});
      return { statusCode: 200, body: '' };
    },
  );
}
