import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';

export interface TlsObservation {
  /** Why there is no connection. Everything else is then missing. */
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

/** The longest time for a handshake, in milliseconds. */
const timeout = 10_000;

/**
 * Connects twice: as browsers do, and as an old one with at most TLS 1.1.
 *
 * @param url an https URL
 * @param options such as further certificates to trust
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
    connectOnce(target, (socket) => ({
      protocol: socket.getProtocol() ?? 'unknown',
      validTo: Date.parse(socket.getPeerCertificate().valid_to),
      ...(socket.authorized ? {} : { untrusted: String(socket.authorizationError) }),
    })),
    connectOnce({ ...target, ...old }, () => undefined),
  ]);
  const acceptsOld = outdated.status === 'fulfilled';
  if (current.status === 'rejected') return { failure: String(Object(current.reason).message), acceptsOld };
  return { ...current.value, acceptsOld };
}

async function connectOnce<Seen>(
  options: ConnectionOptions,
  read: (socket: TLSSocket) => Seen,
): Promise<Seen> {
  const { promise, resolve, reject } = Promise.withResolvers<Seen>();
  const socket = connect({ ...options, rejectUnauthorized: false }, () => resolve(read(socket)));
  socket.setTimeout(timeout, () => reject(new Error(`no handshake within ${timeout / 1000} s`)));
  socket.on('error', reject).on('close', () => reject(new Error('the connection was closed')));
  try {
    return await promise;
  } finally {
    socket.destroy();
  }
}
