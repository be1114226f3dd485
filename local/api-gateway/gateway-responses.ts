import type { HttpResponse } from './proxy-response.ts';
import type { GatewayResponseOverride } from './rest-api.ts';

/** The types that can happen locally, with API Gateway's status and message. */
const builtIn = {
  UNAUTHORIZED: { status: 401, message: 'Unauthorized' },
  ACCESS_DENIED: { status: 403, message: 'User is not authorized to access this resource' },
  // An authorizer that failed, or did not return a policy.
  AUTHORIZER_CONFIGURATION_ERROR: { status: 500, message: null },
  MISSING_AUTHENTICATION_TOKEN: { status: 403, message: 'Missing Authentication Token' },
  REQUEST_TOO_LARGE: { status: 413, message: 'Request Too Long' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, message: 'Unsupported Media Type' },
  // A function that failed or did not return a response: only DEFAULT_5XX changes it.
  MALFORMED_PROXY_RESPONSE: { status: 502, message: 'Internal server error' },
  API_CONFIGURATION_ERROR: { status: 500, message: 'Internal server error' },
} as const;

export type GatewayResponseType = keyof typeof builtIn;

/** The types that the templates of this project override. The last three do not happen locally. */
export const overriddenTypes = [
  'DEFAULT_4XX',
  'DEFAULT_5XX',
  'MISSING_AUTHENTICATION_TOKEN',
  'UNAUTHORIZED',
  'ACCESS_DENIED',
  'AUTHORIZER_CONFIGURATION_ERROR',
  'AUTHORIZER_FAILURE',
  'THROTTLED',
  'WAF_FILTERED',
] as const;

/** The values of a request that templates can contain. */
export interface GatewayResponseContext {
  readonly requestId: string;
  readonly httpMethod: string;
  /** What the authorizer passed on. */
  readonly authorizer: Readonly<Record<string, string | number>>;
}

const variables = /\$context\.(?:(requestId|httpMethod)|authorizer\.(\w+))/g;

/** @returns the first thing in a template that is not understood. A digit after a number sign has no meaning there */
export function findUnknown(template: string): string | undefined {
  return /\$\S*|#(?!\d)\S*/.exec(template.replaceAll(variables, ''))?.[0];
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
  { accept, context }: { readonly accept: readonly string[]; readonly context: GatewayResponseContext },
): HttpResponse {
  const { status, message } = builtIn[type];
  const override = overrides.get(type) ?? overrides.get(status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX');
  const { templates = {}, headers, statusCode = status } = override ?? {};
  const contentType = accept.find((each) => templates[each] !== undefined) ?? 'application/json';
  const body = templates[contentType] ?? JSON.stringify({ message });
  return {
    status: statusCode,
    headers: Object.entries({ 'Content-Type': contentType, ...headers }),
    body: Buffer.from(fillIn(body, context)),
  };
}

/** A variable without a value becomes nothing. */
function fillIn(template: string, context: GatewayResponseContext): string {
  return template.replaceAll(variables, (_whole, name: 'requestId' | 'httpMethod' | undefined, key: string) =>
    String(name === undefined ? (context.authorizer[key] ?? '') : context[name]),
  );
}
