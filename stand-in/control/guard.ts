import type { Received } from '../server/message.ts';
import { ControlError } from './control-error.ts';

/**
 * Lets programs on this machine in, and the stand-in's own pages; keeps out what a web page could make a browser
 * send: requests from other origins, and requests under a foreign host name that resolves to this machine.
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
