import { RelyingPartyError } from '../core/errors.ts';
import { type EndSessionDependencies, endSession } from '../core/flow/end-session.ts';
import { isPassedOn } from '../core/flow/navigation.ts';
import { type ReadSessionDependencies, readSession } from '../core/flow/read-session.ts';
import { parseReturnTo, type ReturnAddress, type ReturnPolicy } from '../core/flow/return-to.ts';
import { languageOfSession } from '../core/flow/session-language.ts';
import { parseSignOutState } from '../core/flow/sign-out-state.ts';
import { withSignal } from '../core/flow/with-signal.ts';
import { type Language, otherLanguage } from '../core/language.ts';
import type { Clock } from '../core/ports.ts';
import { clearedSessionCookie, readBrowserSecrets, readSessionCredential } from '../core/session/cookies.ts';
import { preferredLanguage } from '../http/accept-language.ts';
import type { Pages } from '../http/pages/pages.ts';
import { type HttpRequest, languageParameter, queryParameter } from '../http/request.ts';
import { html, nothingDone, redirect } from '../http/response.ts';
import { type RouteHandler, route } from '../http/route.ts';
import { securityHeaders } from '../http/security-headers.ts';
import type { Logger } from '../telemetry/logger.ts';

export interface LogoutHandlerDependencies extends EndSessionDependencies {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly pages: Pages;
  readonly settings: LogoutSettings;
}

/** What the configuration says of signing out. */
export interface LogoutSettings extends Omit<ReturnPolicy, 'defaultPage'> {
  readonly clientId: string;
  /** Where users go who have signed out; undefined for our own page. */
  readonly signedOutUrl: ReturnAddress | undefined;
}

/** `GET` and `POST /auth/logout`, `GET /auth/signed-out` */
export function createLogoutHandler(dependencies: LogoutHandlerDependencies): RouteHandler {
  const { logger, pages, settings } = dependencies;
  const { publicUrl, signedOutUrl } = settings;
  const options = {
    route: 'logout',
    logger,
    pages,
    publicUrl,
    format: 'page',
    signsOut: true,
  } as const;
  return route(options, async (request, signal) => {
    const bound = withSignal(dependencies, signal);
    switch (request.resource) {
      case '/auth/signed-out':
        return signedOut(bound, request);
      case '/auth/logout':
        if (request.method === 'HEAD') return nothingDone();
        return isOurOwn(request, publicUrl) ? signOut(bound, request) : askFirst(bound, request);
      default:
        throw new RelyingPartyError('not_found', 'the logout function has no such route');
    }
  });

  async function signOut(bound: EndSessionDependencies, request: HttpRequest) {
    const { redirectTo, audit } = await endSession(bound, {
      sessionCredential: readSessionCredential(request.cookieHeaders),
      browserSecrets: readBrowserSecrets(request.cookieHeaders),
      language: languageParameter(request, 'lang'),
      returnTo: parseReturnTo(queryParameter(request, 'return_to'), settings),
    });
    for (const event of audit) {
      logger.audit(event, request.requestId);
      logger.metric({ signed_out: 1 }, {});
    }
    return redirect(redirectTo, [clearedSessionCookie()]);
  }

  async function askFirst({ sessions }: EndSessionDependencies, request: HttpRequest) {
    const language =
      languageParameter(request, 'lang') ??
      (await languageOfSession(sessions, readSessionCredential(request.cookieHeaders))) ??
      preferredLanguage(request);
    return ask(language, parseReturnTo(queryParameter(request, 'return_to'), settings));
  }

  function ask(language: Language, returnTo: ReturnAddress | undefined) {
    const signOutUrl = (query: Record<string, string>) =>
      `${publicUrl}/logout?${new URLSearchParams({ ...query, ...(returnTo && { return_to: returnTo }) })}`;
    // Browsers hold the redirects that follow a form against form-action as well (CSP Level 3, 6.4.1), and the
    // sign-out goes on to One Login and back. The page has one form and no content that anyone else supplies.
    const policy = securityHeaders['Content-Security-Policy']?.replace(" form-action 'self';", '') ?? '';
    const values = {
      actionUrl: signOutUrl({ lang: language }),
      // A link on our own page asks for what its address says: to change the language is not to sign out.
      languageUrl: signOutUrl({ ask: '1', lang: otherLanguage(language) }),
    };
    return html(200, pages.render('confirm-sign-out', language, values), {
      'Content-Security-Policy': policy,
    });
  }

  /**
   * One Login brings back as `state` what language it was and where to go on. Anybody can open this address, and
   * somebody may have signed in meanwhile: then nothing is said to have happened, and the page asks.
   */
  async function signedOut(bound: ReadSessionDependencies, request: HttpRequest) {
    const state = parseSignOutState(queryParameter(request, 'state'));
    const returnTo = parseReturnTo(state?.returnTo, settings);
    const session = await readSession(bound, readSessionCredential(request.cookieHeaders));
    const language =
      languageParameter(request, 'lang') ??
      state?.language ??
      session?.payload.language ??
      preferredLanguage(request);
    if (session !== undefined) return ask(language, returnTo);
    const destination = returnTo ?? signedOutUrl;
    if (destination !== undefined) return redirect(destination);
    const languageUrl = `${publicUrl}/signed-out?lang=${otherLanguage(language)}`;
    return html(200, pages.render('signed-out', language, { languageUrl }));
  }
}

/**
 * Whether the user asked for it on a page of this very origin (Fetch Metadata). Sibling hosts count as strangers:
 * SameSite cookies do not keep them out. So does an address that was typed, or opened from another program, which may
 * have been a link. With `ask` in the address, whose ever link it was, the page asks. Where a service worker stands in
 * between, only the `Origin` of a form tells the user's own page.
 */
function isOurOwn(request: HttpRequest, publicUrl: string): boolean {
  if (queryParameter(request, 'ask') !== undefined) return false;
  if (request.header('sec-fetch-site') === 'same-origin' && !isPassedOn(request.headerValues)) return true;
  return request.method === 'POST' && request.header('origin') === new URL(publicUrl).origin;
}
