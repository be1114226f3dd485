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
import { type ExchangeLimits, exchange, TimedOut, UnexpectedResponse } from './exchange.ts';

export interface HttpsProviderClientOptions {
  /** Until a new connection is open, with name lookup and TLS. @default 1500 */
  readonly connectTimeoutMilliseconds?: number;
  /** Until the response is complete. @default 6000 */
  readonly totalTimeoutMilliseconds?: number;
  /** A longer body is an error. @default 256 KiB */
  readonly maxBodyBytes?: number;
  /** Measures how long connections have been idle. */
  readonly clock?: Pick<Clock, 'now'>;
  /** Called after each request with an endpoint, with how long it took, until the response was read or the request was given up. */
  readonly onExchange?: (endpoint: ProviderEndpointName, milliseconds: number) => void;
}

/** How long a connection may be idle before it is not used again. */
const maxIdleMilliseconds = 3000;

/**
 * Sends requests to One Login with `node:https`, whose first call is much cheaper than that of `fetch`. A POST is never
 * repeated, because a second token request makes the code invalid.
 */
export class HttpsProviderClient implements ProviderClient, Abortable<ProviderClient> {
  readonly #userAgent: string;
  readonly #limits: ExchangeLimits;
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
    this.#limits = {
      connectTimeoutMilliseconds: options.connectTimeoutMilliseconds ?? 1500,
      totalTimeoutMilliseconds: options.totalTimeoutMilliseconds ?? 6000,
      maxBodyBytes: options.maxBodyBytes ?? 256 * 1024,
    };
    this.#onExchange = options.onExchange ?? (() => undefined);
    this.#pool = new ConnectionPool(options.clock ?? new SystemClock(), maxIdleMilliseconds);
  }

  withSignal(signal: AbortSignal): ProviderClient {
    return {
      send: (request) => this.#send(request, signal),
      connect: (url) => {
        if (!signal.aborted) void this.connect(url);
      },
    };
  }

  connect(url: string): Promise<void> {
    return this.#pool.open(parseAllowedUrl(url));
  }

  /**
   * @throws RelyingPartyError `provider_timed_out` when there is no connection or no complete response in time.
   *   `provider_unreachable` when the request failed, the body is too long, or the URL is neither https nor http to this
   *   machine
   */
  send(request: ProviderRequest): Promise<ProviderResponse> {
    return this.#send(request);
  }

  async #send(request: ProviderRequest, signal?: AbortSignal): Promise<ProviderResponse> {
    signal?.throwIfAborted();
    const { method, body, endpoint } = request;
    const url = parseAllowedUrl(request.url);
    const headers = { ...request.headers, 'user-agent': this.#userAgent };
    const began = performance.now();
    try {
      const response = await exchange(this.#pool, url, { ...this.#limits, method, headers, body, signal });
      return { ...response, body: new TextDecoder().decode(response.body) };
    } catch (error) {
      signal?.throwIfAborted();
      throw describeFailure(url, error);
    } finally {
      if (endpoint !== undefined) this.#onExchange(endpoint, performance.now() - began);
    }
  }
}

/** The message contains the endpoint without its query. */
function describeFailure(url: URL, cause: unknown): RelyingPartyError {
  const endpoint = url.origin + url.pathname;
  if (cause instanceof TimedOut) {
    return new RelyingPartyError('provider_timed_out', `${endpoint}: ${cause.message}`);
  }
  const reason = cause instanceof UnexpectedResponse ? cause.message : readErrorName(cause);
  return new RelyingPartyError('provider_unreachable', `${endpoint}: ${reason}`, { cause });
}

function parseAllowedUrl(text: string): URL {
  const url = URL.parse(text);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url))) return url;
  throw new RelyingPartyError(
    'provider_unreachable',
    `refused to call ${url?.origin ?? 'what is not a URL'}: only https, or http to this machine`,
  );
}
