import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventFormats, readEffect } from '../lambdas/authorizer/support.ts';
import { type Service, startService } from '../support/service.ts';
import { WebBrowser } from '../support/web-browser.ts';

let service: Service;

beforeAll(async () => {
  service = await startService();
}, 60_000);

afterAll(() => service.close());

/** Has API Gateway's part played: asks the deployed function of a level about a request of that browser. */
async function ask(output: 'AuthorizerClCm' | 'AuthorizerClCmP2', browser: WebBrowser, method = 'GET') {
  const { Outputs } = service.template as { Outputs?: Record<string, { Value?: unknown }> };
  const { 'Fn::GetAtt': [functionId] = [] } = Object(Outputs?.[output]?.Value) as { 'Fn::GetAtt'?: string[] };
  const cookie = browser.cookies.headerFor(new URL(service.url)) ?? '';
  const event = eventFormats['REST API']({ method, headers: { cookie } });
  const result = await service.invoke(functionId ?? '', event);
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

    expect(await ask('AuthorizerClCm', browser)).toMatchObject({
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
    const before = await ask('AuthorizerClCmP2', browser);
    await service.signIn(browser, '/auth/prove-identity');
    const after = await ask('AuthorizerClCmP2', browser);

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
    expect(await ask('AuthorizerClCm', new WebBrowser())).toEqual({ failed: 'Unauthorized' });
  });

  test('refuses a user who has signed out elsewhere', async () => {
    const [here, elsewhere] = [new WebBrowser(), new WebBrowser()];
    const page = await service.signIn(here);
    await service.signIn(elsewhere);
    expect(await ask('AuthorizerClCm', elsewhere)).toMatchObject({ effect: 'Allow' });
    await here.goFrom(page, `${service.publicUrl}/logout`);
    await service.standIn.backchannelLogoutsSettled();

    expect(await ask('AuthorizerClCm', elsewhere)).toEqual({ failed: 'Unauthorized' });
  });

  test('fails, and does not refuse, while DynamoDB fails', async () => {
    const browser = new WebBrowser();
    await service.signIn(browser);
    const end = service.dynamodb.injectFault({
      action: 'GetItem',
      error: { status: 500, type: 'InternalServerError' },
    });
    const answer = await ask('AuthorizerClCm', browser);
    end();

    expect(answer).toEqual({ failed: 'dynamodb_unavailable' });
  });
});
