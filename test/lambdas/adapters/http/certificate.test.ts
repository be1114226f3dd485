import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { readCertificateEnd } from '../../../../lambdas/adapters/http/certificate.ts';
import { createSelfSignedCertificate } from './self-signed-certificate.ts';
import { type StubProvider, startStubProvider } from './stub-provider.ts';

const never = new AbortController().signal;

let provider: StubProvider | undefined;
let silent: Server | undefined;
afterEach(async () => {
  await provider?.stop();
  silent?.close();
  provider = undefined;
});

/** Starts a server that accepts connections and responds with nothing, or with text. */
async function startWithoutTls(text?: string): Promise<string> {
  silent = createServer((socket) =>
    text === undefined ? undefined : socket.on('error', () => undefined).end(text),
  );
  silent.listen(0, 'localhost');
  await once(silent, 'listening');
  return `https://localhost:${(silent.address() as AddressInfo).port}/auth`;
}

describe('readCertificateEnd', () => {
  test('returns when the certificate ends, also if it is not trusted, and sends no request', async () => {
    provider = await startStubProvider((response) => response.end(), createSelfSignedCertificate());
    const end = await readCertificateEnd(`${provider.origin}/auth`, never);
    // The certificate is for an hour.
    expect(Math.abs(end - Date.now() - 3_600_000)).toBeLessThan(60_000);
    expect(provider.requests).toEqual([]);
  });

  test('rejects when the connection is refused', async () => {
    const url = await startWithoutTls();
    silent?.close();
    await expect(readCertificateEnd(url, never)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('rejects when the host does not use TLS', async () => {
    await expect(readCertificateEnd(await startWithoutTls('hello\n'), never)).rejects.toThrow();
  });

  test('rejects with the reason of the signal when the time of the run is over, and closes the connection', async () => {
    const url = await startWithoutTls();
    const connected = once(silent as Server, 'connection');
    const run = new AbortController();
    const end = readCertificateEnd(url, run.signal);
    const [socket] = await connected;
    const closed = once(socket.resume(), 'close');
    run.abort(new Error('the time is over'));
    await expect(end).rejects.toThrow('the time is over');
    await closed;
    await expect(readCertificateEnd(url, run.signal)).rejects.toThrow('the time is over');
  });
});
