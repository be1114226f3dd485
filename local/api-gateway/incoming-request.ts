import type { IncomingMessage } from 'node:http';

/** A request of a client. */
export interface IncomingRequest {
  readonly method: string;
  /** Still encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** In their order, with repetitions. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly sourceIp: string;
  /** Empty when it is too large. */
  readonly body: Buffer;
  readonly isTooLarge: boolean;
}

/** API Gateway's limit for a body, in bytes. */
const maximumBodySize = 10 * 1024 * 1024;

/** Rejects when the client closes the connection before its request is complete. */
export async function readIncomingRequest(request: IncomingMessage): Promise<IncomingRequest> {
  const body = await readBody(request);
  const [path = '/', ...query] = (request.url ?? '/').split('?');
  return {
    method: request.method ?? 'GET',
    path,
    query: new URLSearchParams(query.join('?')),
    headers: pairs(request.rawHeaders),
    sourceIp: (request.socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, ''),
    body: body ?? Buffer.alloc(0),
    isTooLarge: body === undefined,
  };
}

/** All values of a header, whatever the case of its name. */
export function headerValues(request: IncomingRequest, name: string): string[] {
  return request.headers.filter(([each]) => each.toLowerCase() === name).map(([, value]) => value);
}

/** The content types of a header, without their parameters and in lower case. */
export function mediaTypes(request: IncomingRequest, header: 'accept' | 'content-type'): string[] {
  return headerValues(request, header)
    .flatMap((value) => value.split(','))
    .map((value) => value.replace(/;.*/, '').trim().toLowerCase());
}

async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Read to the end even if it is too large: a client that is still sending does not read the response.
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= maximumBodySize) chunks.push(chunk);
  }
  return size <= maximumBodySize ? Buffer.concat(chunks) : undefined;
}

function pairs(rawHeaders: readonly string[]): [string, string][] {
  return rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ''] as [string, string]] : [],
  );
}
