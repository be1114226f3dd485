import type { APIGatewayProxyEvent } from 'aws-lambda';
import { pageRoute } from '../../lambdas/http/page-route.ts';
import type { RouteHandler } from '../../lambdas/http/route.ts';
import { createLogger } from '../../lambdas/telemetry/logger.ts';
import { apiEvent, lambdaContext } from './api-event.ts';
import { cookieNames } from './cookie-names.ts';
import { testPages } from './rendered-pages.ts';

/** Creates the middleware chain of a route with pages around a response. */
export function createRoute(answer: Parameters<typeof pageRoute>[1], { route: name = 'test' } = {}) {
  const publicUrl = 'https://service.example/auth';
  const lines: string[] = [];
  const logger = createLogger({ deployment: 'test', write: (line) => lines.push(line), now: () => 1 });
  const handler: RouteHandler = pageRoute(
    { route: name, logger, pages: testPages(publicUrl), cookies: cookieNames, publicUrl },
    answer,
  );
  return {
    call: (event: APIGatewayProxyEvent = apiEvent({ path: '/auth/login' }), milliseconds?: number) =>
      handler(event, lambdaContext(milliseconds)),
    lines,
    parseLog: () => lines.map((line) => JSON.parse(line)),
  };
}
