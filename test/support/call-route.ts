import type { APIGatewayProxyEvent } from 'aws-lambda';
import { type RouteHandler, route } from '../../lambdas/http/route.ts';
import { createLogger } from '../../lambdas/telemetry/logger.ts';
import { apiEvent, lambdaContext } from './api-event.ts';
import { cookieNames } from './cookie-names.ts';
import { testPages } from './rendered-pages.ts';

/** Creates the middleware chain of a route with pages around an answer. */
export function createRoute(answer: Parameters<typeof route>[1]) {
  const publicUrl = 'https://service.example/auth';
  const lines: string[] = [];
  const logger = createLogger({ deployment: 'test', write: (line) => lines.push(line), now: () => 1 });
  const handler: RouteHandler = route(
    { route: 'test', logger, pages: testPages(publicUrl), cookies: cookieNames, publicUrl, format: 'page' },
    answer,
  );
  return {
    call: (event: APIGatewayProxyEvent = apiEvent({ path: '/auth/login' }), milliseconds?: number) =>
      handler(event, lambdaContext(milliseconds)),
    lines,
    parseLog: () => lines.map((line) => JSON.parse(line)),
  };
}
