import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { afterEach, describe, expect, it } from '@jest/globals';
import { observeTls } from '../../../bin/doctor/tls-observation.ts';
import { createNetwork } from '../../../bin/doctor/transport.ts';
import { createSelfSignedCertificate } from '../../lambdas/adapters/http/self-signed-certificate.ts';

const servers: { close(): unknown }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listen(server: Pick<Server, 'listen' | 'address' | 'close'>): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, () => resolve()));
  return (server.address() as AddressInfo).port;
}

const serve = async (listener: RequestListener) =>
  `http://localhost:${await listen(createServer(listener))}/`;

describe('createNetwork', () => {
  it('measures from the connection to the end of the response', async () => {
    let elapsed = 1000;
    const url = await serve((_, response) => {
      elapsed += 300;
      response.write('{');
      elapsed += 400;
      response.end('}');
    });
    const network = createNetwork({ stopwatch: () => elapsed, now: () => 42 });

    expect(await network.send({ method: 'GET', url })).toMatchObject({
      answer: { status: 200, body: '{}', milliseconds: 700, at: 42 },
    });
  });

  it('does not follow redirects, keeps repeated headers apart, and opens a connection each time', async () => {
    const ports = new Set<number | undefined>();
    const url = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      response.writeHead(302, { location: '/elsewhere', 'set-cookie': ['a=1', 'b=2'] }).end();
    });
    const network = createNetwork();

    for (let times = 0; times < 2; times += 1) {
      expect(await network.send({ method: 'GET', url })).toMatchObject({
        answer: { status: 302, headers: { location: ['/elsewhere'], 'set-cookie': ['a=1', 'b=2'] } },
      });
    }
    expect(ports.size).toBe(2);
  });

  it('returns why there is no response', async () => {
    const url = await serve((request) => request.socket.destroy());

    expect(await createNetwork().send({ method: 'GET', url })).toEqual({
      url,
      failure: expect.stringContaining('ECONNRESET'),
    });
  });
});

describe('observeTls', () => {
  const { key, cert } = createSelfSignedCertificate();
  const serveTls = async (options: TlsOptions = {}) =>
    `https://localhost:${await listen(createTlsServer({ key, cert, ...options }) as unknown as Server)}/auth`;

  it('returns the end of the certificate, and whether it is trusted', async () => {
    const url = await serveTls();
    const unknown = await observeTls(url);
    const trusted = await observeTls(url, { ca: cert });

    expect(unknown).toMatchObject({ protocol: 'TLSv1.3', acceptsOld: false, untrusted: expect.any(String) });
    expect(trusted).toMatchObject({ protocol: 'TLSv1.3', acceptsOld: false });
    expect(trusted.untrusted).toBeUndefined();
    expect(Math.abs((trusted.validTo ?? 0) - Date.now() - 3_600_000)).toBeLessThan(300_000);
  });

  it('finds that old TLS is accepted', async () => {
    const url = await serveTls({ minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' });

    expect(await observeTls(url)).toMatchObject({ protocol: 'TLSv1.3', acceptsOld: true });
  });

  it('returns the failure if the server has no TLS', async () => {
    const url = (await serve((_, response) => response.end())).replace('http:', 'https:');

    expect(await observeTls(url)).toEqual({ failure: expect.any(String), acceptsOld: false });
  });
});
