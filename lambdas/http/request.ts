import type { APIGatewayProxyEvent } from 'aws-lambda';
import { RelyingPartyError } from '../core/errors.ts';
import type { Language } from '../core/language.ts';
import { collect } from './collect.ts';
import { readRequestId } from './request-id.ts';

/** A request as the handlers see it: only what they use, with everything that can come twice kept as a list. */
export interface HttpRequest {
  readonly method: string;
  /** The route in the API, such as `/auth/login`. */
  readonly resource: string;
  readonly query: ReadonlyMap<string, readonly string[]>;
  /** The Cookie header's values. */
  readonly cookieHeaders: readonly string[];
  /** By which the logs know the request: see {@link readRequestId}. */
  readonly requestId: string;
  /**
   * The body as text, decoded; empty when there is none.
   *
   * @param longest how many bytes it may have; no more are decoded
   * @throws RelyingPartyError `body_too_long`
   */
  body(longest: number): string;
  /** @returns the header's only value; undefined when it is absent or comes more than once */
  header(name: string): string | undefined;
  /** @param name in lower case. @returns every value of the header */
  readonly headerValues: (name: string) => readonly string[];
}

/** Reads a REST API proxy event (payload format 1.0). */
export function readRequest(event: APIGatewayProxyEvent): HttpRequest {
  const headers = collect(
    Object.entries(event.multiValueHeaders ?? {}).flatMap(([name, values]) =>
      (values ?? []).map((value) => [name.toLowerCase(), value] as const),
    ),
  );
  const query = Object.entries(event.multiValueQueryStringParameters ?? {}).map(
    ([name, values]) => [name, values ?? []] as const,
  );
  return {
    method: event.httpMethod,
    resource: event.resource,
    query: new Map(query),
    cookieHeaders: headers.get('cookie') ?? [],
    requestId: readRequestId(event.requestContext.requestId),
    body: (longest) => readBody(event, longest),
    header: (name) => {
      const values = headers.get(name.toLowerCase()) ?? [];
      return values.length === 1 ? values[0] : undefined;
    },
    headerValues: (name) => headers.get(name) ?? [],
  };
}

function readBody({ body, isBase64Encoded }: APIGatewayProxyEvent, longest: number): string {
  const text = body ?? '';
  // Base64 has four characters for three bytes.
  const isTooLong = isBase64Encoded
    ? text.length > Math.ceil(longest / 3) * 4
    : text.length > longest || Buffer.byteLength(text) > longest;
  if (isTooLong) throw new RelyingPartyError('body_too_long', `the body has more than ${longest} bytes`);
  return isBase64Encoded ? Buffer.from(text, 'base64').toString() : text;
}

/** @returns the parameter's only value; undefined when it is absent or comes more than once */
export function queryParameter(request: HttpRequest, name: string): string | undefined {
  const values = request.query.get(name) ?? [];
  return values.length === 1 ? values[0] : undefined;
}

/** The language that a parameter names, if it names one of ours, also as `CY` or `cy-GB`. The last of several counts. */
export function languageParameter(request: HttpRequest, name: 'lang'): Language | undefined {
  const [, language] = /^(en|cy)(-|$)/i.exec(request.query.get(name)?.at(-1) ?? '') ?? [];
  return language === undefined ? undefined : language.toLowerCase() === 'cy' ? 'cy' : 'en';
}
