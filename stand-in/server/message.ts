import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** A request with its body. */
export interface Received {
  readonly method: string;
  /** Without the query string. */
  readonly path: string;
  /** Still encoded, without the question mark. */
  readonly queryString: string;
  /** Decoded. A repeated parameter has its last value, as in One Login. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The address of the client. */
  readonly remoteAddress: string;
}

/** The response to a request. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string;
}

/** Reads `a=1&b=2`. A repeated name has its last value. */
export function parseParameters(text: string): ReadonlyMap<string, string> {
  return new Map(new URLSearchParams(text));
}

/** @returns undefined for a text that is not JSON */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A JSON response. */
export function jsonAnswer(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) };
}

/** Adds parameters to a URL; those that are undefined are left out. */
export function withParameters(
  url: string,
  parameters: Readonly<Record<string, string | undefined>>,
): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) query.append(name, value);
  }
  if (query.size === 0) return url;
  return `${url}${url.includes('?') ? '&' : '?'}${query}`;
}

/** A redirect with parameters: 302 as in One Login, 303 after a form. */
export function redirectAnswer(
  url: string,
  parameters: Readonly<Record<string, string | undefined>> = {},
  status: 302 | 303 = 302,
): Answer {
  const location = withParameters(url, parameters);
  return { status, headers: { location, 'cache-control': 'no-store' }, body: '' };
}

/** The response with another header. */
export function withHeader(answer: Answer, name: string, value: string | readonly string[]): Answer {
  return { ...answer, headers: { ...answer.headers, [name]: value } };
}

/** Much more than any message of the protocol. */
const bodyLimitBytes = 128 * 1024;

/** Thrown for a body above its limit. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';
}

/**
 * Reads a request to its end.
 *
 * @throws BodyTooLarge, or the stream's error when the client closes the connection
 */
export async function readRequest(message: IncomingMessage): Promise<Received> {
  const [path, queryString] = splitUrl(message.url ?? '/');
  return {
    method: message.method ?? 'GET',
    path,
    queryString,
    parameters: parseParameters(queryString),
    headers: message.headers,
    body: await readText(message, bodyLimitBytes),
    remoteAddress: message.socket.remoteAddress ?? '',
  };
}

/** Splits the request target into path and query string, both still encoded. */
export function splitUrl(target: string): [path: string, queryString: string] {
  const mark = target.indexOf('?');
  return mark === -1 ? [target, ''] : [target.slice(0, mark), target.slice(mark + 1)];
}

/**
 * Reads a body to its end.
 *
 * @throws BodyTooLarge for more than the limit in bytes
 */
export async function readText(message: IncomingMessage, limit: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limit) throw new BodyTooLarge(`the body is larger than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
