import { RelyingPartyError } from '../core/errors.ts';
import { type EndSessionDependencies, endSession } from '../core/flow/end-session.ts';
import { languageOfSession } from '../core/flow/language.ts';
import { clearedSessionCookie, readCookie, sessionCookieName } from '../core/session/cookies.ts';
import { parseSessionCredential } from '../core/session/session-key.ts';
import { otherLanguage, preferredLanguage } from '../http/language.ts';
import type { Pages } from '../http/pages/pages.ts';
import { type HttpRequest, languageParameter, queryParameter } from '../http/request.ts';
import { html, nothingDone, redirect } from '../http/response.ts';
import { type RouteHandler, route } from '../http/route.ts';
import { securityHeaders } from '../http/security-headers.ts';
import type { Logger } from '../telemetry/logger.ts';

export interface LogoutHandlerDependencies extends EndSessionDependencies {
  readonly logger: Logger;
  readonly pages: Pages;
}

/** `GET` and `POST /auth/logout`, `GET /auth/signed-out` */
export function createLogoutHandler(dependencies: LogoutHandlerDependencies): RouteHandler {
  const { logger, pages, publicUrl } = dependencies;
  const options = {
    route: 'logout',
    logger,
    pages,
    publicUrl,
    format: 'page',
    signsOut: true,
  } as const;
  return route(options, async (request) => {
    switch (request.resource) {
      case '/auth/signed-out':
        return signedOut(request);
      case '/auth/logout':
        if (request.method === 'HEAD') return nothingDone();
        return isOurOwn(request, publicUrl) ? signOut(request) : askFirst(request);
      default:
        throw new RelyingPartyError('not_found', 'the logout function has no such route');
    }
  });

  async function signOut(request: HttpRequest) {
    const credential = credentialOf(request);
    const language = languageParameter(request, 'lang');
    const { redirectTo, audit } = await endSession(dependencies, credential, language);
    for (const event of audit) {
      logger.audit(event, request.requestId);
      logger.metric({ signed_out: 1 }, {});
    }
    return redirect(redirectTo, [clearedSessionCookie()]);
  }

  async function askFirst(request: HttpRequest) {
    const language =
      languageParameter(request, 'lang') ??
      (await languageOfSession(dependencies.sessions, credentialOf(request))) ??
      preferredLanguage(request);
    // Browsers hold the redirects that follow a form against form-action as well (CSP Level 3, 6.4.1), and the
    // sign-out goes on to One Login and back. The page has one form and no content that anyone else supplies.
    const policy = securityHeaders['Content-Security-Policy']?.replace(" form-action 'self';", '') ?? '';
    // A link on our own page asks for what its address says: to change the language is not to sign out.
    const languageUrl = `${publicUrl}/logout?ask=1&lang=${otherLanguage(language)}`;
    return html(200, pages.render('confirm-sign-out', language, { languageUrl }), {
      'Content-Security-Policy': policy,
    });
  }

  /** One Login brings back as `state` what language it was. */
  function signedOut(request: HttpRequest) {
    const language =
      languageParameter(request, 'lang') ?? languageParameter(request, 'state') ?? preferredLanguage(request);
    const languageUrl = `${publicUrl}/signed-out?lang=${otherLanguage(language)}`;
    return html(200, pages.render('signed-out', language, { languageUrl }));
  }
}

/**
 * Whether the user asked for it on a page of this very origin, or typed the address (Fetch Metadata). Sibling hosts
 * count as strangers: SameSite cookies do not keep them out. A browser that merely fetches ahead what may be wanted,
 * which it tells by `Sec-Purpose` (Fetch Standard), has not been asked by anybody. With `ask` in the address, whose ever
 * link it was, the page asks.
 */
function isOurOwn(request: HttpRequest, publicUrl: string): boolean {
  if (queryParameter(request, 'ask') !== undefined) return false;
  const site = request.header('sec-fetch-site');
  if (request.method === 'POST') {
    return site === 'same-origin' || request.header('origin') === new URL(publicUrl).origin;
  }
  return (site === 'same-origin' || site === 'none') && request.header('sec-purpose') === undefined;
}

function credentialOf(request: HttpRequest) {
  return parseSessionCredential(readCookie(request.cookieHeaders, sessionCookieName));
}
