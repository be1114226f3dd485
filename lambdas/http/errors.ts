import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { type ErrorDefinition, RelyingPartyError } from '../core/errors.ts';
import { describeUnknownError, type Logger, type LogLevel } from '../telemetry/logger.ts';
import { readRequestId, shortenRequestId } from './request-id.ts';
import { jsonResponse } from './response.ts';

/** The options of every route. */
export interface RouteOptions {
  readonly route: string;
  readonly logger: Logger;
  /** Makes the response to an error, without common headers. */
  readonly respond: (error: RelyingPartyError, event: APIGatewayProxyEvent) => APIGatewayProxyResult;
}

const signInRoutes: readonly string[] = ['login', 'callback'];
/** The faults that no request can make up. */
const verifiedFaults: readonly ErrorDefinition['fault'][] = ['provider', 'aws', 'configuration'];

const levels = {
  caller: 'info',
  claimed: 'warn',
  provider: 'error',
  aws: 'error',
  configuration: 'error',
} as const satisfies Record<ErrorDefinition['fault'], LogLevel>;

/** Turns every error into a response and a line in the log. */
export function errorsToResponses(
  options: RouteOptions,
): MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult> {
  return {
    onError: (request) => {
      const requestId = readRequestId(request.event.requestContext.requestId);
      const known = request.error instanceof RelyingPartyError ? request.error : undefined;
      const error = known ?? new RelyingPartyError('unexpected', 'an unexpected error');
      const { status, fault } = error.definition;
      options.logger.log(levels[fault], 'refused', {
        route: options.route,
        request_id: requestId,
        code: error.code,
        fault,
        status,
        message: error.message,
        ...(known?.cause === undefined ? {} : describeUnknownError(known.cause)),
        ...(known ? {} : describeUnknownError(request.error)),
      });
      options.logger.audit({ action: 'refused', code: error.code }, requestId);
      if (!error.context.repeated) options.logger.metric({ refused: 1 }, { code: error.code, fault });
      if (fault === 'claimed') options.logger.metric({ claimed_5xx: 1 }, {});
      if (signInRoutes.includes(options.route) && verifiedFaults.includes(fault)) {
        options.logger.metric({ sign_in_failed: 1 }, {});
      }
      request.response = toResponse(error, request.event, options);
    },
  };
}

function toResponse(
  error: RelyingPartyError,
  event: APIGatewayProxyEvent,
  { respond }: RouteOptions,
): APIGatewayProxyResult {
  const response = respond(error, event);
  const { retryAfter } = error.definition;
  return retryAfter === undefined
    ? response
    : { ...response, headers: { ...response.headers, 'Retry-After': `${retryAfter}` } };
}

/** Responds to programs. */
export function respondWithJson(
  error: RelyingPartyError,
  event: APIGatewayProxyEvent,
): APIGatewayProxyResult {
  const reference = shortenRequestId(readRequestId(event.requestContext.requestId));
  return jsonResponse(error.definition.status, { error: error.code, reference });
}
