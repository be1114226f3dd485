import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';

export interface TlsObservation {
  /** Why there is no connection at all; everything else is missing then. */
  readonly failure?: string;
  /** Such as `TLSv1.3`. */
  readonly protocol?: string;
  /** Why the certificate is not trusted. */
  readonly untrusted?: string;
  /** When the certificate ends, in milliseconds since the epoch. */
  readonly validTo?: number;
  /** Whether TLS 1.0 or 1.1 is accepted. */
  readonly acceptsOld: boolean;
}

/** Milliseconds until a handshake is given up. */
const timeout = 10_000;

/**
 * Shakes hands twice: as any browser does, and as one that knows nothing newer than TLS 1.1.
 *
 * @param url begins with https
 * @param options more to trust
 */
export async function observeTls(url: string, options: ConnectionOptions = {}): Promise<TlsObservation> {
  const { hostname, port } = new URL(url);
  const target = { ...options, host: hostname, port: Number(port || 443), servername: hostname };
  const old: ConnectionOptions = {
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.1',
    ciphers: 'DEFAULT@SECLEVEL=0',
  };
  const [current, outdated] = await Promise.allSettled([
    shakeHands(target, (socket) => ({
      protocol: socket.getProtocol() ?? 'unknown',
      validTo: Date.parse(socket.getPeerCertificate().valid_to),
      ...(socket.authorized ? {} : { untrusted: String(socket.authorizationError) }),
    })),
    shakeHands({ ...target, ...old }, () => undefined),
  ]);
  const acceptsOld = outdated.status === 'fulfilled';
  if (current.status === 'rejected') return { failure: String(Object(current.reason).message), acceptsOld };
  return { ...current.value, acceptsOld };
}

async function shakeHands<Seen>(
  options: ConnectionOptions,
  look: (socket: TLSSocket) => Seen,
): Promise<Seen> {
  const { promise, resolve, reject } = Promise.withResolvers<Seen>();
  const socket = connect({ ...options, rejectUnauthorized: false }, () => resolve(look(socket)));
  socket.setTimeout(timeout, () => reject(new Error(`no handshake within ${timeout / 1000} s`)));
  socket.on('error', reject).on('close', () => reject(new Error('the connection was closed')));
  try {
    return await promise;
  } finally {
    socket.destroy();
  }
}
