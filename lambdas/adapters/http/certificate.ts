import { connect } from 'node:tls';

/**
 * Reads when the certificate of a host ends. It also reads expired and untrusted certificates: the requests report those.
 *
 * @param url an https URL
 * @param signal ends the handshake
 * @returns milliseconds since the epoch
 * @throws the socket's error, or the signal's reason
 */
export async function readCertificateEnd(url: string, signal: AbortSignal): Promise<number> {
  signal.throwIfAborted();
  const { hostname, port } = new URL(url);
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const target = { host: hostname, port: Number(port || 443), servername: hostname };
  const socket = connect({ ...target, rejectUnauthorized: false }, () =>
    resolve(Date.parse(socket.getPeerCertificate().valid_to)),
  );
  socket.on('error', reject);
  const giveUp = () => reject(signal.reason);
  signal.addEventListener('abort', giveUp);
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', giveUp);
    socket.destroy();
  }
}
