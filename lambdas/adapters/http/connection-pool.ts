import type { Agent, ClientRequest } from 'node:http';
import https, { type RequestOptions } from 'node:https';
import type { Clock } from '../../core/ports.ts';
import { KeptConnections } from '../kept-connections.ts';

/** Begins requests of one URL scheme. */
interface Transport {
  readonly agent: Agent;
  readonly kept: KeptConnections;
  readonly request: (url: URL, options: RequestOptions) => ClientRequest;
}

const defaultPorts: Readonly<Record<string, number>> = { 'https:': 443, 'http:': 80 };

/**
 * Begins requests on connections that are kept for a short time. A token request must not be repeated, so a connection that
 * the server has closed would fail a sign-in. Common servers close idle connections after 5 seconds or more: the limit must
 * be lower.
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
   * Begins a request without its body, on a kept connection if there is one.
   *
   * @param url `https:`, or `http:` where the caller allows it
   */
  request(url: URL, options: RequestOptions): ClientRequest {
    const { agent, kept, request } = this.#transport(url.protocol);
    kept.closeStale();
    return request(url, { ...options, agent });
  }

  /** Opens a connection for a request that is about to follow, unless there is one. Resolves when it is open or has failed. */
  open(url: URL): Promise<void> {
    return this.#transport(url.protocol).kept.open(
      url.hostname,
      Number(url.port) || defaultPorts[url.protocol] || 0,
    );
  }

  /** Closes all idle connections, so that the next request opens a new one. */
  closeIdle(): void {
    for (const { kept } of this.#transports.values()) kept.closeAll();
  }

  #transport(protocol: string): Transport {
    const existing = this.#transports.get(protocol);
    if (existing !== undefined) return existing;
    // `import 'node:http'` would load all of fetch for its WebSocket export, which takes 19 ms of every cold start.
    const { Agent, request } = protocol === 'https:' ? https : process.getBuiltinModule('node:http');
    // `timeout` closes idle connections while the function runs, and makes the agent apply a server's Keep-Alive.
    const agent = new Agent({ keepAlive: true, timeout: this.#maxIdleMilliseconds });
    const kept = new KeptConnections(agent, this.#clock, this.#maxIdleMilliseconds);
    const transport = { agent, kept, request };
    this.#transports.set(protocol, transport);
    return transport;
  }
}
