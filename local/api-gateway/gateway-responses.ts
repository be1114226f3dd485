import type { HttpResponse } from './proxy-response.ts';
import type { GatewayResponseOverride } from './rest-api.ts';

/** The types that can happen locally, with API Gateway's status and message. */
const builtIn = {
  MISSING_AUTHENTICATION_TOKEN: { status: 403, message: 'Missing Authentication Token' },
  REQUEST_TOO_LARGE: { status: 413, message: 'Request Too Long' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, message: 'Unsupported Media Type' },
  // A function that failed or did not return a response: only DEFAULT_5XX changes it.
  MALFORMED_PROXY_RESPONSE: { status: 502, message: 'Internal server error' },
  API_CONFIGURATION_ERROR: { status: 500, message: 'Internal server error' },
} as const;

export type GatewayResponseType = keyof typeof builtIn;

/** The types that the templates of this project override. The last two do not happen locally. */
export const overriddenTypes = [
  'DEFAULT_4XX',
  'DEFAULT_5XX',
  'MISSING_AUTHENTICATION_TOKEN',
  'THROTTLED',
  'WAF_FILTERED',
] as const;

const requestIdVariable = '$context.requestId';

/** @returns the first thing in a template that is not understood */
export function findUnknown(template: string): string | undefined {
  return /[$#]\S*/.exec(template.replaceAll(requestIdVariable, ''))?.[0];
}

/**
 * The response that API Gateway itself makes, with the template's overrides.
 *
 * @param accept the content types of the request's Accept header in their order. The first one with a template is used,
 *   otherwise JSON
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
export function buildGatewayResponse(
  type: GatewayResponseType,
  overrides: ReadonlyMap<string, GatewayResponseOverride>,
  { requestId, accept }: { readonly requestId: string; readonly accept: readonly string[] },
): HttpResponse {
  const { status, message } = builtIn[type];
  const override = overrides.get(type) ?? overrides.get(status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX');
  const { templates = {}, headers, statusCode = status } = override ?? {};
  const contentType = accept.find((each) => templates[each] !== undefined) ?? 'application/json';
  const body = templates[contentType] ?? JSON.stringify({ message });
  return {
    status: statusCode,
    headers: Object.entries({ 'Content-Type': contentType, ...headers }),
    body: Buffer.from(body.replaceAll(requestIdVariable, requestId)),
  };
}
