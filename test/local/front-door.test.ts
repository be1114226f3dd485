import { afterEach, describe, expect, test } from '@jest/globals';
import type { RestApi } from '../../local/api-gateway/rest-api.ts';
import { Cleanup } from '../../local/cleanup.ts';
import { openFrontDoor } from '../../local/front-door.ts';

let cleanup = new Cleanup();
afterEach(async () => {
  await cleanup.run();
  cleanup = new Cleanup();
});

/** An API without a method at any path but, perhaps, its root. */
function apiWith(methods: RestApi['resources'][number]['methods'] = new Map()): RestApi {
  return {
    id: 'api',
    accountId: '123456789012',
    binaryMediaTypes: [],
    minimumCompressionSize: undefined,
    resources: [{ id: 'root', path: '', methods }],
    gatewayResponses: new Map(),
    stage: { name: 'live', variables: {} },
  };
}

async function open(api: RestApi) {
  const door = await openFrontDoor(0, cleanup);
  door.serve(api);
  return async (path: string) => {
    const response = await fetch(`${door.url}${path}`);
    return { isApi: response.headers.has('x-amz-apigw-id'), page: await response.text() };
  };
}

describe('the front door of a deployment without the example service', () => {
  test('has the API below /auth', async () => {
    const get = await open(apiWith());
    for (const path of ['/auth', '/auth?a=b', '/auth/', '/auth/x'])
      expect((await get(path)).isApi).toBe(true);
  });

  test('says everywhere else that the service would be there, and leads to the sign-in', async () => {
    const get = await open(apiWith());
    for (const path of ['/', '/author', '/x/auth/login']) {
      const { isApi, page } = await get(path);
      expect(isApi).toBe(false);
      expect(page).toContain('<a href="/auth/login?return_to=/">Sign in</a>');
    }
  });
});

test('the front door of a deployment whose API answers at its root has nothing but the API', async () => {
  const mock = { type: 'MOCK', requestTemplates: {}, passthroughBehavior: 'NEVER', responses: [] } as const;
  const get = await open(apiWith(new Map([['GET', mock]])));

  for (const path of ['/', '/elsewhere', '/auth']) expect((await get(path)).isApi).toBe(true);
});
