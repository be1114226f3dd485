import type { Received } from '../server/message.ts';

/** A request to `/control` that is refused. The message is in the response. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
  readonly status: 403 | 404 | 405 | 409;

  constructor(status: ControlError['status'], message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * Allows requests of programs on this machine and of the stand-in's own pages. Refuses requests that a web page could make
 * a browser send: from other origins, and with another host name that resolves to this machine.
 *
 * @param url the stand-in's
 * @throws ControlError 403
 */
export function guardControl(received: Received, url: string): void {
  const { port, origin } = new URL(url);
  if (!isLoopback(received.remoteAddress)) throw forbidden('only this machine may use /control');
  const hosts = [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`];
  if (!hosts.includes(received.headers.host ?? '')) {
    throw forbidden(`the Host is none of ${hosts.join(', ')}`);
  }
  if (received.headers.origin !== undefined && received.headers.origin !== origin) {
    throw forbidden('requests from other origins are refused');
  }
  const site = received.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    throw forbidden('requests from other origins are refused');
  }
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}

function forbidden(message: string): ControlError {
  return new ControlError(403, message);
}
