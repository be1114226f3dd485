import type { Agent } from 'node:http';
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
    for (const sockets of Object.values(this.#agent.freeSockets)) {
      for (const socket of sockets ?? []) {
        if ((this.#idleSince.get(socket) ?? 0) < time) socket.destroy();
      }
    }
  }
}
