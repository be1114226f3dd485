import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { readErrorName } from '../../core/errors.ts';
import type { ConnectionPool } from './connection-pool.ts';

export interface ExchangeLimits {
  /** Until a new connection is open, with name lookup and TLS. */
  readonly connectTimeoutMilliseconds: number;
  /** Until the response is complete. */
  readonly totalTimeoutMilliseconds: number;
  /** A longer body is an error. */
  readonly maxBodyBytes: number;
}

export interface ExchangeOptions extends ExchangeLimits {
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** Aborts the exchange. */
  readonly signal?: AbortSignal | undefined;
}

/** A complete response. Header names are in lower case. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** There was no connection or no complete response in time. */
export class TimedOut extends Error {
  override readonly name = 'TimeoutError';
}

/** A response that can't be used. The message contains nothing of it. */
export class UnexpectedResponse extends Error {
  override readonly name = 'UnexpectedResponse';
}

/** The errors of a kept connection that the server closed while it was idle. The request was not read. */
const staleConnectionErrors = new Set(['ECONNRESET', 'EPIPE']);

/**
 * Sends a request and reads its response. Redirects are not followed. A GET on a kept connection that the server had closed is
 * repeated on a new one (RFC 9110, 9.2.2).
 *
 * @throws TimedOut, {@link UnexpectedResponse}, the reason of the signal, or the error of the connection
 */
export async function exchange(
  pool: ConnectionPool,
  url: URL,
  options: ExchangeOptions,
): Promise<HttpResponse> {
  const { totalTimeoutMilliseconds: milliseconds, signal } = options;
  signal?.throwIfAborted();
  const abort = new AbortController();
  const forward = () => abort.abort(signal?.reason);
  signal?.addEventListener('abort', forward);
  const timeOut = () => abort.abort(new TimedOut(`no complete response within ${milliseconds} ms`));
  const timer = setTimeout(timeOut, milliseconds);
  try {
    return await exchangeOnce(pool, url, options, abort);
  } catch (error) {
    abort.signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', forward);
  }
}

async function exchangeOnce(
  pool: ConnectionPool,
  url: URL,
  options: ExchangeOptions,
  abort: AbortController,
): Promise<HttpResponse> {
  const { method, headers, maxBodyBytes } = options;
  const outgoing = pool.request(url, { method, headers, signal: abort.signal });
  let response: IncomingMessage;
  try {
    response = await awaitResponse(outgoing, options, abort);
  } catch (error) {
    const stale = outgoing.reusedSocket && staleConnectionErrors.has(readErrorName(error));
    if (!stale || method !== 'GET') throw error;
    pool.closeIdle();
    return await exchangeOnce(pool, url, options, abort);
  }
  const body = await readBody(response, maxBodyBytes);
  return { status: response.statusCode ?? 0, headers: joinHeaders(response), body };
}

function awaitResponse(
  outgoing: ClientRequest,
  { body, connectTimeoutMilliseconds }: ExchangeOptions,
  abort: AbortController,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    outgoing.once('socket', (socket) => limitConnecting(socket, connectTimeoutMilliseconds, abort));
    outgoing.once('response', resolve);
    // Without a listener Node closes the connection after a 101 and emits neither a response nor an error.
    outgoing.once('upgrade', (_response, socket) => {
      socket.destroy();
      reject(new UnexpectedResponse('the response changes the protocol'));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function limitConnecting(socket: Socket, milliseconds: number, abort: AbortController): void {
  // A connection that was opened ahead may be in the middle of TLS.
  if (!socket.connecting && Reflect.get(socket, 'secureConnecting') !== true) return;
  const timeOut = () => abort.abort(new TimedOut(`no connection within ${milliseconds} ms`));
  const timer = setTimeout(timeOut, milliseconds);
  const done = () => clearTimeout(timer);
  socket.once('encrypted' in socket ? 'secureConnect' : 'connect', done);
  socket.once('close', done);
}

/** An error ends the loop, and with it the connection. */
async function readBody(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new UnexpectedResponse(`the response has more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function joinHeaders(response: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(response.headersDistinct).map(([name, values = []]) => [name, values.join(', ')]),
  );
}
