import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { readEffect } from '../lambdas/authorizer/support.ts';
import { findLink } from '../support/html.ts';
import { readHeading, WebBrowser } from '../support/web-browser.ts';
import { invokeAuthorizer, useService } from './use-service.ts';

const service = await useService();

/** Sends a request to the example service's API, as a program does that has the browser's cookies. */
async function callApi(browser: WebBrowser, path: '/api/account' | '/api/identity') {
  const headers = { accept: 'application/json' };
  const { status, body } = await browser.open(`${service.url}${path}`, { headers });
  return { status, body: JSON.parse(body) };
}

async function authorize(output: Parameters<typeof invokeAuthorizer>[1], browser: WebBrowser) {
  const result = await invokeAuthorizer(service, output, browser);
  if (result.kind === 'failed') return { failed: result.errorMessage };
  const answer = result.payload as Parameters<typeof readEffect>[0];
  return { effect: readEffect(answer), context: answer.context ?? {} };
}

describe('the deployed authorizer', () => {
  test('lets a user through who has signed in, with one call to AWS', async () => {
    const browser = new WebBrowser();
    await service.signIn(browser);
    const { body: user } = await service.userinfo(browser);
    const since = service.watch();

    expect(await authorize('AuthorizerClCm', browser)).toMatchObject({
      effect: 'Allow',
      context: { sub: user['sub'], vot: 'Cl.Cm', email: user['email'], identity_outcome: 'not_requested' },
    });
    expect(since().aws.map(({ action }) => action)).toEqual(['GetItem']);
    expect(Object(since().aws[0]?.input)).toMatchObject({
      TableName: service.tableName('Sessions'),
      ConsistentRead: true,
    });
  });

  test('requires identity where the level does, and lets a user through who has proved it', async () => {
    const browser = new WebBrowser();
    await service.signIn(browser);
    const before = await authorize('AuthorizerClCmP2', browser);
    await service.signIn(browser, '/auth/prove-identity');
    const after = await authorize('AuthorizerClCmP2', browser);

    expect(before).toMatchObject({
      effect: 'Deny',
      context: { error: 'insufficient_identity', step_up_url: `${service.publicUrl}/prove-identity` },
    });
    expect(after).toMatchObject({
      effect: 'Allow',
      context: { identity_outcome: 'proved', identity_vot: 'P2' },
    });
    const { names } = after.context as Record<string, string>;
    expect(JSON.parse(decodeURIComponent(names ?? ''))).toEqual(
      Object((await service.userinfo(browser)).body['identity']).names,
    );
  });

  test('refuses a browser that never signed in', async () => {
    expect(await authorize('AuthorizerClCm', new WebBrowser())).toEqual({ failed: 'Unauthorized' });
  });

  test('refuses a user who has signed out elsewhere', async () => {
    const [here, elsewhere] = [new WebBrowser(), new WebBrowser()];
    const page = await service.signIn(here);
    await service.signIn(elsewhere);
    expect(await authorize('AuthorizerClCm', elsewhere)).toMatchObject({ effect: 'Allow' });
    await here.goFrom(page, `${service.publicUrl}/logout`);
    await service.standIn.backchannelLogoutsSettled();

    expect(await authorize('AuthorizerClCm', elsewhere)).toEqual({ failed: 'Unauthorized' });
  });

  test('fails, and does not refuse, while DynamoDB fails', async () => {
    const browser = new WebBrowser();
    await service.signIn(browser);
    const end = service.dynamodb.injectFault({
      action: 'GetItem',
      error: { status: 500, type: 'InternalServerError' },
    });
    const answer = await authorize('AuthorizerClCm', browser);
    end();

    expect(answer).toEqual({ failed: 'dynamodb_unavailable' });
  });
});

describe("the example service's protected API", () => {
  const signInNeeded = {
    status: 401,
    body: { error: 'login_required', login_url: `${service.publicUrl}/login` },
  };

  test('asks a program that is not signed in to sign in, without a call of the authorizer', async () => {
    const since = service.watch();

    expect(await callApi(new WebBrowser(), '/api/account')).toEqual(signInNeeded);
    expect(since().log).toEqual([]);
  });

  test('returns the claims of a user who has signed in, and asks for an identity where one is needed', async () => {
    const browser = new WebBrowser();
    await service.signIn(browser);
    const { body: user } = await service.userinfo(browser);

    expect(await callApi(browser, '/api/account')).toEqual({
      status: 200,
      body: expect.objectContaining({ sub: user['sub'], email: user['email'], vot: 'Cl.Cm' }),
    });
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

  test('lets nobody in whose session has ended', async () => {
    const browser = new WebBrowser();
    const page = await service.signIn(browser);
    const cookies = browser.cookies.headerFor(new URL(service.url)) ?? '';
    await browser.goFrom(page, `${service.publicUrl}/logout`);
    const response = await fetch(`${service.url}/api/account`, { headers: { cookie: cookies } });

    expect(cookies).toContain('session');
    expect([response.status, await response.json()]).toEqual([signInNeeded.status, signInNeeded.body]);
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

  test('answers that it is unavailable while DynamoDB fails', async () => {
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
