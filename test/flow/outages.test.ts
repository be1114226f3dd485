import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from '@jest/globals';
import type { FaultInjection } from '../../local/aws/aws-endpoint.ts';
import { createDynamoDbClient } from '../../local/aws/clients.ts';
import type { Json, JsonObject } from '../../local/template/json.ts';
import { prepareRoutes, type RouteName, routeNames } from '../support/all-routes.ts';
import { changedAssembly } from '../support/changed-assembly.ts';
import { findLink } from '../support/html.ts';
import { type Item, refusalsIn, startService } from '../support/service.ts';
import { pickKey, type TableName } from '../support/tables.ts';
import { expectUnavailable } from '../support/unavailable.ts';
import { readHeading, WebBrowser } from '../support/web-browser.ts';
import { useService } from './use-service.ts';

const service = await useService();

/** Deletes every item of a table. */
async function empty(table: TableName, logicalId: string): Promise<void> {
  const client = createDynamoDbClient(service.dynamodb.url, 'eu-west-2');
  const dump = await service.dynamodb.dump();
  const rows = Object.entries(dump).flatMap(([id, items]) => (id.includes(logicalId) ? items : [])) as Item[];
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) {
    const Key = pickKey(table, row);
    await client.send(new DeleteItemCommand({ TableName: service.tableName(logicalId), Key }));
  }
  client.destroy();
}

// The first test needs instances that have read no document yet.
describe('a table that is lost', () => {
  // id: documents-lost
  test('with the documents of One Login lets no user sign in, until the next schedule', async () => {
    await empty('provider-documents', 'ProviderDocuments');
    const since = service.watch();
    const before = await new WebBrowser().open(`${service.publicUrl}/login`, { followRedirects: false });
    expect([before.status, refusalsIn(since())]).toEqual([503, ['provider_documents_missing']]);
    for (const schedule of service.schedules.all) await schedule.run();
    const browser = new WebBrowser();
    await service.signIn(browser, '/auth/prove-identity');
    expect((await service.userinfo(browser)).body).toMatchObject({ identity: { outcome: 'proved' } });
  });

  // id: attempts-lost
  test('with the attempts has users start again who were at One Login', async () => {
    const browser = new WebBrowser();
    const callback = await service.begin(browser, '/auth/login');
    await empty('login-attempts', 'LoginAttempts');
    const since = service.watch();
    expect((await browser.open(callback)).status).toBe(400);
    expect(refusalsIn(since())).toEqual(['attempt_unknown']);
    await service.signIn(browser);
    expect((await service.userinfo(browser)).status).toBe(200);
  });

  // id: sessions-lost
  test('with the sessions has everybody sign in again', async () => {
    const browser = new WebBrowser();
    await service.signIn(browser);
    await empty('sessions', 'Sessions');
    expect((await service.userinfo(browser)).status).toBe(401);
    await service.signIn(browser);
    expect((await service.userinfo(browser)).status).toBe(200);
  });
});

/** Sends a request to every route at the same time while a service of AWS is disturbed. */
async function askEverywhere(disturbed: 'dynamodb' | 'kms', injection: FaultInjection) {
  const routes = await prepareRoutes(service);
  const rows = (await service.sessionRows()).length;
  const since = service.watch();
  const end = service[disturbed].injectFault(injection);
  const pages = await Promise.all(
    routeNames.map(async (route) => [route, await routes.ask(route)] as const),
  ).finally(end);
  return { routes, rows, pages: new Map(pages), codes: new Set(refusalsIn(since())) };
}

const error = (status: number, type: string): FaultInjection => ({ error: { status, type } });

describe('while DynamoDB denies access', () => {
  // id: table-outage-changes-nothing
  test('every route that needs it is unavailable and changes nothing', async () => {
    const denied = error(400, 'AccessDeniedException');
    const { routes, rows, pages, codes } = await askEverywhere('dynamodb', denied);
    for (const [route, page] of pages) {
      if (route === 'signed-out') expect(readHeading(page)).toBe('You are signed out');
      else if (route === 'logout from elsewhere') expect(readHeading(page)).toBe('Do you want to sign out?');
      else expectUnavailable(page, route, 'ours');
    }
    expect(codes).toEqual(new Set(['dynamodb_unavailable']));
    expect(await service.sessionRows()).toHaveLength(rows);
    expect((await service.userinfo(routes.signedIn)).status).toBe(200);
    const recovered = await routes.ask('callback');
    expect([recovered.status, recovered.next?.pathname]).toEqual([303, '/claims/12']);
  });
});

/** Those that lead to One Login, and so sign. */
const signing: readonly RouteName[] = [
  'login',
  'prove-identity',
  'reauthenticate',
  'in-person-return',
  'callback',
];

describe('while the signing key is disabled', () => {
  test('no user can begin or finish a sign-in, and signed-in users notice nothing', async () => {
    const { routes, pages, codes } = await askEverywhere('kms', error(400, 'DisabledException'));
    for (const route of signing) {
      const page = pages.get(route);
      if (page) expectUnavailable(page, route, 'ours');
    }
    expect(codes).toEqual(new Set(['kms_unavailable', 'authorization_access_denied']));
    expect(findLink(pages.get('callback')?.body ?? '', 'Try again')).toBe(
      `${service.publicUrl}/login?return_to=%2Fclaims%2F12&lang=en`,
    );
    expect(pages.get('login with a session')?.next?.pathname).toBe('/claims/12');
    expect(pages.get('userinfo')?.status).toBe(200);
    expect(pages.get('logout by link')?.next?.origin).toBe(service.standIn.url);
    expect(pages.get('logout by form')?.next?.origin).toBe(service.standIn.url);
    expect(pages.get('backchannel-logout')?.status).toBe(200);
    expect((await routes.ask('login')).status).toBe(303);
  });
});

describe('while One Login', () => {
  test('is unavailable, signed-in users stay signed in, and users can be sent there', async () => {
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
