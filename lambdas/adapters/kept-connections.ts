import type { Agent } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '../core/ports.ts';

/**
 * Keep-alive connections that are never reused once they have been idle for too long **by the clock**.
 *
 * An agent's own idle timeout is a timer, and Lambda stops timers while it has a function frozen: after
 * minutes in the freezer the agent still holds connections that the other side closed long ago, and the next
 * request on one of them fails with ECONNRESET. So whoever sends a request first has the stale ones closed.
 */
export class KeptConnections {
  readonly #agent: Agent;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #maxIdleMilliseconds: number;
  readonly #idleSince = new WeakMap<Duplex, number>();

  /** @param agent is told by this object alone what it keeps */
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

  /** To be called before each request. */
  closeStale(): void {
    this.#closeIdleSinceBefore(this.#clock.now() - this.#maxIdleMilliseconds);
  }

  /** Makes the next request open a connection of its own. */
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
