import { type CompleteLoginDependencies, completeLogin } from '../core/flow/complete-login.ts';
import { readBrowserCookie, readCookie, sessionCookie, sessionCookieName } from '../core/session/cookies.ts';
import { parseSessionCredential, serializeSessionCredential } from '../core/session/session-key.ts';
import { renderMessage } from '../http/pages/message.ts';
import type { Pages } from '../http/pages/pages.ts';
import { html, redirect, withCookies } from '../http/response.ts';
import { type RouteHandler, route } from '../http/route.ts';
import type { Logger } from '../telemetry/logger.ts';

export interface CallbackHandlerDependencies extends CompleteLoginDependencies {
  readonly logger: Logger;
  readonly pages: Pages;
}

/** `GET /auth/callback`, the redirect URI */
export function createCallbackHandler(dependencies: CallbackHandlerDependencies): RouteHandler {
  const { logger, pages, settings } = dependencies;
  const { publicUrl } = settings;
  return route({ route: 'callback', logger, pages, publicUrl, format: 'page' }, async (request) => {
    const {
      redirectTo,
      language,
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
          html(200, renderMessage(pages, publicUrl, { page: 'identity-not-proved', language })),
          cookies,
        )
      : redirect(redirectTo, cookies);
  });
}
