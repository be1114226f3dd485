import { describe, expect, test } from '@jest/globals';
import type { Json, JsonObject } from '../../local/template/json.ts';
import { prepareRoutes, routeNames } from '../support/all-routes.ts';
import { changedAssembly } from '../support/changed-assembly.ts';
import { refusalsIn, startService } from '../support/service.ts';
import { expectUnavailable } from '../support/unavailable.ts';
import { WebBrowser } from '../support/web-browser.ts';
import { useService } from './use-service.ts';

/** Longer than the functions may take: whatever hangs has to be given up before. */
const service = await useService();

describe('while One Login', () => {
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
  test('responds with an error page before Lambda ends it', async () => {
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
