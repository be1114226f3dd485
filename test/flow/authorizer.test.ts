import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { findLink } from '../support/html.ts';
import { readHeading, WebBrowser } from '../support/web-browser.ts';
import { useService } from './use-service.ts';

const service = await useService();

/** Sends a request to the example service's API, as a program does that has the browser's cookies. */
async function callApi(browser: WebBrowser, path: '/api/account' | '/api/identity') {
  const headers = { accept: 'application/json' };
  const { status, body } = await browser.open(`${service.url}${path}`, { headers });
  return { status, body: JSON.parse(body) };
}

describe("the example service's protected API", () => {
  const signInNeeded = {
    status: 401,
    body: { error: 'login_required', login_url: `${service.publicUrl}/login` },
  };

  test('responds 401 to a program that is not signed in, without a call of the authorizer', async () => {
    const since = service.watch();

    expect(await callApi(new WebBrowser(), '/api/account')).toEqual(signInNeeded);
    expect(since().log).toEqual([]);
  });

  test('returns the claims of a user who has signed in, and requires an identity where one is needed', async () => {
    const browser = new WebBrowser();
    await service.signIn(browser);
    const { body: user } = await service.userinfo(browser);
    // An instance that starts reads more than once.
    await callApi(browser, '/api/account');
    const since = service.watch();

    expect(await callApi(browser, '/api/account')).toEqual({
      status: 200,
      body: expect.objectContaining({ sub: user['sub'], email: user['email'], vot: 'Cl.Cm' }),
    });
    const read = { TableName: service.tableName('Sessions'), ConsistentRead: true };
    expect(since().aws).toMatchObject([{ action: 'GetItem', input: read }]);
    expect(await callApi(browser, '/api/identity')).toEqual({
      status: 403,
      body: { error: 'insufficient_identity', step_up_url: `${service.publicUrl}/prove-identity` },
    });
  });

  test('returns the identity of a user who has proved it', async () => {
    const browser = new WebBrowser();
    await service.signIn(browser);
    await service.signIn(browser, '/auth/prove-identity');
    const { status, body } = await callApi(browser, '/api/identity');

    expect([status, body.identity_vot]).toEqual([200, 'P2']);
    expect(JSON.parse(body.names)).toEqual(Object((await service.userinfo(browser)).body['identity']).names);
  });

  test('refuses a user who has signed out elsewhere', async () => {
    const [here, elsewhere] = [new WebBrowser(), new WebBrowser()];
    const page = await service.signIn(here);
    await service.signIn(elsewhere);
    expect((await callApi(elsewhere, '/api/account')).status).toBe(200);
    await here.goFrom(page, `${service.publicUrl}/logout`);
    await service.standIn.backchannelLogoutsSettled();

    expect(await callApi(elsewhere, '/api/account')).toEqual(signInNeeded);
  });

  test('shows a person a page with the way in, which leads there', async () => {
    const browser = new WebBrowser();
    const signIn = await browser.open(`${service.url}/api/account`);
    await service.signIn(browser);
    const prove = await browser.open(`${service.url}/api/identity`);

    expect([signIn.status, readHeading(signIn)]).toEqual([401, 'You need to sign in']);
    expect(findLink(signIn.body, 'Sign in')).toBe(`${service.publicUrl}/login`);
    expect([prove.status, findLink(prove.body, 'Prove your identity')]).toEqual([
      403,
      `${service.publicUrl}/prove-identity`,
    ]);
    expect(prove.body).toContain('data-method="GET"');
  });

  test('responds that it is unavailable while DynamoDB fails', async () => {
    const browser = new WebBrowser();
    await service.signIn(browser);
    const end = service.dynamodb.injectFault({
      action: 'GetItem',
      error: { status: 500, type: 'InternalServerError' },
    });
    const answer = await callApi(browser, '/api/account');
    end();

    expect(answer).toEqual({ status: 503, body: { error: 'temporarily_unavailable' } });
  });
});

test('the commands of docs/authorizer.md have the results that it names', async () => {
  const guide = readFileSync('docs/authorizer.md', 'utf8');
  const [, block = ''] = /## Try it on your machine.*?^```sh\n(.*?)^```$/ms.exec(guide) ?? [];
  const browser = new WebBrowser();
  const statuses: number[] = [];
  for (const line of block.split('\n').filter((each) => each.startsWith('curl'))) {
    const [url = ''] = /http:\S+/.exec(line) ?? [];
    const [, body] = /-d '(.*)'/.exec(line) ?? [];
    if (body !== undefined) service.standIn.change(JSON.parse(body));
    else if (line.includes(' -L ')) await browser.open(url.replace('http://localhost:8080', service.url));
    else statuses.push((await callApi(browser, new URL(url).pathname as '/api/account')).status);
  }

  const named = [...block.matchAll(/^# .*: (\d{3})/gm)].map(([, status]) => Number(status));
  expect(statuses).toEqual(named);
});
