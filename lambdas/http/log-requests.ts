import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { Logger } from '../telemetry/logger.ts';
import { readLoggedMethod } from './log-method.ts';
import { readRequestId } from './request-id.ts';

/**
 * Logs one line for each request, and the metrics that were collected. Most requests are successful ones of userinfo: for them the
 * line of API Gateway's access log is enough.
 */
export function logRequests({
  route,
  logger,
}: {
  readonly route: string;
  readonly logger: Logger;
}): MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult> {
  let coldStart = true;
  const started = new WeakMap<object, number>();
  const log = (request: {
    event: APIGatewayProxyEvent;
    response: APIGatewayProxyResult | null | undefined;
  }) => {
    const { statusCode: status = 500 } = request.response ?? {};
    if (route !== 'userinfo' || status !== 200) {
      logger.log('info', 'answered', {
        route,
        request_id: readRequestId(request.event.requestContext.requestId),
        method: readLoggedMethod(request.event.httpMethod),
        status,
        duration_ms: Math.round(performance.now() - (started.get(request.event) ?? performance.now())),
        cold_start: coldStart,
      });
    }
    if (coldStart) logger.collect('cold_starts', 1);
    coldStart = false;
    logger.flush();
  };
  return {
    before: (request) => {
      started.set(request.event, performance.now());
    },
    after: log,
    onError: log,
  };
}
