import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { RestApi } from '../../local/api-gateway/rest-api.ts';
import { makeCertificate } from '../../local/certificate.ts';
import { Cleanup } from '../../local/cleanup.ts';
import { openFrontDoor } from '../../local/front-door.ts';
import { createLoopbackFetch } from '../support/loopback-fetch.ts';
import { apiAtRoot } from './support/root-api.ts';

let cleanup = new Cleanup();
afterEach(async () => {
  await cleanup.run();
  cleanup = new Cleanup();
});

async function open(api: RestApi) {
  const door = await openFrontDoor({ port: 0 }, cleanup);
  door.serve(api);
  return async (path: string) => {
    const response = await fetch(`${door.url}${path}`);
    return { isApi: response.headers.has('x-amz-apigw-id'), page: await response.text() };
  };
}

describe('the front door without an example service', () => {
  test('serves the API below /auth', async () => {
    const get = await open(apiAtRoot());
    for (const path of ['/auth', '/auth?a=b', '/auth/', '/auth/x'])
      expect((await get(path)).isApi).toBe(true);
  });

  test('serves a page with a link to sign in at every other path', async () => {
    const get = await open(apiAtRoot());
    for (const path of ['/', '/author', '/x/auth/login']) {
      const { isApi, page } = await get(path);
      expect(isApi).toBe(false);
      expect(page).toContain('<a href="/auth/login?return_to=/">Sign in</a>');
    }
  });
});

test('the front door serves the API at every path when the API has a root method', async () => {
  const integration = { type: 'MOCK', headers: {}, body: '' } as const;
  const get = await open(apiAtRoot(new Map([['GET', { integration, authorizer: undefined }]])));

  for (const path of ['/', '/elsewhere', '/auth']) expect((await get(path)).isApi).toBe(true);
});

test('the front door with TLS answers a request for another protocol without it', async () => {
  const service = createServer((_request, response) => response.end('your own service'));
  await once(service.listen(0, '127.0.0.1'), 'listening');
  const { port } = service.address() as AddressInfo;
  cleanup.add(() => service.close());
  const certificate = await makeCertificate('localhost');
  const door = await openFrontDoor({ port: 0, certificate, service: `http://127.0.0.1:${port}` }, cleanup);
  door.serve(apiAtRoot());
  const headers = { connection: 'Upgrade', upgrade: 'h2c' };
  const response = await createLoopbackFetch(certificate.cert)(door.url, { headers });
  expect(await response.text()).toBe('your own service');
});
