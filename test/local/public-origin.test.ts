import { X509Certificate } from 'node:crypto';
import { afterEach, describe, expect, test } from '@jest/globals';
import { makeCertificate } from '../../local/certificate.ts';
import { listenOnLocalhost } from '../../local/loopback-server.ts';
import { CookieJar } from '../support/cookie-jar.ts';
import type { TestEnvironmentOptions } from '../support/environment.ts';
import { createLoopbackFetch } from '../support/loopback-fetch.ts';
import { type Service, startService } from '../support/service.ts';
import { WebBrowser } from '../support/web-browser.ts';

const services: Service[] = [];
afterEach(async () => {
  for (const service of services.splice(0)) await service.close();
});

async function start(options: TestEnvironmentOptions): Promise<Service> {
  const service = await startService(options);
  services.push(service);
  return service;
}

async function findFreePort(): Promise<number> {
  const server = await listenOnLocalhost(() => {}, { port: 0, portName: '' });
  await server.close();
  return server.port;
}

describe('two environments at two names below localhost', () => {
  test('do not end the sessions of each other in one browser', async () => {
    const browser = new WebBrowser(new CookieJar(), createLoopbackFetch());
    const hosts = ['a.localhost', 'b.localhost'];
    const both = await Promise.all(
      hosts.map(async (host) => {
        const port = await findFreePort();
        return start({ port, publicOrigin: `http://${host}:${port}` });
      }),
    );
    for (const service of both) {
      expect(new URL(service.url).hostname).toMatch(/^[ab]\.localhost$/);
      expect((await service.signIn(browser)).body).toContain('You are signed in');
    }
    for (const service of both) expect(await service.userinfo(browser)).toMatchObject({ status: 200 });
  });
});

describe('an environment with TLS', () => {
  test('signs in, and its stand-in trusts its certificate for the JWKS and the notification of a sign-out', async () => {
    const certificate = await makeCertificate('localhost');
    const service = await start({ certificate });
    expect(service.url).toMatch(/^https:\/\/localhost:\d+$/);
    expect(service.standIn.client).toMatchObject({ redirectUris: [`${service.url}/auth/callback`] });
    const browser = new WebBrowser(new CookieJar(), createLoopbackFetch(certificate.cert));
    expect((await service.signIn(browser)).body).toContain('You are signed in');

    const { body } = await service.userinfo(browser);
    const delivery = await service.standIn.sendBackchannelLogout({ sub: String(body['sub']) });
    expect(delivery).toMatchObject({ delivered: true });
    expect(await service.userinfo(browser)).toMatchObject({ status: 401 });
  });

  test('has a certificate for the loopback interface and the public host', async () => {
    const { cert } = await makeCertificate('orders.localhost');
    const certificate = new X509Certificate(cert);
    for (const host of ['localhost', 'orders.localhost']) expect(certificate.checkHost(host)).toBe(host);
    expect(certificate.checkHost('other.localhost')).toBeUndefined();
    for (const address of ['127.0.0.1', '::1']) expect(certificate.checkIP(address)).toBe(address);
    expect(certificate.ca).toBe(false);
  });
});

test('an environment behind a tunnel reaches itself on this machine', async () => {
  const service = await start({ publicOrigin: 'https://orders.tunnel.example' });
  const send: typeof fetch = (input, init) =>
    fetch(String(input).replace(service.url, service.localUrl), init);
  const browser = new WebBrowser(new CookieJar(), send);
  expect((await service.signIn(browser)).body).toContain('You are signed in');
});
