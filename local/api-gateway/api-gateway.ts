import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { authorize } from './authorize.ts';
import { buildGatewayResponse, type GatewayResponseType } from './gateway-responses.ts';
import { headerValues, type IncomingRequest, mediaTypes, readIncomingRequest } from './incoming-request.ts';
import { type AuthorizerContext, createProxyEvent, type ProxyEventOptions } from './proxy-event.ts';
import { type HttpResponse, readProxyResponse } from './proxy-response.ts';
import type { Integration, RestApi } from './rest-api.ts';

/** A request and its response, as in an access log. */
export interface AnsweredRequest {
  readonly requestId: string;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly status: number;
  readonly milliseconds: number;
}

/**
 * Acts as API Gateway for one REST API whose stage is mapped to the root of the host.
 *
 * @param onAnswer called with each request when its response is complete
 */
export function createApiGateway(
  api: RestApi,
  onAnswer: (answered: AnsweredRequest) => void = () => {},
): RequestListener {
  return (incoming, outgoing) => {
    // This rejects when the client has closed the connection.
    serve(api, incoming, outgoing, onAnswer).catch(() => outgoing.destroy());
  };
}

async function serve(
  api: RestApi,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  onAnswer: (answered: AnsweredRequest) => void,
): Promise<void> {
  const requestId = randomUUID();
  const started = performance.now();
  const request = await readIncomingRequest(incoming);
  const result = await respond(api, request, requestId);
  const accept = mediaTypes(request, 'accept');
  const complete =
    'gatewayResponse' in result
      ? buildGatewayResponse(result.gatewayResponse, api.gatewayResponses, {
          accept,
          context: { requestId, httpMethod: request.method, authorizer: result.authorizer },
        })
      : result;
  const response = compress(complete, request, api.minimumCompressionSize);
  outgoing.statusCode = response.status;
  const added: HttpResponse['headers'] = [
    ['x-amzn-RequestId', requestId],
    ['x-amz-apigw-id', `${requestId.slice(0, 15)}=`],
  ];
  for (const [name, value] of [...added, ...response.headers]) outgoing.appendHeader(name, value);
  outgoing.end(response.body);
  const { method, path } = request;
  const milliseconds = performance.now() - started;
  onAnswer({ requestId, method, path, status: response.status, milliseconds });
}

/** A response that API Gateway itself makes, and what an authorizer has passed on. */
interface GatewayAnswer {
  readonly gatewayResponse: GatewayResponseType;
  readonly authorizer: AuthorizerContext;
}

async function respond(
  api: RestApi,
  request: IncomingRequest,
  requestId: string,
): Promise<HttpResponse | GatewayAnswer> {
  if (request.isTooLarge) return { gatewayResponse: 'REQUEST_TOO_LARGE', authorizer: {} };
  // API Gateway ignores slashes at the end, see https://github.com/aws-powertools/powertools-lambda-python/issues/1552
  const path = request.path.replace(/\/+$/, '');
  const resource = api.resources.find((each) => each.path === path);
  const method = resource?.methods.get(request.method);
  if (!resource || !method) return { gatewayResponse: 'MISSING_AUTHENTICATION_TOKEN', authorizer: {} };
  const options = { api, resource, request, requestId };
  const authorization = method.authorizer && (await authorize(method.authorizer, options));
  if (authorization?.kind === 'refused') {
    return { gatewayResponse: authorization.response, authorizer: authorization.context };
  }
  const result = await integrate(method.integration, options, authorization?.context);
  return typeof result === 'string'
    ? { gatewayResponse: result, authorizer: authorization?.context ?? {} }
    : result;
}

/** @param authorizer undefined when anyone may call the method */
async function integrate(
  integration: Integration,
  options: ProxyEventOptions,
  authorizer: AuthorizerContext | undefined,
): Promise<HttpResponse | GatewayResponseType> {
  const { api, request } = options;
  switch (integration.type) {
    case 'MOCK': {
      const isJson = (mediaTypes(request, 'content-type')[0] ?? 'application/json') === 'application/json';
      return isJson ? buildOk(integration.headers, Buffer.from(integration.body)) : 'UNSUPPORTED_MEDIA_TYPE';
    }
    case 'AWS': {
      // S3's 404 has no response in the API.
      const object = await readFile(integration.file).catch(() => undefined);
      return object ? buildOk(integration.headers, object) : 'API_CONFIGURATION_ERROR';
    }
    case 'AWS_PROXY': {
      const result = await integration.target.invoke(createProxyEvent(options, authorizer ?? null));
      if (result.kind === 'failed') return 'MALFORMED_PROXY_RESPONSE';
      const accept = mediaTypes(request, 'accept')[0];
      return readProxyResponse(result.payload, accept, api.binaryMediaTypes) ?? 'MALFORMED_PROXY_RESPONSE';
    }
  }
}

function buildOk(headers: Readonly<Record<string, string>>, body: Buffer): HttpResponse {
  return { status: 200, headers: Object.entries(headers), body };
}

/**
 * Compresses a long body for a client that accepts gzip.
 *
 * @param minimumSize in bytes; undefined compresses nothing
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gzip-compression-decompression.html
 */
function compress(
  response: HttpResponse,
  request: IncomingRequest,
  minimumSize: number | undefined,
): HttpResponse {
  const encodings = headerValues(request, 'accept-encoding').flatMap((value) => value.split(','));
  const acceptsGzip = encodings.some((each) => /^\s*gzip\s*(;|$)(?!\s*q=0(\.0*)?\s*$)/i.test(each));
  if (minimumSize === undefined || response.body.length < minimumSize || !acceptsGzip) return response;
  return {
    ...response,
    headers: [...response.headers, ['Content-Encoding', 'gzip']],
    body: gzipSync(response.body),
  };
}
