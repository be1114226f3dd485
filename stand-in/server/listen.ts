import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerOptions,
} from 'node:http';
import { createServer as createTlsServer, Server as TlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { addAbortSignal } from 'node:stream';

/** A server on one port of the loopback interface. */
export interface Listener {
  readonly port: number;
  /** Stops listening and closes every connection. */
  close(): Promise<void>;
}

export interface ListenOptions extends ServerOptions {
  /** The key and the certificate of TLS, in PEM. @default no TLS */
  readonly certificate?: { readonly key: string; readonly cert: string } | undefined;
  /**
   * Takes over a connection for another protocol, such as a WebSocket. @returns false to respond to the request without it
   * @default responds to all requests without it
   */
  readonly takeOver?: ((request: IncomingMessage, socket: Socket, head: Buffer) => boolean) | undefined;
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
  options: ListenOptions = {},
): Promise<Listener> {
  const ending = new AbortController();
  const open = (address: string, at: number) =>
    listen(createLoopbackServer(listener, options, ending.signal), address, at);
  const buildListener = (chosen: number, servers: readonly Server[]): Listener => ({
    port: chosen,
    close: async () => {
      ending.abort();
      await Promise.all(servers.map(close));
    },
  });
  for (let attempt = 1; ; attempt++) {
    const first = await open('127.0.0.1', port);
    const chosen = (first.address() as AddressInfo).port;
    if (host === '127.0.0.1') return buildListener(chosen, [first]);
    try {
      return buildListener(chosen, [first, await open('::1', chosen)]);
    } catch (error) {
      if (hasNoSuchAddress(error)) return buildListener(chosen, [first]);
      await close(first);
      if (port !== 0 || attempt === attempts) throw error;
    }
  }
}

/** @param ending ends connections that were taken over, which the server itself does not close any more */
function createLoopbackServer(
  listener: RequestListener,
  { takeOver, certificate, ...options }: ListenOptions,
  ending: AbortSignal,
): Server {
  const server: Server = certificate
    ? createTlsServer({ ...options, ...certificate }, listener)
    : createServer(options, listener);
  if (takeOver === undefined) return server;
  return server.on('upgrade', (request, socket: Socket, head) => {
    socket.on('error', () => socket.destroy());
    if (takeOver(request, socket, head)) addAbortSignal(ending, socket);
    else answerWithoutUpgrade(server, request, socket, head);
  });
}

/**
 * Reads the request again as one that does not request another protocol, which a server may ignore (RFC 9110, 7.8). Node
 * parses no body once it has found one that does. Java's client requests HTTP/2 that way.
 */
function answerWithoutUpgrade(server: Server, request: IncomingMessage, socket: Socket, head: Buffer): void {
  const { method, url, httpVersion, rawHeaders } = request;
  const lines = rawHeaders.flatMap((name, index) =>
    index % 2 === 1 || /^(upgrade|connection|http2-settings)$/i.test(name)
      ? []
      : [`${name}: ${rawHeaders[index + 1]}`],
  );
  const text = [`${method} ${url} HTTP/${httpVersion}`, ...lines, '', ''].join('\r\n');
  socket.unshift(Buffer.concat([Buffer.from(text, 'latin1'), head]));
  server.emit(server instanceof TlsServer ? 'secureConnection' : 'connection', socket);
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
