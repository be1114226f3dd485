import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { createDynamoDbClient } from '../../local/aws/clients.ts';
import { type Item, refusalsIn, type Service, startService } from '../support/service.ts';
import { WebBrowser } from '../support/web-browser.ts';

jest.setTimeout(30_000);

let service: Service;

beforeAll(async () => {
  service = await startService();
}, 120_000);

afterAll(() => service.close());

const keysOf: Readonly<Record<string, readonly string[]>> = {
  LoginAttempts: ['state_hash'],
  Sessions: ['subject_key', 'item'],
  ProviderDocuments: ['partition', 'item'],
};

/** Deletes every item of a table, as a table made anew would be. */
async function empty(table: keyof typeof keysOf): Promise<void> {
  const client = createDynamoDbClient(service.dynamodb.url, 'eu-west-2');
  const dump = await service.dynamodb.dump();
  const rows = Object.entries(dump).flatMap(([id, items]) => (id.includes(table) ? items : [])) as Item[];
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) {
    const key = (keysOf[table] ?? []).map((name) => [name, { S: String(row[name]?.S) }]);
    await client.send(
      new DeleteItemCommand({ TableName: service.tableName(table), Key: Object.fromEntries(key) }),
    );
  }
  client.destroy();
}

// The first test needs instances that have read no document yet.
describe('a table that is lost', () => {
  test('with the documents of One Login lets nobody sign in, until the next schedule', async () => {
    await empty('ProviderDocuments');
    const since = service.watch();
    const before = await new WebBrowser().open(`${service.publicUrl}/login`, { followRedirects: false });
    expect([before.status, refusalsIn(since())]).toEqual([503, ['provider_documents_missing']]);
    for (const schedule of service.schedules.all) await schedule.run();
    const browser = new WebBrowser();
    await service.signIn(browser, '/auth/prove-identity');
    expect((await service.userinfo(browser)).body).toMatchObject({ identity: { outcome: 'proved' } });
  });

  test('with the attempts has users start again who were at One Login', async () => {
    const browser = new WebBrowser();
    const callback = await service.begin(browser, '/auth/login');
    await empty('LoginAttempts');
    const since = service.watch();
    expect((await browser.open(callback)).status).toBe(400);
    expect(refusalsIn(since())).toEqual(['attempt_unknown']);
    await service.signIn(browser);
    expect((await service.userinfo(browser)).status).toBe(200);
  });

  test('with the sessions has everybody sign in again', async () => {
    const browser = new WebBrowser();
    await service.signIn(browser);
    await empty('Sessions');
    expect((await service.userinfo(browser)).status).toBe(401);
    await service.signIn(browser);
    expect((await service.userinfo(browser)).status).toBe(200);
  });
});
