import type { RequestToAuthorize } from '../core/flow/authorize-request.ts';
import { type HeaderValues, isPrefetch } from '../core/flow/navigation.ts';
import { collect } from '../http/request.ts';
import { readRequestId } from '../http/request-id.ts';

/** A request to authorize, from the event of API Gateway. */
export interface AuthorizerRequest extends RequestToAuthorize {
  /** The API, stage, method and path of the request. */
  readonly methodArn: string;
  readonly requestId: string;
  /** In lower case. */
  readonly headerNames: readonly string[];
}

/** The request ids of REST APIs, and of HTTP APIs, such as `JKJaXmPLvHcESHA=`. */
const eitherForm = /^[\w=-]{1,100}$/;

/**
 * Reads the event of a Lambda authorizer of the type REQUEST: of a REST API, or of an HTTP API in the payload formats
 * 1.0 and 2.0.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
 * @throws Error for any other event, such as that of a TOKEN authorizer, which has no cookies
 */
export function readAuthorizerEvent(event: unknown): AuthorizerRequest {
  const { type, version, methodArn, routeArn, httpMethod, requestContext, cookies, ...rest } =
    readMembers(event);
  const context = readMembers(requestContext);
  const isFormat2 = version === '2.0';
  const arn = isFormat2 ? routeArn : methodArn;
  const method = isFormat2 ? readMembers(context['http'])['method'] : httpMethod;
  const { requestId } = context;
  if (type !== 'REQUEST' || !isText(arn) || !isText(method) || !isText(requestId)) {
    throw new Error('the event is not that of a Lambda authorizer of the type REQUEST');
  }
  const headers = readHeaders(rest);
  const headerValues: HeaderValues = (name) => headers.get(name) ?? [];
  return {
    methodArn: arn,
    method,
    requestId: readRequestId(requestId, eitherForm),
    headerNames: [...headers.keys()],
    // Format 2.0 has a list of cookies. They may also be among the headers, and would count twice.
    cookieHeaders: Array.isArray(cookies) ? cookies.filter(isText) : headerValues('cookie'),
    secFetchSite: headerValues('sec-fetch-site'),
    origin: headerValues('origin'),
    isPrefetch: isPrefetch(headerValues),
  };
}

/** Reads every value of each header. `headers` has only the last value of a repeated header. */
function readHeaders(event: Members): ReadonlyMap<string, readonly string[]> {
  const given = Object.entries(readMembers(event['multiValueHeaders'] ?? event['headers']));
  return collect(
    given.flatMap(([name, value]) =>
      [value]
        .flat()
        .filter(isText)
        .map((text) => [name.toLowerCase(), text] as const),
    ),
  );
}

type Members = Readonly<Record<string, unknown>>;

function readMembers(value: unknown): Members {
  return typeof value === 'object' && value !== null ? (value as Members) : {};
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
