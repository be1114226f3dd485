import type { RequestListener } from 'node:http';
import { type ListenOptions, listenOnLoopback } from '../stand-in/server/listen.ts';
import { StartError } from './start-error.ts';

/** An HTTP server that only this machine can reach. */
export interface LoopbackServer {
  readonly port: number;
  /** Without a trailing slash. */
  readonly url: string;
  /** Stops listening and ends every open connection. */
  close(): Promise<void>;
}

export interface LoopbackOptions extends Pick<ListenOptions, 'certificate' | 'takeOver'> {
  /** 0 for any free port. */
  readonly port: number;
  /** The environment variable with the port, for a message about it. */
  readonly portName: string;
}

/** API Gateway's limit for the request line and all headers together, in bytes. */
const maxHeaderSize = 10_240;

/**
 * Listens on `localhost`.
 *
 * @throws StartError when something else listens on the port, or this user must not
 */
export async function listenOnLocalhost(
  listener: RequestListener,
  { port, portName, ...options }: LoopbackOptions,
): Promise<LoopbackServer> {
  try {
    const server = await listenOnLoopback('localhost', port, listener, { ...options, maxHeaderSize });
    const scheme = options.certificate ? 'https' : 'http';
    return { ...server, url: new URL(`${scheme}://localhost:${server.port}`).origin };
  } catch (error) {
    throw explainPort(error, portName, port);
  }
}

/** Listens on any free port of 127.0.0.1, for endpoints that only the local functions call. */
export async function listenInternally(listener: RequestListener): Promise<LoopbackServer> {
  const server = await listenOnLoopback('127.0.0.1', 0, listener, { maxHeaderSize });
  return { ...server, url: `http://127.0.0.1:${server.port}` };
}

/** Puts an error about a port into words. Returns other errors as they are. */
export function explainPort(error: unknown, portName: string, port: number): unknown {
  const option = `--${portName.toLowerCase().replaceAll('_', '-')}`;
  const choose = `choose another port with ${option} or ${portName}`;
  switch (readErrorCode(error)) {
    case 'EADDRINUSE':
      return new StartError(`${portName}: something else is listening on port ${port}; end it or ${choose}`);
    case 'EACCES':
      return new StartError(`${portName}: you are not allowed to listen on port ${port}; ${choose}`);
    default:
      return error;
  }
}

/** The code of an error of the operating system, such as `EADDRINUSE`. */
export function readErrorCode(error: unknown): string | undefined {
  const { code }: { code?: unknown } = Object(error);
  return typeof code === 'string' ? code : undefined;
}
