import middy, { type MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { RelyingPartyError } from '../core/errors.ts';
import { type ErrorResponseOptions, errorsToResponses } from './errors.ts';
import { logRequests } from './log-requests.ts';
import { type HttpRequest, readRequest } from './request.ts';
import { addSecurityHeaders } from './security-headers.ts';

/** What Lambda calls. */
export type RouteHandler = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

/** How long before the function's own deadline an answer is given up for one that says so. */
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
 * request its line in the log, and whatever hangs is answered before Lambda ends the function.
 */
export function route(
  options: ErrorResponseOptions,
  answer: (request: HttpRequest) => Promise<APIGatewayProxyResult>,
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
    .handler(async (event) => answer(readRequest(event))) as RouteHandler;
}
