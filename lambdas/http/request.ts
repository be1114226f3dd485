import type { APIGatewayProxyEvent } from 'aws-lambda';

/** A request as the handlers see it: only what they use, with everything that can come twice kept as a list. */
export interface HttpRequest {
  readonly method: string;
  /** The route in the API, such as `/auth/login`. */
  readonly resource: string;
  readonly query: ReadonlyMap<string, readonly string[]>;
  /** The Cookie header's values. */
  readonly cookieHeaders: readonly string[];
  /** The reference number that pages show and logs hold. */
  readonly requestId: string;
  /** The body as text, decoded; empty when there is none. */
  readonly body: string;
  /** @returns the header's only value; undefined when it is absent or comes more than once */
  header(name: string): string | undefined;
  /** @param name in lower case. @returns every value of the header */
  readonly headerValues: (name: string) => readonly string[];
}

/** Reads a REST API proxy event (payload format 1.0). */
export function readRequest(event: APIGatewayProxyEvent): HttpRequest {
  const headers = new Map<string, readonly string[]>();
  for (const [name, values] of Object.entries(event.multiValueHeaders ?? {})) {
    headers.set(name.toLowerCase(), [...(headers.get(name.toLowerCase()) ?? []), ...(values ?? [])]);
  }
  const query = Object.entries(event.multiValueQueryStringParameters ?? {}).map(
    ([name, values]) => [name, values ?? []] as const,
  );
  return {
    method: event.httpMethod,
    resource: event.resource,
    query: new Map(query),
    cookieHeaders: headers.get('cookie') ?? [],
    requestId: event.requestContext.requestId,
    body: event.isBase64Encoded ? Buffer.from(event.body ?? '', 'base64').toString() : (event.body ?? ''),
    header: (name) => {
      const values = headers.get(name.toLowerCase()) ?? [];
      return values.length === 1 ? values[0] : undefined;
    },
    headerValues: (name) => headers.get(name) ?? [],
  };
}

/** @returns the parameter's only value; undefined when it is absent or comes more than once */
export function queryParameter(request: HttpRequest, name: string): string | undefined {
  const values = request.query.get(name) ?? [];
  return values.length === 1 ? values[0] : undefined;
}

/** The language that a parameter names, if it names one of ours. */
export function languageParameter(request: HttpRequest, name: 'lang'): 'en' | 'cy' | undefined {
  const value = queryParameter(request, name);
  return value === 'en' || value === 'cy' ? value : undefined;
}
