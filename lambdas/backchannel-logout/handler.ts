import { type EndAllSessionsDependencies, endAllSessions } from '../core/flow/end-all-sessions.ts';
import { readForm } from '../http/form.ts';
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
  return route({ route: 'backchannel-logout', logger, format: 'backchannel-logout' }, async (request) => {
    logger.audit(await endAllSessions(dependencies, readForm(request)), request.requestId);
    return { statusCode: 200, body: '' };
  });
}
