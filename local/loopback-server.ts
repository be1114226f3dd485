import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StartError } from './start-error.ts';

/** An HTTP server that only this machine can reach. */
export interface LoopbackServer {
  readonly port: number;
  /** Without a trailing slash. */
  readonly url: string;
  /** Stops listening and ends every open connection. */
  close(): Promise<void>;
}

export interface LoopbackOptions {
  /** 0 for any free port. */
  readonly port: number;
  /** The port's name in the message when something else listens there. */
  readonly portName: string;
}

/** API Gateway's limit for the request line and all headers together, in bytes. */
const maxHeaderSize = 10_240;

/** How often to look for a port that is free for IPv4 and for IPv6. */
const attempts = 5;

/**
 * Listens on `localhost` by IPv4 and, if the machine has it, by IPv6: browsers try either first.
 *
 * @throws StartError when something else listens on the port
 */
export async function listenOnLocalhost(
  listener: RequestListener,
  { port, portName }: LoopbackOptions,
): Promise<LoopbackServer> {
  for (let attempt = 1; ; attempt += 1) {
    const first = await listen(listener, port, '127.0.0.1', portName);
    const servers = [first];
    try {
      servers.push(await listen(listener, readPort(first), '::1', portName));
    } catch (error) {
      if (!isWithoutIpV6(error)) {
        await close(first);
        if (port !== 0 || attempt === attempts) throw error;
        continue;
      }
    }
    return {
      port: readPort(first),
      url: `http://localhost:${readPort(first)}`,
      close: async () => {
        await Promise.all(servers.map(close));
      },
    };
  }
}

/** Listens on any free port of 127.0.0.1, for endpoints that only the local functions call. */
export async function listenInternally(listener: RequestListener): Promise<LoopbackServer> {
  const server = await listen(listener, 0, '127.0.0.1', 'a free port');
  const port = readPort(server);
  return { port, url: `http://127.0.0.1:${port}`, close: () => close(server) };
}

async function listen(
  listener: RequestListener,
  port: number,
  host: string,
  portName: string,
): Promise<Server> {
  const server = createServer({ maxHeaderSize }, listener);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).listen(port, host, resolve);
  try {
    await promise;
  } catch (error) {
    if (readErrorCode(error) !== 'EADDRINUSE') throw error;
    throw portTaken(portName, port);
  }
  return server;
}

/** The error for a port that something else listens on. */
export function portTaken(portName: string, port: number): StartError {
  return new StartError(
    `${portName}: something else is listening on port ${port}; end it or choose another port`,
  );
}

async function close(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeAllConnections();
  await promise;
}

function readPort(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function isWithoutIpV6(error: unknown): boolean {
  return ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(readErrorCode(error) ?? '');
}

/** The code of an error of the operating system, such as `EADDRINUSE`. */
export function readErrorCode(error: unknown): string | undefined {
  const { code }: { code?: unknown } = Object(error);
  return typeof code === 'string' ? code : undefined;
}
