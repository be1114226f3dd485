import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Json, JsonObject } from '../../local/template/json.ts';
import type { EndpointFault, EndpointName } from '../../stand-in/index.ts';
import { prepareRoutes, routeNames } from '../support/all-routes.ts';
import { changedAssembly } from '../support/changed-assembly.ts';
import { refusalsIn, type Service, startService } from '../support/service.ts';
import { expectUnavailable } from '../support/unavailable.ts';
import { until } from '../support/until.ts';
import { WebBrowser } from '../support/web-browser.ts';

/** Longer than the functions may take: whatever hangs has to be given up before. */
jest.setTimeout(30_000);

let service: Service;

beforeAll(async () => {
  service = await startService();
});

afterAll(() => service.close());

afterEach(async () => {
  await service.standIn.backchannelLogoutsSettled();
  service.standIn.reset();
});

describe('while One Login', () => {
  const json = { body: '{"message":"Internal server error"}' };

  test.each<[string, EndpointName, EndpointFault, number, string]>([
    ['fails', 'token', { status: 502, ...json }, 502, 'token_endpoint_failed'],
    ['fails', 'token', { status: 500, body: 'Internal Server Error' }, 502, 'token_endpoint_failed'],
    ['ends connections', 'token', { reset: true }, 503, 'provider_unreachable'],
    ['redirects', 'token', { redirectTo: 'https://elsewhere.example/' }, 502, 'token_endpoint_failed'],
    ['says nothing useful', 'token', { status: 200, body: '<html>' }, 502, 'token_response_malformed'],
    ['says too much', 'token', { oversizedBody: 1_000_000 }, 503, 'provider_unreachable'],
    ['fails', 'userinfo', { status: 502, ...json }, 502, 'userinfo_endpoint_failed'],
    ['ends connections', 'userinfo', { reset: true }, 503, 'provider_unreachable'],
    ['says nothing useful', 'userinfo', { status: 200, body: '[]' }, 502, 'userinfo_response_malformed'],
    ['says too much', 'userinfo', { oversizedBody: 1_000_000 }, 503, 'provider_unreachable'],
  ])(
    '%s at %s, the callback says so and nobody is signed in (%j)',
    async (_, endpoint, fault, status, code) => {
      const browser = new WebBrowser();
      const callback = await service.begin(browser, '/auth/login?return_to=/claims/12');
      const rows = (await service.sessionRows()).length;
      const since = service.watch();
      service.standIn.change({ endpoints: { [endpoint]: { always: fault } } });
      const page = await browser.open(callback);
      service.standIn.change({ endpoints: { [endpoint]: { always: null } } });
      expectUnavailable(page, 'callback', 'One Login');
      expect(page.status).toBe(status);
      expect(refusalsIn(since())).toEqual([code]);
      expect(await service.sessionRows()).toHaveLength(rows);
      const again = await browser.follow(page, 'Try again', { stopBefore: '/claims/12' });
      expect(again.next?.pathname).toBe('/claims/12');
    },
  );

  test('never answers, the callback gives up in time, wherever it waits', async () => {
    const rows = (await service.sessionRows()).length;
    const since = service.watch();
    const waiting = [];
    for (const endpoint of ['token', 'userinfo', 'jwks'] as const) {
      const browser = new WebBrowser();
      const callback = await service.begin(browser, '/auth/login?return_to=/claims/12');
      service.standIn.change({
        endpoints: { [endpoint]: { next: [{ hang: true }] } },
        idToken: { next: endpoint === 'jwks' ? [['UNKNOWN_KID']] : [] },
      });
      waiting.push(browser.open(callback));
      await until(`${endpoint} hangs`, () => service.standIn.behaviour.endpoints[endpoint].next.length === 0);
    }
    for (const page of await Promise.all(waiting)) expectUnavailable(page, 'callback', 'One Login');
    expect(refusalsIn(since())).toEqual(Array(3).fill('provider_timed_out'));
    expect(await service.sessionRows()).toHaveLength(rows);
  });

  test('is gone altogether, whoever is signed in stays so, and users can be sent there', async () => {
    const routes = await prepareRoutes(service);
    const reset = { always: { reset: true } };
    service.standIn.change({
      endpoints: { token: reset, userinfo: reset, discovery: reset, jwks: reset, did: reset },
    });
    for (const name of ['refresh-jwks', 'refresh-did']) await service.invoke(name, {});
    for (const route of routeNames) {
      const page = await routes.ask(route);
      if (route === 'callback') expectUnavailable(page, route, 'One Login');
      else expect(page.status).toBeLessThan(500);
    }
  });
});

describe('a function whose own time is nearly over', () => {
  test('says so instead of being ended', async () => {
    const assembly = await changedAssembly(withTimeouts(4));
    const hurried = await startService({ assemblyDirectory: assembly.directory });
    try {
      const browser = new WebBrowser();
      const callback = await hurried.begin(browser, '/auth/login');
      const since = hurried.watch();
      hurried.standIn.change({ endpoints: { token: { always: { hang: true } } } });
      expectUnavailable(await browser.open(callback), 'callback', 'ours');
      expect(refusalsIn(since())).toEqual(['deadline_exceeded']);
      expect(await hurried.sessionRows()).toEqual([]);
    } finally {
      await hurried.close();
      await assembly.remove();
    }
  });
});

/** Gives every function that many seconds. */
function withTimeouts(seconds: number): (template: JsonObject) => JsonObject {
  return ({ Resources, ...template }) => {
    const resources = Object.entries(Object(Resources) as Record<string, JsonObject>).map(
      ([id, resource]): [string, Json] => {
        if (resource['Type'] !== 'AWS::Lambda::Function') return [id, resource];
        return [id, { ...resource, Properties: { ...Object(resource['Properties']), Timeout: seconds } }];
      },
    );
    return { ...template, Resources: Object.fromEntries(resources) };
  };
}
