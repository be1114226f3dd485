import type { APIGatewayProxyEvent } from 'aws-lambda';
import { RelyingPartyError } from '../core/errors.ts';
import { findLanguage, type Language } from '../core/language.ts';
import { readRequestId } from './request-id.ts';

/** The parts of a request that handlers use. Everything that can appear twice is a list. */
export interface HttpRequest {
  readonly method: string;
  /** The route in the API, such as `/auth/login`. */
  readonly resource: string;
  readonly query: ReadonlyMap<string, readonly string[]>;
  /** The Cookie header's values. */
  readonly cookieHeaders: readonly string[];
  /** The id in the log, see {@link readRequestId}. */
  readonly requestId: string;
  /**
   * The decoded body, which is empty when there is none.
   *
   * @param longest how many bytes it may have. A longer body is not decoded
   * @throws RelyingPartyError `body_too_long`
   */
  body(longest: number): string;
  /** @returns undefined when the header is absent or appears more than once */
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
    : Buffer.byteLength(text) > longest;
  if (isTooLong) throw new RelyingPartyError('body_too_long', `the body has more than ${longest} bytes`);
  return isBase64Encoded ? Buffer.from(text, 'base64').toString() : text;
}

/** @returns undefined when the parameter is absent or appears more than once */
export function queryParameter(request: HttpRequest, name: string): string | undefined {
  const values = request.query.get(name) ?? [];
  return values.length === 1 ? values[0] : undefined;
}

/** Reads the language of a parameter, also in a form such as `CY` or `cy-GB`. The last of several is used. */
export function languageParameter(request: HttpRequest, name: 'lang'): Language | undefined {
  return findLanguage(request.query.get(name)?.at(-1) ?? '');
}

/** Collects every value of each name in one pass, because the sender chooses how many names there are. */
export function collect(
  pairs: Iterable<readonly [name: string, value: string]>,
): ReadonlyMap<string, readonly string[]> {
  const collected = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    const values = collected.get(name);
    if (values === undefined) collected.set(name, [value]);
    else values.push(value);
  }
  return collected;
}

/** Bytes, far above what One Login posts. API Gateway allows 10 MB. */
const longestBody = 65_536;
/** Far above the one field that One Login posts. */
const mostFields = 100;

/**
 * Reads a form (WHATWG URL, application/x-www-form-urlencoded), with every value of each field.
 *
 * @throws RelyingPartyError `content_type_unsupported`, `body_too_long`, `form_too_long`
 */
export function readForm(request: HttpRequest): ReadonlyMap<string, readonly string[]> {
  const [mediaType = ''] = (request.header('content-type') ?? '').split(';');
  if (mediaType.trim().toLowerCase() !== 'application/x-www-form-urlencoded') {
    throw new RelyingPartyError(
      'content_type_unsupported',
      'the Content-Type is not application/x-www-form-urlencoded',
    );
  }
  const body = request.body(longestBody);
  if (body.split('&', mostFields + 1).length > mostFields) {
    throw new RelyingPartyError('form_too_long', `the form has more than ${mostFields} fields`);
  }
  return collect(new URLSearchParams(body));
}
