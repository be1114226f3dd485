import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { RelyingPartyError } from '../core/errors.ts';
import { isNavigation } from '../core/flow/navigation.ts';
import type { CookieNames } from '../core/session/cookie-names.ts';
import { clearSessionCookie } from '../core/session/cookies.ts';
import { preferredLanguage } from './accept-language.ts';
import type { RouteOptions } from './errors.ts';
import { chooseErrorPage, renderMessage } from './pages/message.ts';
import type { Pages } from './pages/pages.ts';
import { type HttpRequest, languageParameter, readRequest } from './request.ts';
import { shortenRequestId } from './request-id.ts';
import { htmlResponse, jsonResponse } from './response.ts';
import { type RouteHandler, route } from './route.ts';

export interface PageRouteOptions extends Omit<RouteOptions, 'respond'> {
  readonly pages: Pages;
  readonly cookies: CookieNames;
  readonly publicUrl: string;
  /** Whether the route signs users out. */
  readonly signsOut?: boolean;
}

/** Creates the middleware chain of a route for browsers: its errors are pages, and it is for navigations only. */
export function pageRoute(
  options: PageRouteOptions,
  answer: (request: HttpRequest, signal: AbortSignal) => Promise<APIGatewayProxyResult>,
): RouteHandler {
  const respond: RouteOptions['respond'] = (error, event) => renderError(error, event, options);
  return route({ ...options, respond }, async (request, signal) =>
    // Checked first, so that no attempt is started or consumed, and no user is signed out.
    isNavigation(request.headerValues)
      ? answer(request, signal)
      : navigationRequired(request, options.publicUrl),
  );
}

function renderError(
  error: RelyingPartyError,
  event: APIGatewayProxyEvent,
  { pages, publicUrl, cookies, signsOut = false }: PageRouteOptions,
): APIGatewayProxyResult {
  const { startAgain, language, endsSession } = error.context;
  const { status, page } = error.definition;
  const request = readRequest(event);
  const message = {
    page: chooseErrorPage(page, { signsOut, purpose: startAgain?.purpose }),
    language:
      startAgain?.language ?? languageParameter(request, 'lang') ?? language ?? preferredLanguage(request),
    reference: shortenRequestId(request.requestId),
    ...(startAgain === undefined ? {} : { startAgain }),
  };
  return {
    ...htmlResponse(status, renderMessage(pages, publicUrl, message)),
    ...(endsSession && { multiValueHeaders: { 'Set-Cookie': [clearSessionCookie(cookies)] } }),
  };
}

/** The parameters that may be repeated. Those of One Login's response may not: it contains a code. */
const repeatable = ['journey', 'return_to', 'lang', 'step', 'ask'];

/**
 * Responds to a request that is not a navigation with the address that the user has to open. It is not a success, so that a
 * browser does not use a prefetched response when the user follows the link.
 */
function navigationRequired(request: HttpRequest, publicUrl: string): APIGatewayProxyResult {
  const route = request.resource.replace('/auth/', '');
  const path = route === 'callback' ? 'login' : route;
  const query = new URLSearchParams();
  for (const name of repeatable) {
    for (const value of request.query.get(name) ?? []) query.append(name, value);
  }
  const search = query.size === 0 ? '' : `?${query}`;
  return jsonResponse(403, { error: 'navigation_required', url: `${publicUrl}/${path}${search}` });
}
