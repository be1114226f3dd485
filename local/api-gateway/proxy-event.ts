import type { APIGatewayProxyEvent, APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { headerValues, type IncomingRequest, mediaTypes } from './incoming-request.ts';
import type { ApiResource, RestApi } from './rest-api.ts';

export interface ProxyEventOptions {
  readonly api: RestApi;
  readonly resource: ApiResource;
  readonly request: IncomingRequest;
  readonly requestId: string;
}

/** What an authorizer has passed on: text, and the milliseconds that it took. */
export type AuthorizerContext = Readonly<Record<string, string | number>>;

/** Headers of one connection (RFC 9110, 7.6.1), which API Gateway does not forward. */
const hopByHop = ['connection', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade'];

/**
 * The event that a function gets from a REST API: payload format 1.0. The stage is mapped to the root of the host, as with
 * a custom domain, so that no path starts with its name.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export function createProxyEvent(
  options: ProxyEventOptions,
  authorizer: AuthorizerContext | null,
): APIGatewayProxyEvent {
  const { api, request } = options;
  const { queryStringParameters, multiValueQueryStringParameters, ...described } = describeRequest(options);
  const hasQuery = request.query.size > 0;
  return {
    ...described,
    queryStringParameters: hasQuery ? queryStringParameters : null,
    multiValueQueryStringParameters: hasQuery ? multiValueQueryStringParameters : null,
    pathParameters: null,
    stageVariables: null,
    requestContext: { ...buildRequestContext(options), authorizer },
    ...encodeBody(request, api.binaryMediaTypes),
  };
}

/**
 * The event that an authorizer of the type REQUEST gets: without a body, and with empty objects instead of null.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html
 */
export function createAuthorizerEvent(
  options: ProxyEventOptions,
  methodArn: string,
): APIGatewayRequestAuthorizerEvent {
  return {
    type: 'REQUEST',
    methodArn,
    ...describeRequest(options),
    pathParameters: {},
    stageVariables: {},
    requestContext: { ...buildRequestContext(options), authorizer: undefined },
  };
}

function describeRequest({ resource, request }: ProxyEventOptions) {
  const multiValueHeaders = group(forwardedHeaders(request));
  const multiValueQueryStringParameters = group([...request.query]);
  return {
    resource: resource.path || '/',
    path: request.path,
    httpMethod: request.method,
    headers: lastValues(multiValueHeaders),
    multiValueHeaders,
    queryStringParameters: lastValues(multiValueQueryStringParameters),
    multiValueQueryStringParameters,
  };
}

function buildRequestContext(
  options: ProxyEventOptions,
): Omit<APIGatewayProxyEvent['requestContext'], 'authorizer'> {
  const { api, resource, request, requestId } = options;
  const now = Date.now();
  const domainName = (headerValues(request, 'host')[0] ?? 'localhost').replace(/:\d+$/, '');
  return {
    accountId: api.accountId,
    apiId: api.id,
    domainName,
    domainPrefix: domainName.split('.')[0],
    extendedRequestId: `${requestId.slice(0, 15)}=`,
    httpMethod: request.method,
    identity: {
      accessKey: null,
      accountId: null,
      apiKey: null,
      apiKeyId: null,
      caller: null,
      clientCert: null,
      cognitoAuthenticationProvider: null,
      cognitoAuthenticationType: null,
      cognitoIdentityId: null,
      cognitoIdentityPoolId: null,
      principalOrgId: null,
      sourceIp: request.sourceIp,
      user: null,
      userAgent: headerValues(request, 'user-agent')[0] ?? null,
      userArn: null,
    },
    path: request.path,
    protocol: 'HTTP/1.1',
    requestId,
    requestTime: formatTime(now),
    requestTimeEpoch: now,
    resourceId: resource.id,
    resourcePath: resource.path || '/',
    stage: api.stageName,
  };
}

function forwardedHeaders(request: IncomingRequest): [string, string][] {
  const added = ['x-forwarded-for', 'x-forwarded-port', 'x-forwarded-proto'];
  const kept = request.headers
    .filter(([name]) => ![...hopByHop, ...added].includes(name.toLowerCase()))
    .map(([name, value]): [string, string] => [name, value]);
  const port = /:(\d+)$/.exec(headerValues(request, 'host')[0] ?? '')?.[1] ?? '80';
  return [
    ...kept,
    ['X-Forwarded-For', [...headerValues(request, 'x-forwarded-for'), request.sourceIp].join(', ')],
    ['X-Forwarded-Port', port],
    ['X-Forwarded-Proto', 'http'],
  ];
}

function encodeBody(request: IncomingRequest, binaryMediaTypes: readonly string[]) {
  if (request.body.length === 0) return { body: null, isBase64Encoded: false };
  const contentType = mediaTypes(request, 'content-type')[0];
  const isBase64Encoded = isBinary(contentType, binaryMediaTypes);
  return { body: request.body.toString(isBase64Encoded ? 'base64' : 'utf8'), isBase64Encoded };
}

/** Whether a content type is binary for API Gateway. */
export function isBinary(contentType: string | undefined, binaryMediaTypes: readonly string[]): boolean {
  return contentType !== undefined && binaryMediaTypes.includes(contentType);
}

function group(pairs: readonly (readonly [string, string])[]): Record<string, string[]> {
  const grouped = new Map<string, string[]>();
  for (const [name, value] of pairs) grouped.set(name, [...(grouped.get(name) ?? []), value]);
  return Object.fromEntries(grouped);
}

function lastValues(grouped: Readonly<Record<string, readonly string[]>>): Record<string, string> {
  return Object.fromEntries(Object.entries(grouped).map(([name, values]) => [name, values.at(-1) ?? '']));
}

/** Such as `09/Apr/2015:12:34:56 +0000`. */
function formatTime(now: number): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) (\S+)/.exec(new Date(now).toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
}
