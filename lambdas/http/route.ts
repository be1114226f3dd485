import middy, { type MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { RelyingPartyError } from '../core/errors.ts';
import { isNavigation } from '../core/flow/navigation.ts';
import { type ErrorResponseOptions, errorsToResponses } from './errors.ts';
import { logRequests } from './log-requests.ts';
import { type HttpRequest, readRequest } from './request.ts';
import { json } from './response.ts';
import { addSecurityHeaders } from './security-headers.ts';
import { withinTime } from './within-time.ts';

/** What Lambda calls. */
export type RouteHandler = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

/** How long before the function's own deadline an answer is given, if something has not ended with its signal. */
const answerBeforeDeadlineMilliseconds = 500;

/** HEAD is answered as GET is, but for the body (RFC 9110, 9.3.2). Handlers see to it that it changes nothing. */
function answerHeadWithoutBody(): MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult> {
  const leaveOut = (request: {
    event: APIGatewayProxyEvent;
    response: APIGatewayProxyResult | null | undefined;
  }) => {
    if (request.response && request.event.httpMethod === 'HEAD') request.response.body = '';
  };
  return { after: leaveOut, onError: leaveOut };
}

/**
 * The middleware chain that every route shares: errors become responses, every response gets its headers, every
 * request its line in the log, and whatever hangs is answered before Lambda ends the function. Routes that answer with
 * pages are for navigations only.
 *
 * @param answer works with dependencies that are bound to the signal, see `with-signal.ts`
 */
export function route(
  options: ErrorResponseOptions,
  answer: (request: HttpRequest, signal: AbortSignal) => Promise<APIGatewayProxyResult>,
): RouteHandler {
  return middy<APIGatewayProxyEvent, APIGatewayProxyResult>({
    timeoutEarlyInMillis: answerBeforeDeadlineMilliseconds,
    timeoutEarlyResponse: () => {
      throw new RelyingPartyError('deadline_exceeded', 'the function ran out of time');
    },
  })
    .use(logRequests(options))
    .use(answerHeadWithoutBody())
    .use(addSecurityHeaders())
    .use(errorsToResponses(options))
    .handler(async (event, context) => {
      const request = readRequest(event);
      // Before anything happens: no attempt is started or used up, and nobody is signed out.
      return options.format === 'page' && !isNavigation(request.headerValues)
        ? navigationRequired(request, options.publicUrl)
        : withinTime(context, (signal) => answer(request, signal));
    }) as RouteHandler;
}

/** What may be asked again as it was. Of a response by One Login nothing is: it holds a code. */
const repeatable = ['return_to', 'lang', 'step', 'ask'];

/**
 * Answers a request that is no navigation: a program learns which address to send the user to. It is no success, so
 * that no browser keeps what it has fetched ahead for the click that comes later.
 */
function navigationRequired(request: HttpRequest, publicUrl: string): APIGatewayProxyResult {
  const route = request.resource.replace('/auth/', '');
  const path = route === 'callback' ? 'login' : route;
  const query = new URLSearchParams();
  for (const name of repeatable) {
    for (const value of request.query.get(name) ?? []) query.append(name, value);
  }
  const search = query.size === 0 ? '' : `?${query}`;
  return json(403, { error: 'navigation_required', url: `${publicUrl}/${path}${search}` });
}
