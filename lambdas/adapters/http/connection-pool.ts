import type { Agent, ClientRequest } from 'node:http';
import https, { type RequestOptions } from 'node:https';
import type { Socket } from 'node:net';
import type { Clock } from '../../core/ports.ts';

/** How to begin requests of one URL scheme. */
interface Transport {
  readonly agent: Agent;
  readonly request: (url: URL, options: RequestOptions) => ClientRequest;
}

/**
 * Keep-alive connections that are never reused once they have been idle for too long **by the clock**.
 *
 * The agent's own idle timeout is a timer, and Lambda stops timers while it has a function frozen: after minutes
 * in the freezer the pool still holds connections that the other side closed long ago, and the next request on
 * one of them fails with ECONNRESET. A token request must not be repeated, so that would cost a user the
 * sign-in. Therefore every request first throws out what the clock says is too old; the limit lies below the
 * 5 seconds after which the most impatient of common servers hangs up.
 */
export class ConnectionPool {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #maxIdleMilliseconds: number;
  readonly #idleSince = new WeakMap<Socket, number>();
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
    const { agent, request } = this.#transport(url.protocol);
    this.#closeIdle(agent, this.#clock.now() - this.#maxIdleMilliseconds);
    return request(url, { ...options, agent });
  }

  /** To be told of every connection whose response is complete, before it goes back into the pool. */
  release(socket: Socket): void {
    this.#idleSince.set(socket, this.#clock.now());
  }

  /** Closes all idle connections, so that the next request gets a fresh one. */
  closeIdle(): void {
    for (const { agent } of this.#transports.values()) this.#closeIdle(agent, Number.POSITIVE_INFINITY);
  }

  #closeIdle(agent: Agent, before: number): void {
    for (const sockets of Object.values(agent.freeSockets)) {
      for (const socket of sockets ?? []) {
        if ((this.#idleSince.get(socket) ?? 0) < before) socket.destroy();
      }
    }
  }

  #transport(protocol: string): Transport {
    const existing = this.#transports.get(protocol);
    if (existing !== undefined) return existing;
    // `import 'node:http'` would load the whole of fetch for its WebSocket export: 19 ms of every cold start.
    const { Agent, request } = protocol === 'https:' ? https : process.getBuiltinModule('node:http');
    // `timeout` ends idle connections while the function runs, and makes the agent honour a server's Keep-Alive.
    const agent = new Agent({ keepAlive: true, timeout: this.#maxIdleMilliseconds });
    const transport = { agent, request };
    this.#transports.set(protocol, transport);
    return transport;
  }
}
