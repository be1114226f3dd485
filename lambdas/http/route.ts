import middy, { type MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { RelyingPartyError } from '../core/errors.ts';
import { errorsToResponses, type RouteOptions } from './errors.ts';
import { logRequests } from './log-requests.ts';
import { type HttpRequest, readRequest } from './request.ts';
import { addSecurityHeaders } from './security-headers.ts';
import { withinTime } from './within-time.ts';

/** What Lambda calls. */
export type RouteHandler = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

/** How long before the function's deadline it responds, if something has not ended with its signal. */
const answerBeforeDeadlineMilliseconds = 500;

/** A response to HEAD is the one to GET without its body (RFC 9110, 9.3.2). Handlers ensure that HEAD changes nothing. */
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
 * Creates the middleware chain that all routes share. It turns errors into responses, adds headers, logs a line for each
 * request, and responds before Lambda ends the function.
 *
 * @param answer uses dependencies that are bound to the signal, see `with-signal.ts`
 */
export function route(
  options: RouteOptions,
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
      return withinTime(context, (signal) => answer(request, signal));
    }) as RouteHandler;
}
