import { type CompleteLoginDependencies, completeLogin } from '../core/flow/complete-login.ts';
import { readBrowserCookie, readCookie, sessionCookie, sessionCookieName } from '../core/session/cookies.ts';
import { parseSessionCredential, serializeSessionCredential } from '../core/session/session-key.ts';
import { renderNotProvedPage } from '../http/pages/identity-pages.ts';
import { html, redirect, withCookies } from '../http/response.ts';
import { type RouteHandler, route } from '../http/route.ts';
import type { Logger } from '../telemetry/logger.ts';

export interface CallbackHandlerDependencies extends CompleteLoginDependencies {
  readonly logger: Logger;
  readonly serviceName: string;
}

/** `GET /auth/callback`, the redirect URI */
export function createCallbackHandler(dependencies: CallbackHandlerDependencies): RouteHandler {
  const { logger, serviceName, settings } = dependencies;
  return route(
    { route: 'callback', logger, serviceName, publicUrl: settings.publicUrl, format: 'page' },
    async (request) => {
      const {
        redirectTo,
        sessionCredential: credential,
        audit,
      } = await completeLogin(dependencies, {
        query: request.query,
        browserSecret: readBrowserCookie(request.cookieHeaders),
        sessionCredential: parseSessionCredential(readCookie(request.cookieHeaders, sessionCookieName)),
      });
      for (const event of audit) logger.audit(event, request.requestId);
      const cookies = credential ? [sessionCookie(serializeSessionCredential(credential))] : [];
      return redirectTo === undefined
        ? withCookies(
            html(200, renderNotProvedPage({ serviceName, continueUrl: settings.defaultPage })),
            cookies,
          )
        : redirect(redirectTo, cookies);
    },
  );
}
