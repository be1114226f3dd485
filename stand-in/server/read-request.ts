import type { IncomingMessage } from 'node:http';
import { parseCookies, parseParameters, type Received } from './message.ts';

/** Much more than any message of the protocol. */
const bodyLimitBytes = 128 * 1024;

/** Thrown by {@link readRequest} for a body above 128 KB. */
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
    cookies: parseCookies(message.headers.cookie),
    body: await readBody(message),
    remoteAddress: message.socket.remoteAddress ?? '',
  };
}

/** Splits the request target into path and query string, both still encoded. */
export function splitUrl(target: string): [path: string, queryString: string] {
  const mark = target.indexOf('?');
  return mark === -1 ? [target, ''] : [target.slice(0, mark), target.slice(mark + 1)];
}

async function readBody(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > bodyLimitBytes) throw new BodyTooLarge(`the body is larger than ${bodyLimitBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
