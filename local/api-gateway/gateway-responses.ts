/** A response that API Gateway makes itself. */
export interface GatewayResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the template says of one type of gateway response. */
export interface GatewayResponseOverride {
  readonly statusCode?: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Content type → template; empty when the template says nothing of the body. */
  readonly templates: Readonly<Record<string, string>>;
}

/** What can happen locally: type → status and message, as API Gateway has them. */
const builtIn = {
  MISSING_AUTHENTICATION_TOKEN: { status: 403, message: 'Missing Authentication Token' },
  REQUEST_TOO_LARGE: { status: 413, message: 'Request Too Long' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, message: 'Unsupported Media Type' },
  // A function that failed or answered with something else than a response: only DEFAULT_5XX shapes it.
  MALFORMED_PROXY_RESPONSE: { status: 502, message: 'Internal server error' },
  API_CONFIGURATION_ERROR: { status: 500, message: 'Internal server error' },
  INTEGRATION_TIMEOUT: { status: 504, message: 'Endpoint request timed out' },
} as const;

export type GatewayResponseType = keyof typeof builtIn;

/** Every type that a template may shape. Those that can't happen locally are accepted for the sake of AWS. */
export const gatewayResponseTypes = [
  'ACCESS_DENIED',
  'API_CONFIGURATION_ERROR',
  'AUTHORIZER_CONFIGURATION_ERROR',
  'AUTHORIZER_FAILURE',
  'BAD_REQUEST_BODY',
  'BAD_REQUEST_PARAMETERS',
  'DEFAULT_4XX',
  'DEFAULT_5XX',
  'EXPIRED_TOKEN',
  'INTEGRATION_FAILURE',
  'INTEGRATION_TIMEOUT',
  'INVALID_API_KEY',
  'INVALID_SIGNATURE',
  'MISSING_AUTHENTICATION_TOKEN',
  'QUOTA_EXCEEDED',
  'REQUEST_TOO_LARGE',
  'RESOURCE_NOT_FOUND',
  'THROTTLED',
  'UNAUTHORIZED',
  'UNSUPPORTED_MEDIA_TYPE',
  'WAF_FILTERED',
] as const;

/** The variables that templates may use, as far as they are understood here. */
const variables = ['error.message', 'error.messageString', 'error.responseType', 'requestId'] as const;
const variablePattern = /\$context\.([A-Za-z.]+)/g;

/** @returns the first thing in a template that is not understood */
export function unknownInTemplate(template: string): string | undefined {
  const rest = template.replace(variablePattern, (whole, name: string) =>
    variables.some((variable) => variable === name) ? '' : whole,
  );
  return /[$#]\S*/.exec(rest)?.[0];
}

/**
 * The response of a type, as the template or else API Gateway shapes it.
 *
 * @param accept the content types of the request's Accept header, in their order: the first that has a template is
 *   it, and JSON when there is none
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
export function gatewayResponse(
  type: GatewayResponseType,
  overrides: ReadonlyMap<string, GatewayResponseOverride>,
  { requestId, accept }: { readonly requestId: string; readonly accept: readonly string[] },
): GatewayResponse {
  const { status, message } = builtIn[type];
  const override = overrides.get(type) ?? overrides.get(status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX');
  const { contentType, template } = chooseTemplate(override?.templates ?? {}, accept);
  const values: Readonly<Record<(typeof variables)[number], string>> = {
    'error.message': message,
    'error.messageString': JSON.stringify(message),
    'error.responseType': type,
    requestId,
  };
  const expand = (text: string) =>
    text.replace(variablePattern, (whole, name: string) => values[name as keyof typeof values] ?? whole);
  return {
    status: override?.statusCode ?? status,
    headers: { 'Content-Type': contentType, ...override?.headers },
    body: expand(template),
  };
}

function chooseTemplate(templates: Readonly<Record<string, string>>, accept: readonly string[]) {
  const wanted = [...accept, 'application/json', ...Object.keys(templates)];
  const contentType = wanted.find((type) => templates[type] !== undefined) ?? 'application/json';
  return { contentType, template: templates[contentType] ?? '{"message":$context.error.messageString}' };
}
