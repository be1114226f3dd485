import { RelyingPartyError } from '../core/errors.ts';
import { type EndSessionDependencies, endSession } from '../core/flow/end-session.ts';
import { isPassedOn } from '../core/flow/navigation.ts';
import { type ReadSessionDependencies, readSession } from '../core/flow/read-session.ts';
import { parseReturnTo, type ReturnAddress, type ReturnPolicy } from '../core/flow/return-to.ts';
import { readSessionLanguage } from '../core/flow/session-language.ts';
import { parseSignOutState } from '../core/flow/sign-out-state.ts';
import { withSignal } from '../core/flow/with-signal.ts';
import { type Language, otherLanguage } from '../core/language.ts';
import type { Clock } from '../core/ports.ts';
import type { CookieNames } from '../core/session/cookie-names.ts';
import { clearSessionCookie, readBrowserSecrets, readSessionCredential } from '../core/session/cookies.ts';
import { preferredLanguage } from '../http/accept-language.ts';
import { pageRoute } from '../http/page-route.ts';
import type { Pages } from '../http/pages/pages.ts';
import { type HttpRequest, languageParameter, queryParameter } from '../http/request.ts';
import { emptyResponse, htmlResponse, redirect } from '../http/response.ts';
import type { RouteHandler } from '../http/route.ts';
import { securityHeaders } from '../http/security-headers.ts';
import type { Logger } from '../telemetry/logger.ts';

export interface LogoutHandlerDependencies extends EndSessionDependencies {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly pages: Pages;
  readonly cookies: CookieNames;
  readonly settings: LogoutSettings;
}

/** The settings of signing out. */
export interface LogoutSettings extends Omit<ReturnPolicy, 'defaultPage'> {
  readonly clientId: string;
  /** The page after signing out. Undefined for our own page. */
  readonly signedOutUrl: ReturnAddress | undefined;
}

/** `GET` and `POST /auth/logout`, `GET /auth/signed-out` */
export function createLogoutHandler(dependencies: LogoutHandlerDependencies): RouteHandler {
  const { logger, pages, cookies, settings } = dependencies;
  const { publicUrl, signedOutUrl } = settings;
  const options = {
    route: 'logout',
    logger,
    pages,
    cookies,
    publicUrl,
    signsOut: true,
  } as const;
  return pageRoute(options, async (request, signal) => {
    const bound = withSignal(dependencies, signal);
    switch (request.resource) {
      case '/auth/signed-out':
        return signedOut(bound, request);
      case '/auth/logout':
        if (request.method === 'HEAD') return emptyResponse();
        return isRequestedByOwnPage(request, publicUrl)
          ? signOut(bound, request)
          : confirmFirst(bound, request);
      default:
        throw new RelyingPartyError('not_found', 'the logout function has no such route');
    }
  });

  async function signOut(bound: EndSessionDependencies, request: HttpRequest) {
    const { redirectTo, audit } = await endSession(bound, {
      sessionCredential: readSessionCredential(request.cookieHeaders, cookies),
      browserSecrets: readBrowserSecrets(request.cookieHeaders, cookies),
      language: languageParameter(request, 'lang'),
      returnTo: parseReturnTo(queryParameter(request, 'return_to'), settings),
    });
    for (const event of audit) {
      logger.audit(event, request.requestId);
      logger.metric({ signed_out: 1 }, {});
    }
    return redirect(redirectTo, [clearSessionCookie(cookies)]);
  }

  async function confirmFirst({ sessions }: EndSessionDependencies, request: HttpRequest) {
    const language =
      languageParameter(request, 'lang') ??
      (await readSessionLanguage(sessions, readSessionCredential(request.cookieHeaders, cookies))) ??
      preferredLanguage(request);
    return ask(language, parseReturnTo(queryParameter(request, 'return_to'), settings));
  }

  function ask(language: Language, returnTo: ReturnAddress | undefined) {
    const signOutUrl = (query: Record<string, string>) =>
      `${publicUrl}/logout?${new URLSearchParams({ ...query, ...(returnTo && { return_to: returnTo }) })}`;
    // Browsers apply form-action to the redirects that follow a form as well (CSP Level 3, 6.4.1), and the sign-out redirects
    // to One Login and back. The page has one form and no content from others.
    const policy = securityHeaders['Content-Security-Policy']?.replace(" form-action 'self';", '') ?? '';
    const values = {
      actionUrl: signOutUrl({ lang: language }),
      // `ask` keeps the link for the other language from signing the user out.
      languageUrl: signOutUrl({ ask: '1', lang: otherLanguage(language) }),
    };
    return htmlResponse(200, pages.render('confirm-sign-out', language, values), {
      'Content-Security-Policy': policy,
    });
  }

  /**
   * One Login returns the language and the page to go to in `state`. Anybody can open this URL, and a user may have signed in
   * meanwhile: with a session, the page asks for confirmation.
   */
  async function signedOut(bound: ReadSessionDependencies, request: HttpRequest) {
    const state = parseSignOutState(queryParameter(request, 'state'));
    const returnTo = parseReturnTo(state?.returnTo, settings);
    const session = await readSession(bound, readSessionCredential(request.cookieHeaders, cookies));
    const language =
      languageParameter(request, 'lang') ??
      state?.language ??
      session?.payload.language ??
      preferredLanguage(request);
    if (session !== undefined) return ask(language, returnTo);
    const destination = returnTo ?? signedOutUrl;
    if (destination !== undefined) return redirect(destination);
    const languageUrl = `${publicUrl}/signed-out?lang=${otherLanguage(language)}`;
    return htmlResponse(200, pages.render('signed-out', language, { languageUrl }));
  }
}

/**
 * Whether the request comes from a page of this origin (Fetch Metadata). Sibling hosts do not count, because SameSite cookies
 * do not keep them out. An address that was typed, or opened from another program, does not count, because it may have been a
 * link. With `ask` in the URL the page always asks for confirmation. With a service worker in between, only the `Origin` of a
 * form shows the user's own page.
 */
function isRequestedByOwnPage(request: HttpRequest, publicUrl: string): boolean {
  if (queryParameter(request, 'ask') !== undefined) return false;
  if (request.header('sec-fetch-site') === 'same-origin' && !isPassedOn(request.headerValues)) return true;
  return request.method === 'POST' && request.header('origin') === new URL(publicUrl).origin;
}
