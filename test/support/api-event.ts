import type { APIGatewayProxyEvent, Context } from 'aws-lambda';

export interface EventOptions {
  readonly method?: string;
  /** With its query. */
  readonly path: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
}

/** A REST API proxy event as API Gateway makes it, as far as the handlers look. */
export function apiEvent({ method = 'GET', path, headers = {}, body }: EventOptions): APIGatewayProxyEvent {
  const url = new URL(path, 'https://service.example');
  const query = [...new Set(url.searchParams.keys())].map((name) => [name, url.searchParams.getAll(name)]);
  const multiValueHeaders = Object.entries(headers).map(([name, value]) => [name, [value].flat()]);
  return {
    httpMethod: method,
    path: url.pathname,
    resource: url.pathname,
    headers: {},
    multiValueHeaders: Object.fromEntries(multiValueHeaders),
    queryStringParameters: null,
    multiValueQueryStringParameters: query.length > 0 ? Object.fromEntries(query) : null,
    pathParameters: null,
    stageVariables: null,
    body: body ?? null,
    isBase64Encoded: false,
    requestContext: {
      requestId: '00000000-0000-4000-8000-000000000001',
      stage: 'live',
    } as APIGatewayProxyEvent['requestContext'],
  };
}

/** A Lambda context with that many milliseconds left. */
export function lambdaContext(remainingMilliseconds = 20_000): Context {
  return { getRemainingTimeInMillis: () => remainingMilliseconds } as Context;
}
