import type { IncomingHttpHeaders } from 'node:http';
import type { RequestLogEntry } from './request-log.ts';

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
  readonly cookies: ReadonlyMap<string, string>;
  readonly body: string;
  /** The address of the client. */
  readonly remoteAddress: string;
  /** Absent for `/control`, which is not logged. */
  readonly logEntry?: RequestLogEntry;
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

/** Reads a Cookie header. A repeated name has its first value. */
export function parseCookies(header: string | undefined): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of (header ?? '').split(';')) {
    const separator = pair.indexOf('=');
    if (separator < 1) continue;
    const name = pair.slice(0, separator).trim();
    if (!cookies.has(name)) cookies.set(name, pair.slice(separator + 1).trim());
  }
  return cookies;
}

/** A JSON answer. */
export function jsonAnswer(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) };
}

/** A redirect: 302 as in One Login, 303 after a form. */
export function redirectAnswer(location: string, status: 302 | 303 = 302): Answer {
  return { status, headers: { location, 'cache-control': 'no-store' }, body: '' };
}

/** The answer with another header. */
export function withHeader(answer: Answer, name: string, value: string | readonly string[]): Answer {
  return { ...answer, headers: { ...answer.headers, [name]: value } };
}
