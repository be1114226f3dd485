import { type CompleteLoginDependencies, completeLogin } from '../core/flow/complete-login.ts';
import type { LoginPurpose } from '../core/flow/login-attempt.ts';
import { readBrowserCookie, readCookie, sessionCookie, sessionCookieName } from '../core/session/cookies.ts';
import { parseSessionCredential, serializeSessionCredential } from '../core/session/session-key.ts';
import { renderNotProvedPage } from '../http/pages/identity-pages.ts';
import { html, redirect, withCookies } from '../http/response.ts';
import { type RouteHandler, route } from '../http/route.ts';
import type { Logger } from '../telemetry/logger.ts';

export interface CallbackHandlerDependencies extends Omit<CompleteLoginDependencies, 'onReturn'> {
  readonly logger: Logger;
  readonly serviceName: string;
}

/** `GET /auth/callback`, the redirect URI */
export function createCallbackHandler(dependencies: CallbackHandlerDependencies): RouteHandler {
  const { logger, serviceName, settings } = dependencies;
  const onReturn = (purpose: LoginPurpose) => logger.metric({ returned: 1, signed_in: 0 }, { purpose });
  return route(
    { route: 'callback', logger, serviceName, publicUrl: settings.publicUrl, format: 'page' },
    async (request) => {
      const {
        redirectTo,
        sessionCredential: credential,
        purpose,
        audit,
      } = await completeLogin(
        { ...dependencies, onReturn },
        {
          query: request.query,
          browserSecret: readBrowserCookie(request.cookieHeaders),
          sessionCredential: parseSessionCredential(readCookie(request.cookieHeaders, sessionCookieName)),
        },
      );
      for (const event of audit) {
        logger.audit(event, request.requestId);
        if (event.action !== 'identity_checked') continue;
        logger.metric({ identity_checked: 1 }, { outcome: event.outcome });
      }
      if (purpose !== undefined) logger.metric({ signed_in: 1 }, { purpose });
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
