import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { RelyingPartyError, readErrorName } from '../../core/errors.ts';
import type {
  ProviderEndpointName,
  ProviderRequest,
  ProviderResponse,
} from '../../core/one-login/messages.ts';
import type { Abortable, Clock, ProviderClient } from '../../core/ports.ts';
import { isLoopback } from '../../core/urls.ts';
import { SystemClock } from '../system-clock.ts';
import { ConnectionPool } from './connection-pool.ts';

export interface HttpsProviderClientOptions {
  /** Until a new connection is open, with name lookup and TLS. @default 1500 */
  readonly connectTimeoutMilliseconds?: number;
  /** Until the response is complete. @default 6000 */
  readonly totalTimeoutMilliseconds?: number;
  /** A longer body is an error. @default 256 KiB */
  readonly maxBodyBytes?: number;
  /** How long a connection may be idle before it is not used again. @default 3000 */
  readonly maxIdleMilliseconds?: number;
  /** Measures how long connections have been idle. */
  readonly clock?: Pick<Clock, 'now'>;
  /** Called after each request with an endpoint, with how long it took, until the response was read or the request was given up. */
  readonly onExchange?: (endpoint: ProviderEndpointName, milliseconds: number) => void;
}

/** The errors of a kept connection that the server closed while it was idle. The request was not read. */
const staleConnectionErrors = new Set(['ECONNRESET', 'EPIPE']);

/**
 * Sends requests to One Login with `node:https`, whose first call is much cheaper than that of `fetch`. Redirects are not
 * followed. A GET on a kept connection that the server had closed is repeated on a new one (RFC 9110, 9.2.2). A POST is never
 * repeated, because a second token request makes the code invalid.
 */
export class HttpsProviderClient implements ProviderClient, Abortable<ProviderClient> {
  readonly #userAgent: string;
  readonly #connectTimeout: number;
  readonly #totalTimeout: number;
  readonly #maxBodyBytes: number;
  readonly #pool: ConnectionPool;
  readonly #onExchange: NonNullable<HttpsProviderClientOptions['onExchange']>;

  /**
   * @param userAgent sent with every request. One Login responds with 403 to requests without one
   * @throws RelyingPartyError `configuration_invalid` when it is blank
   */
  constructor(userAgent: string, options: HttpsProviderClientOptions = {}) {
    if (userAgent.trim() === '') {
      throw new RelyingPartyError('configuration_invalid', 'the User-Agent for One Login is blank');
    }
    this.#userAgent = userAgent;
    this.#connectTimeout = options.connectTimeoutMilliseconds ?? 1500;
    this.#totalTimeout = options.totalTimeoutMilliseconds ?? 6000;
    this.#maxBodyBytes = options.maxBodyBytes ?? 256 * 1024;
    this.#onExchange = options.onExchange ?? (() => undefined);
    this.#pool = new ConnectionPool(options.clock ?? new SystemClock(), options.maxIdleMilliseconds ?? 3000);
  }

  withSignal(signal: AbortSignal): ProviderClient {
    return { send: (request) => this.#sendUntilAborted(request, signal) };
  }

  async #sendUntilAborted(request: ProviderRequest, signal: AbortSignal): Promise<ProviderResponse> {
    signal.throwIfAborted();
    const abort = new AbortController();
    const forward = () => abort.abort('the request is over');
    signal.addEventListener('abort', forward);
    try {
      return await this.#send(request, abort);
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener('abort', forward);
    }
  }

  /**
   * @throws RelyingPartyError `provider_timed_out` when there is no connection or no complete response in time.
   *   `provider_unreachable` when the request failed, the body is too long, or the URL is neither https nor http to this
   *   machine
   */
  send(request: ProviderRequest): Promise<ProviderResponse> {
    return this.#send(request, new AbortController());
  }

  async #send(request: ProviderRequest, abort: AbortController): Promise<ProviderResponse> {
    const url = parseAllowedUrl(request.url);
    const timer = setTimeout(() => abort.abort('no complete response'), this.#totalTimeout);
    const began = performance.now();
    try {
      return await this.#exchange(url, request, abort);
    } catch (error) {
      throw this.#failure(url, error, abort.signal);
    } finally {
      clearTimeout(timer);
      if (request.endpoint !== undefined) this.#onExchange(request.endpoint, performance.now() - began);
    }
  }

  async #exchange(url: URL, request: ProviderRequest, abort: AbortController): Promise<ProviderResponse> {
    const outgoing = this.#pool.request(url, {
      method: request.method,
      headers: { ...request.headers, 'user-agent': this.#userAgent },
      signal: abort.signal,
    });
    let response: IncomingMessage;
    try {
      response = await this.#awaitResponse(outgoing, request.body, abort);
    } catch (error) {
      const stale = outgoing.reusedSocket && staleConnectionErrors.has(readErrorName(error));
      if (!stale || request.method !== 'GET') throw error;
      this.#pool.closeIdle();
      return await this.#exchange(url, request, abort);
    }
    return {
      status: response.statusCode ?? 0,
      headers: joinHeaders(response),
      body: await this.#readBody(response, outgoing),
    };
  }

  #awaitResponse(
    outgoing: ClientRequest,
    body: string | undefined,
    abort: AbortController,
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      outgoing.once('socket', (socket) => this.#limitConnecting(socket, abort));
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

  #limitConnecting(socket: Socket, abort: AbortController): void {
    if (!socket.connecting) return;
    const timer = setTimeout(() => abort.abort('no connection'), this.#connectTimeout);
    const done = () => clearTimeout(timer);
    socket.once('encrypted' in socket ? 'secureConnect' : 'connect', done);
    socket.once('close', done);
  }

  async #readBody(response: IncomingMessage, outgoing: ClientRequest): Promise<string> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > this.#maxBodyBytes) {
        outgoing.destroy();
        throw new UnexpectedResponse(`the response has more than ${this.#maxBodyBytes} bytes`);
      }
      chunks.push(chunk);
    }
    return new TextDecoder().decode(Buffer.concat(chunks));
  }

  /** The message contains the endpoint without its query. */
  #failure(url: URL, cause: unknown, signal: AbortSignal): RelyingPartyError {
    const endpoint = url.origin + url.pathname;
    if (signal.aborted) {
      const limit = signal.reason === 'no connection' ? this.#connectTimeout : this.#totalTimeout;
      return new RelyingPartyError('provider_timed_out', `${endpoint}: ${signal.reason} within ${limit} ms`);
    }
    const reason = cause instanceof UnexpectedResponse ? cause.message : readErrorName(cause);
    return new RelyingPartyError('provider_unreachable', `${endpoint}: ${reason}`, { cause });
  }
}

class UnexpectedResponse extends Error {}

function parseAllowedUrl(text: string): URL {
  const url = URL.parse(text);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url))) return url;
  throw new RelyingPartyError(
    'provider_unreachable',
    `refused to call ${url?.origin ?? 'what is not a URL'}: only https, or http to this machine`,
  );
}

function joinHeaders(response: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(response.headersDistinct).map(([name, values = []]) => [name, values.join(', ')]),
  );
}
