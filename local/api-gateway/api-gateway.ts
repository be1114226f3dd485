import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { compress } from './compression.ts';
import { type GatewayResponseType, gatewayResponse } from './gateway-responses.ts';
import { type IncomingRequest, mediaTypes, readIncomingRequest } from './incoming-request.ts';
import { answerMock } from './mock-response.ts';
import { createProxyEvent } from './proxy-event.ts';
import { type HttpResponse, readProxyResponse } from './proxy-response.ts';
import type { Integration, MockIntegration, ProxyIntegration, RestApi } from './rest-api.ts';
import { findRoute, type Route } from './routing.ts';
import { answerFromS3 } from './s3-integration.ts';

/** Plays API Gateway for one REST API whose stage is mapped to the root of the host. */
export function createApiGateway(api: RestApi): RequestListener {
  return (incoming, outgoing) => {
    // What rejects is a client that went away: there is nobody to answer.
    serve(api, incoming, outgoing).catch(() => outgoing.destroy());
  };
}

async function serve(api: RestApi, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const requestId = randomUUID();
  const request = await readIncomingRequest(incoming);
  const response = compress(await answer(api, request, requestId), request, api.minimumCompressionSize);
  outgoing.statusCode = response.status;
  const own: HttpResponse['headers'] = [
    ['x-amzn-RequestId', requestId],
    ['x-amz-apigw-id', `${requestId.slice(0, 15)}=`],
  ];
  for (const [name, value] of [...own, ...response.headers]) outgoing.appendHeader(name, value);
  outgoing.end(response.body);
}

async function answer(api: RestApi, request: IncomingRequest, requestId: string): Promise<HttpResponse> {
  const refuse = (type: GatewayResponseType): HttpResponse => {
    const accept = mediaTypes(request, 'accept');
    const { status, headers, body } = gatewayResponse(type, api.gatewayResponses, { requestId, accept });
    return { status, headers: Object.entries(headers), body: Buffer.from(body) };
  };
  if (request.isTooLarge) return refuse('REQUEST_TOO_LARGE');
  const route = findRoute(api, request.method, request.path);
  if (!route) return refuse('MISSING_AUTHENTICATION_TOKEN');
  const { integration } = route;
  const result = await integrate({ api, route, request, requestId }, integration);
  return typeof result === 'string' ? refuse(result) : result;
}

async function integrate(
  proxied: ProxyRequest,
  integration: Integration,
): Promise<HttpResponse | GatewayResponseType> {
  const { api, request } = proxied;
  switch (integration.type) {
    case 'MOCK':
      return fromMock(integration, request);
    case 'AWS':
      return (
        (await answerFromS3(integration, mediaTypes(request, 'accept')[0], api.binaryMediaTypes)) ??
        'API_CONFIGURATION_ERROR'
      );
    case 'AWS_PROXY':
      return fromFunction(proxied, integration);
  }
}

function fromMock(
  integration: MockIntegration,
  request: IncomingRequest,
): HttpResponse | GatewayResponseType {
  const outcome = answerMock(integration, mediaTypes(request, 'content-type')[0]);
  if (outcome.kind === 'unsupported_media_type') return 'UNSUPPORTED_MEDIA_TYPE';
  if (outcome.kind === 'misconfigured') return 'API_CONFIGURATION_ERROR';
  const { statusCode, contentType, headers, body } = outcome.response;
  const named = Object.entries(headers);
  const has = named.some(([name]) => name.toLowerCase() === 'content-type');
  return {
    status: statusCode,
    headers: has ? named : [['Content-Type', contentType], ...named],
    body: Buffer.from(body),
  };
}

interface ProxyRequest {
  readonly api: RestApi;
  readonly route: Route;
  readonly request: IncomingRequest;
  readonly requestId: string;
}

async function fromFunction(
  { api, route, request, requestId }: ProxyRequest,
  { target, timeout }: ProxyIntegration,
): Promise<HttpResponse | GatewayResponseType> {
  const event = createProxyEvent({ api, route, request, requestId, now: Date.now() });
  const { promise: late, resolve } = Promise.withResolvers<'INTEGRATION_TIMEOUT'>();
  const timer = setTimeout(() => resolve('INTEGRATION_TIMEOUT'), timeout);
  const result = await Promise.race([target.invoke(event), late]);
  clearTimeout(timer);
  if (typeof result === 'string') return result;
  if (result.kind === 'failed') return 'MALFORMED_PROXY_RESPONSE';
  const accept = mediaTypes(request, 'accept')[0];
  return readProxyResponse(result.payload, accept, api.binaryMediaTypes) ?? 'MALFORMED_PROXY_RESPONSE';
}
