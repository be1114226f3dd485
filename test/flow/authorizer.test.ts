import { describe, expect, test } from '@jest/globals';
import { readEffect } from '../lambdas/authorizer/support.ts';
import { WebBrowser } from '../support/web-browser.ts';
import { invokeAuthorizer, useService } from './use-service.ts';

const service = await useService();

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
