import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from '@jest/globals';
import { createDynamoDbClient } from '../../local/aws/clients.ts';
import { type Item, refusalsIn } from '../support/service.ts';
import { pickKey, type TableName } from '../support/tables.ts';
import { WebBrowser } from '../support/web-browser.ts';
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
  test('with the documents of One Login lets nobody sign in, until the next schedule', async () => {
    await empty('provider-documents', 'ProviderDocuments');
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
    await empty('login-attempts', 'LoginAttempts');
    const since = service.watch();
    expect((await browser.open(callback)).status).toBe(400);
    expect(refusalsIn(since())).toEqual(['attempt_unknown']);
    await service.signIn(browser);
    expect((await service.userinfo(browser)).status).toBe(200);
  });

  test('with the sessions has everybody sign in again', async () => {
    const browser = new WebBrowser();
    await service.signIn(browser);
    await empty('sessions', 'Sessions');
    expect((await service.userinfo(browser)).status).toBe(401);
    await service.signIn(browser);
    expect((await service.userinfo(browser)).status).toBe(200);
  });
});
