import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Servers that answer on one port of the loopback interface. */
export interface Listener {
  readonly port: number;
  close(): Promise<void>;
}

/** How often a free port is looked for that both loopback addresses have. */
const attempts = 5;

/**
 * Listens on the loopback interface and nowhere else. `localhost` means both 127.0.0.1 and, where the machine has
 * it, ::1: clients differ in which of them they try first.
 *
 * @param port 0 for any free one
 * @throws when the port is taken, naming it
 */
export async function listenOnLoopback(
  host: 'localhost' | '127.0.0.1',
  port: number,
  listener: RequestListener,
): Promise<Listener> {
  for (let attempt = 1; ; attempt++) {
    const first = await listen(createServer(listener), '127.0.0.1', port);
    const chosen = (first.address() as AddressInfo).port;
    if (host === '127.0.0.1') return buildListener(chosen, [first]);
    try {
      return buildListener(chosen, [first, await listen(createServer(listener), '::1', chosen)]);
    } catch (error) {
      if (hasNoSuchAddress(error)) return buildListener(chosen, [first]);
      await close(first);
      if (port !== 0 || attempt === attempts) throw error;
    }
  }
}

function buildListener(port: number, servers: readonly Server[]): Listener {
  return {
    port,
    close: async () => {
      await Promise.all(servers.map(close));
    },
  };
}

function listen(server: Server, address: string, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => {
      server.off('error', reject);
      resolve(server);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function hasNoSuchAddress(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT';
}
