import { RelyingPartyError } from '../core/errors.ts';
import { type EndSessionDependencies, endSession } from '../core/flow/end-session.ts';
import { clearedSessionCookie, readCookie, sessionCookieName } from '../core/session/cookies.ts';
import { parseSessionCredential } from '../core/session/session-key.ts';
import { renderConfirmSignOutPage, renderSignedOutPage } from '../http/pages/sign-out-pages.ts';
import { type HttpRequest, languageParameter } from '../http/request.ts';
import { html, redirect } from '../http/response.ts';
import { type RouteHandler, route } from '../http/route.ts';
import { securityHeaders } from '../http/security-headers.ts';
import type { Logger } from '../telemetry/logger.ts';

export interface LogoutHandlerDependencies extends EndSessionDependencies {
  readonly logger: Logger;
  readonly serviceName: string;
  readonly defaultPage: string;
}

/** `GET` and `POST /auth/logout`, `GET /auth/signed-out` */
export function createLogoutHandler(dependencies: LogoutHandlerDependencies): RouteHandler {
  const { logger, serviceName, publicUrl, defaultPage } = dependencies;
  const options = {
    route: 'logout',
    logger,
    serviceName,
    publicUrl,
    format: 'page',
    signsOut: true,
  } as const;
  return route(options, async (request) => {
    switch (request.resource) {
      case '/auth/signed-out':
        return html(200, renderSignedOutPage({ serviceName, defaultPage }));
      case '/auth/logout':
        return isOurOwn(request, publicUrl) ? signOut(request) : askFirst();
      default:
        throw new RelyingPartyError('not_found', 'the logout function has no such route');
    }
  });

  async function signOut(request: HttpRequest) {
    const credential = parseSessionCredential(readCookie(request.cookieHeaders, sessionCookieName));
    const language = languageParameter(request, 'lang');
    const { redirectTo, audit } = await endSession(dependencies, credential, language);
    for (const event of audit) {
      logger.audit(event, request.requestId);
      logger.metric({ signed_out: 1 }, {});
    }
    return redirect(redirectTo, [clearedSessionCookie()]);
  }

  function askFirst() {
    // Browsers hold the redirects that follow a form against form-action as well (CSP Level 3, 6.4.1), and the
    // sign-out goes on to One Login and back. The page has one form and no content that anyone else supplies.
    const policy = securityHeaders['Content-Security-Policy']?.replace(" form-action 'self';", '') ?? '';
    return html(200, renderConfirmSignOutPage({ serviceName, publicUrl }), {
      'Content-Security-Policy': policy,
    });
  }
}

/**
 * Whether the user asked for it on a page of this very origin, or typed the address (Fetch Metadata). Sibling hosts
 * count as strangers: SameSite cookies do not keep them out. A browser that merely fetches ahead what may be wanted,
 * which it tells by `Sec-Purpose` (Fetch Standard), has not been asked by anybody.
 */
function isOurOwn(request: HttpRequest, publicUrl: string): boolean {
  const site = request.header('sec-fetch-site');
  if (request.method === 'POST') {
    return site === 'same-origin' || request.header('origin') === new URL(publicUrl).origin;
  }
  return (site === 'same-origin' || site === 'none') && request.header('sec-purpose') === undefined;
}
