import type { RequestListener } from 'node:http';
import { listenOnLoopback } from '../stand-in/server/listen.ts';
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

/**
 * Listens on `localhost`.
 *
 * @throws StartError when something else listens on the port
 */
export async function listenOnLocalhost(
  listener: RequestListener,
  { port, portName }: LoopbackOptions,
): Promise<LoopbackServer> {
  try {
    const server = await listenOnLoopback('localhost', port, listener, { maxHeaderSize });
    return { ...server, url: `http://localhost:${server.port}` };
  } catch (error) {
    throw readErrorCode(error) === 'EADDRINUSE' ? portTaken(portName, port) : error;
  }
}

/** Listens on any free port of 127.0.0.1, for endpoints that only the local functions call. */
export async function listenInternally(listener: RequestListener): Promise<LoopbackServer> {
  const server = await listenOnLoopback('127.0.0.1', 0, listener, { maxHeaderSize });
  return { ...server, url: `http://127.0.0.1:${server.port}` };
}

/** The error for a port that something else listens on. */
export function portTaken(portName: string, port: number): StartError {
  return new StartError(
    `${portName}: something else is listening on port ${port}; end it or choose another port`,
  );
}

/** The code of an error of the operating system, such as `EADDRINUSE`. */
export function readErrorCode(error: unknown): string | undefined {
  const { code }: { code?: unknown } = Object(error);
  return typeof code === 'string' ? code : undefined;
}
