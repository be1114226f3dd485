import { connect } from 'node:tls';

/** Until the handshake is complete, in milliseconds. */
const longestHandshake = 5_000;

/**
 * Reads when the certificate of a host ends. Also of one that has ended, or that nobody trusts: the requests show that.
 *
 * @param url an https URL
 * @returns milliseconds since the epoch
 * @throws the socket's error, or the signal's reason. `TimeoutError` when there is no handshake in time
 */
export async function readCertificateEnd(url: string, signal: AbortSignal): Promise<number> {
  const { hostname, port } = new URL(url);
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const over = AbortSignal.any([signal, AbortSignal.timeout(longestHandshake)]);
  over.throwIfAborted();
  const target = { host: hostname, port: Number(port || 443), servername: hostname };
  const socket = connect({ ...target, rejectUnauthorized: false }, () =>
    resolve(Date.parse(socket.getPeerCertificate().valid_to)),
  );
  const giveUp = () => reject(over.reason);
  over.addEventListener('abort', giveUp);
  socket.on('error', reject).on('close', () => reject(new Error('the connection was closed')));
  try {
    return await promise;
  } finally {
    over.removeEventListener('abort', giveUp);
    socket.destroy();
  }
}
