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

async function open(api: RestApi, authPath = '/auth') {
  const paths: string[] = [];
  const door = await openFrontDoor({ port: 0, onAnswer: ({ path }) => paths.push(path) }, cleanup);
  door.serve(api, authPath);
  return async (path: string) => {
    const response = await fetch(`${door.url}${path}`, { redirect: 'manual' });
    const isApi = response.headers.has('x-amz-apigw-id');
    const page = await response.text();
    return {
      isApi,
      page,
      location: response.headers.get('location'),
      apiPath: isApi ? paths.at(-1) : undefined,
    };
  };
}

const integration = { type: 'MOCK', headers: {}, body: '' } as const;
const apiWithPages = () => apiAtRoot(new Map([['GET', { integration, authorizer: undefined }]]));

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
  const get = await open(apiWithPages());

  for (const path of ['/', '/elsewhere', '/auth']) expect((await get(path)).isApi).toBe(true);
});

describe('the front door of a deployment below a path of the host', () => {
  const authPath = '/licences/auth';

  test('serves the API without the path that the host has before it', async () => {
    const get = await open(apiAtRoot(), authPath);
    for (const [path, apiPath] of [
      ['/licences/auth', '/auth'],
      ['/licences/auth/x?a=b', '/auth/x'],
    ] as const) {
      expect(await get(path)).toMatchObject({ isApi: true, apiPath });
    }
  });

  test('serves the page with a link to sign in at every other path', async () => {
    const get = await open(apiAtRoot(), authPath);
    for (const path of ['/', '/auth/x', '/licences', '/licences/author', '/licences2/auth']) {
      const { isApi, page } = await get(path);
      expect(isApi).toBe(false);
      expect(page).toContain('<a href="/licences/auth/login?return_to=/">Sign in</a>');
    }
  });

  test('serves the pages of the API below the path, and leads there from elsewhere', async () => {
    const get = await open(apiWithPages(), authPath);
    for (const [path, apiPath] of [
      ['/licences', '/'],
      ['/licences/', '/'],
      ['/licences?a=b', '/'],
      ['/licences/account', '/account'],
    ] as const) {
      expect(await get(path)).toMatchObject({ isApi: true, apiPath });
    }
    for (const path of ['/', '/auth/login', '/licences2/']) {
      expect(await get(path)).toMatchObject({ isApi: false, location: '/licences/' });
    }
  });
});

test('the front door with TLS responds to a request for another protocol without it', async () => {
  const service = createServer((_request, response) => response.end('your own service'));
  await once(service.listen(0, '127.0.0.1'), 'listening');
  const { port } = service.address() as AddressInfo;
  cleanup.add(() => service.close());
  const certificate = await makeCertificate('localhost');
  const door = await openFrontDoor({ port: 0, certificate, service: `http://127.0.0.1:${port}` }, cleanup);
  door.serve(apiAtRoot(), '/auth');
  const headers = { connection: 'Upgrade', upgrade: 'h2c' };
  const response = await createLoopbackFetch(certificate.cert)(door.url, { headers });
  expect(await response.text()).toBe('your own service');
});
