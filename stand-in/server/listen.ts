import { once } from 'node:events';
import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** A server on one port of the loopback interface. */
export interface Listener {
  readonly port: number;
  /** Stops listening and closes every connection. */
  close(): Promise<void>;
}

export interface ListenOptions extends ServerOptions {
  /** The key and the certificate of TLS, in PEM. @default no TLS */
  readonly certificate?: { readonly key: string; readonly cert: string } | undefined;
}

/** How often to look for a port that is free at both loopback addresses. */
const attempts = 5;

/**
 * Listens on the loopback interface only. `localhost` is both 127.0.0.1 and, if the machine has it, ::1, because clients
 * try either first.
 *
 * @param port 0 for any free port
 * @throws Error with the code `EADDRINUSE` when the port is taken
 */
export async function listenOnLoopback(
  host: 'localhost' | '127.0.0.1',
  port: number,
  listener: RequestListener,
  { certificate, ...options }: ListenOptions = {},
): Promise<Listener> {
  const create = (): Server =>
    certificate ? createTlsServer({ ...options, ...certificate }, listener) : createServer(options, listener);
  for (let attempt = 1; ; attempt++) {
    const first = await listen(create(), '127.0.0.1', port);
    const chosen = (first.address() as AddressInfo).port;
    if (host === '127.0.0.1') return buildListener(chosen, [first]);
    try {
      return buildListener(chosen, [first, await listen(create(), '::1', chosen)]);
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

async function listen(server: Server, address: string, port: number): Promise<Server> {
  server.listen(port, address);
  await once(server, 'listening');
  return server;
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
