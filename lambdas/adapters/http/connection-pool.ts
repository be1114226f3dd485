import type { Agent, ClientRequest } from 'node:http';
import https, { type RequestOptions } from 'node:https';
import type { Clock } from '../../core/ports.ts';
import { KeptConnections } from '../kept-connections.ts';

/** How to begin requests of one URL scheme. */
interface Transport {
  readonly agent: Agent;
  readonly kept: KeptConnections;
  readonly request: (url: URL, options: RequestOptions) => ClientRequest;
}

/**
 * Begins requests on connections that are kept, but not for long: a token request must not be repeated, so a
 * connection that died unnoticed would cost a user the sign-in. The limit is to lie below the 5 seconds after
 * which the most impatient of common servers hangs up.
 */
export class ConnectionPool {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #maxIdleMilliseconds: number;
  readonly #transports = new Map<string, Transport>();

  constructor(clock: Pick<Clock, 'now'>, maxIdleMilliseconds: number) {
    this.#clock = clock;
    this.#maxIdleMilliseconds = maxIdleMilliseconds;
  }

  /**
   * Begins a request, without its body, on a connection that may be a kept one.
   *
   * @param url `https:`, or `http:` where the caller allows it
   */
  request(url: URL, options: RequestOptions): ClientRequest {
    const { agent, kept, request } = this.#transport(url.protocol);
    kept.closeStale();
    return request(url, { ...options, agent });
  }

  /** Closes all idle connections, so that the next request gets a fresh one. */
  closeIdle(): void {
    for (const { kept } of this.#transports.values()) kept.closeAll();
  }

  #transport(protocol: string): Transport {
    const existing = this.#transports.get(protocol);
    if (existing !== undefined) return existing;
    // `import 'node:http'` would load the whole of fetch for its WebSocket export: 19 ms of every cold start.
    const { Agent, request } = protocol === 'https:' ? https : process.getBuiltinModule('node:http');
    // `timeout` ends idle connections while the function runs, and makes the agent honour a server's
    // Keep-Alive.
    const agent = new Agent({ keepAlive: true, timeout: this.#maxIdleMilliseconds });
    const kept = new KeptConnections(agent, this.#clock, this.#maxIdleMilliseconds);
    const transport = { agent, kept, request };
    this.#transports.set(protocol, transport);
    return transport;
  }
}
