import type { Agent } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from '../core/ports.ts';

/**
 * Keep-alive connections that are not reused once they have been idle for too long **by the clock**.
 *
 * An agent's own idle timeout is a timer, which does not run while Lambda has frozen the function. Minutes later the agent
 * still keeps connections that the other side has closed, and the next request on one of them fails with ECONNRESET. So
 * stale connections are closed before each request.
 */
export class KeptConnections {
  readonly #agent: Agent;
  readonly #connect: Agent['createConnection'];
  /** Connections that no request has used yet, by host and port. */
  readonly #opened = new Map<string, { readonly socket: Socket; readonly at: number }>();
  readonly #clock: Pick<Clock, 'now'>;
  readonly #maxIdleMilliseconds: number;
  readonly #idleSince = new WeakMap<Duplex, number>();

  constructor(agent: Agent, clock: Pick<Clock, 'now'>, maxIdleMilliseconds: number) {
    this.#agent = agent;
    this.#clock = clock;
    this.#maxIdleMilliseconds = maxIdleMilliseconds;
    const keepSocketAlive = agent.keepSocketAlive.bind(agent);
    agent.keepSocketAlive = (socket) => {
      this.#idleSince.set(socket, clock.now());
      return keepSocketAlive(socket);
    };
    this.#connect = agent.createConnection.bind(agent);
    agent.createConnection = (options, callback) =>
      this.#takeOpened(`${options.host}:${options.port}`) ?? this.#connect(options, callback);
  }

  /**
   * Opens a connection for a request that is about to follow, unless there is one. If it fails, that request opens another one and
   * meets the failure.
   *
   * @returns when the connection is open or has failed
   */
  async open(host: string, port: number): Promise<void> {
    const address = `${host}:${port}`;
    this.closeStale();
    const isKept = Object.keys(this.#agent.freeSockets).some((name) => name.startsWith(`${address}:`));
    if (isKept || this.#opened.get(address)?.socket.destroyed === false) return;
    // An agent adds the name for TLS to requests only. An IP address is no name (RFC 6066, 3).
    const options = { host, port, servername: /^[\d.]+$|:/.test(host) ? '' : host };
    const socket = this.#connect(options) as Socket;
    this.#opened.set(address, { socket, at: this.#clock.now() });
    // The request that follows meets the failure.
    socket.once('error', () => undefined);
    // An unused connection does not keep a process from ending.
    socket.unref();
    await new Promise((resolve) => {
      socket.once('encrypted' in socket ? 'secureConnect' : 'connect', resolve).once('close', resolve);
    });
  }

  #takeOpened(address: string): Socket | undefined {
    const { socket } = this.#opened.get(address) ?? {};
    this.#opened.delete(address);
    return socket?.destroyed === false ? socket.ref() : undefined;
  }

  /** Call this before each request. */
  closeStale(): void {
    this.#closeIdleSinceBefore(this.#clock.now() - this.#maxIdleMilliseconds);
  }

  /** Makes the next request open a new connection. */
  closeAll(): void {
    this.#closeIdleSinceBefore(Number.POSITIVE_INFINITY);
  }

  #closeIdleSinceBefore(time: number): void {
    for (const { socket, at } of this.#opened.values()) {
      if (at < time) socket.destroy();
    }
    for (const sockets of Object.values(this.#agent.freeSockets)) {
      for (const socket of sockets ?? []) {
        if ((this.#idleSince.get(socket) ?? 0) < time) socket.destroy();
      }
    }
  }
}
