import { afterEach, describe, expect, test } from '@jest/globals';
import type { APIGatewayProxyEvent, APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import type { InvocationResult } from '../../../local/functions/local-function.ts';
import type { LoopbackServer } from '../../../local/loopback-server.ts';
import type { JsonObject } from '../../../local/template/json.ts';
import { type ApiOptions, functionUri, proxyMethod, serveApi } from '../support/rest-api.ts';
import { returned, stubArn, stubFunction } from '../support/stub-function.ts';

let server: LoopbackServer | undefined;
let asked: APIGatewayRequestAuthorizerEvent[] = [];
let served: APIGatewayProxyEvent[] = [];

afterEach(async () => {
  await server?.close();
  server = undefined;
  asked = [];
  served = [];
});

const authorizer: JsonObject = {
  Name: 'test',
  Type: 'REQUEST',
  AuthorizerUri: functionUri('Authorizer'),
  IdentitySource: 'method.request.header.Cookie',
  AuthorizerResultTtlInSeconds: 0,
};
const permission: JsonObject = {
  Action: 'lambda:InvokeFunction',
  FunctionName: stubArn('Authorizer'),
  Principal: 'apigateway.amazonaws.com',
  SourceArn: 'arn:aws:execute-api:eu-west-2:123456789012:*/authorizers/*',
};
const method: JsonObject = { AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: 'Protection' } };

type Decide = (event: APIGatewayRequestAuthorizerEvent) => InvocationResult;

/** Serves `/orders` behind an authorizer. */
async function serve(
  decide: Decide,
  options: ApiOptions = {},
  routes?: Readonly<Record<string, JsonObject>>,
) {
  const functions = [
    stubFunction('Orders', (event) => {
      served.push(event as APIGatewayProxyEvent);
      return returned({ statusCode: 200, body: 'orders' });
    }),
    stubFunction('Authorizer', (event) => {
      asked.push(event as APIGatewayRequestAuthorizerEvent);
      return decide(event as APIGatewayRequestAuthorizerEvent);
    }),
  ];
  server = await serveApi(routes ?? { 'GET /orders': proxyMethod('Orders', method) }, {
    functions,
    authorizers: { Protection: authorizer },
    permissions: [permission],
    ...options,
  });
  return server.url;
}

const allow = (methodArn: string) => ({ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: methodArn });

function policy(statements: unknown, more: object = {}): InvocationResult {
  return returned({
    principalId: 'somebody',
    policyDocument: { Version: '2012-10-17', Statement: statements },
    ...more,
  });
}

const letIn: Decide = ({ methodArn }) => policy(allow(methodArn));

async function get(url: string, headers: Readonly<Record<string, string>> = { cookie: 'a=1' }) {
  const response = await fetch(url, { headers });
  return [response.status, await response.text()];
}

describe('an authorizer', () => {
  test('gets the request and the ARN of its method and path', async () => {
    const url = await serve(letIn);
    await get(`${url}/orders?a=1&a=2`, { cookie: 'a=1', 'x-test': 'yes' });

    expect(asked).toMatchObject([
      {
        type: 'REQUEST',
        resource: '/orders',
        path: '/orders',
        httpMethod: 'GET',
        headers: { cookie: 'a=1', 'x-test': 'yes' },
        multiValueHeaders: { cookie: ['a=1'] },
        queryStringParameters: { a: '2' },
        multiValueQueryStringParameters: { a: ['1', '2'] },
        pathParameters: {},
        stageVariables: {},
        requestContext: { stage: 'live', resourcePath: '/orders', accountId: '123456789012' },
      },
    ]);
    const { apiId } = asked[0]?.requestContext ?? {};
    expect(asked[0]?.methodArn).toBe(`arn:aws:execute-api:eu-west-2:123456789012:${apiId}/live/GET/orders`);
    expect(Object.keys(asked[0] ?? {})).not.toContain('body');
  });

  test('gets the root as a path of its own, and no parameters as empty objects', async () => {
    const url = await serve(letIn, {}, { 'GET ': proxyMethod('Orders', method) });

    expect(await get(url)).toEqual([200, 'orders']);
    expect(asked[0]?.methodArn).toMatch(/\/live\/GET\/$/);
    expect(asked[0]?.queryStringParameters).toEqual({});
  });

  test.each<[string, Readonly<Record<string, string>>]>([
    ['missing', {}],
    ['empty', { cookie: '' }],
  ])('is not called when the identity source is %s: the response is 401', async (_, headers) => {
    expect(await get(`${await serve(letIn)}/orders`, headers)).toEqual([401, '{"message":"Unauthorized"}']);
    expect([asked, served]).toEqual([[], []]);
  });

  test('is called for every request when it has no identity source', async () => {
    const { IdentitySource: _, ...everything } = authorizer;
    const url = await serve(letIn, { authorizers: { Protection: everything } });

    expect(await get(`${url}/orders`, {})).toEqual([200, 'orders']);
    expect(asked).toHaveLength(1);
  });

  test('is not called for a method without it', async () => {
    const url = await serve(letIn, {}, { 'GET /open': proxyMethod('Orders') });
    await get(`${url}/open`);

    expect(asked).toEqual([]);
    expect(served).toMatchObject([{ requestContext: { authorizer: null } }]);
  });

  test('passes its context on to the function as text, with the principal', async () => {
    const context = { sub: 'x', admin: true, level: 2 };
    const url = await serve(({ methodArn }) => policy(allow(methodArn), { context }));

    expect(await get(`${url}/orders`)).toEqual([200, 'orders']);
    expect(served[0]?.requestContext.authorizer).toEqual({
      sub: 'x',
      admin: 'true',
      level: '2',
      principalId: 'somebody',
      integrationLatency: expect.any(Number),
    });
  });

  test.each<[string, string, Decide]>([
    [
      'throws Unauthorized',
      '401',
      () => ({ kind: 'failed', errorType: 'Error', errorMessage: 'Unauthorized' }),
    ],
    [
      'throws anything else',
      '500',
      () => ({ kind: 'failed', errorType: 'Error', errorMessage: 'unauthorized' }),
    ],
    ['returns nothing', '500', () => returned(null)],
    ['names no principal', '500', (event) => policy(allow(event.methodArn), { principalId: undefined })],
    ['returns no statement', '500', () => policy(undefined)],
    ['returns an unknown effect', '500', (event) => policy({ ...allow(event.methodArn), Effect: 'allow' })],
    ['returns an action that is no text', '500', (event) => policy({ ...allow(event.methodArn), Action: 1 })],
    [
      'returns a condition, which is not understood',
      '500',
      (event) => policy({ ...allow(event.methodArn), Condition: {} }),
    ],
    ['passes on a list', '500', (event) => policy(allow(event.methodArn), { context: { names: ['x'] } })],
  ])('that %s leads to the status %s, and the function is not called', async (_, status, decide) => {
    const [code] = await get(`${await serve(decide)}/orders`);

    expect(String(code)).toBe(status);
    expect(served).toEqual([]);
  });

  const anything = 'arn:aws:execute-api:*';
  test.each<[string, number, (methodArn: string) => unknown]>([
    ['allows the method', 200, allow],
    ['allows the method among others', 200, (arn) => [allow(`${arn}/other`), allow(arn)]],
    ['allows it in a list', 200, (arn) => ({ ...allow(arn), Resource: ['x', arn] })],
    ['allows all methods of the stage', 200, (arn) => allow(arn.replace('GET/orders', '*'))],
    ['allows every character in a place', 200, (arn) => allow(arn.replace('orders', 'order?'))],
    ['allows all actions', 200, (arn) => ({ ...allow(arn), Action: ['execute-api:*'] })],
    ['allows another method', 403, (arn) => allow(arn.replace('GET', 'POST'))],
    ['allows another path', 403, (arn) => allow(arn.replace('orders', 'order'))],
    ['allows another action', 403, (arn) => ({ ...allow(arn), Action: 'execute-api:ManageConnections' })],
    ['denies it', 403, (arn) => ({ ...allow(arn), Effect: 'Deny' })],
    ['allows everything and denies it', 403, (arn) => [allow(anything), { ...allow(arn), Effect: 'Deny' }]],
  ])('that %s leads to the status %d', async (_, status, statements) => {
    const [code] = await get(`${await serve(({ methodArn }) => policy(statements(methodArn)))}/orders`);

    expect(code).toBe(status);
    expect(served).toHaveLength(status === 200 ? 1 : 0);
  });
});

describe('a gateway response of an authorizer', () => {
  const template = (text: string, StatusCode: string) => ({
    StatusCode,
    ResponseTemplates: { 'application/json': text },
  });

  test('contains what the authorizer passed on, and nothing for what it did not', async () => {
    const context = { error: 'too_low', url: '/up' };
    const text =
      '$context.httpMethod $context.authorizer.error $context.authorizer.url $context.authorizer.x.';
    const url = await serve(({ methodArn }) => policy({ ...allow(methodArn), Effect: 'Deny' }, { context }), {
      gatewayResponses: { ACCESS_DENIED: template(text, '403') },
    });

    expect(await get(`${url}/orders`)).toEqual([403, 'GET too_low /up .']);
  });

  test.each([
    ['UNAUTHORIZED', 'Unauthorized'],
    ['AUTHORIZER_CONFIGURATION_ERROR', 'dynamodb_unavailable'],
  ])('is %s when the function throws %s', async (type, errorMessage) => {
    const url = await serve(() => ({ kind: 'failed', errorType: 'Error', errorMessage }), {
      gatewayResponses: { [type]: template('own', '418') },
    });

    expect(await get(`${url}/orders`)).toEqual([418, 'own']);
  });
});

describe('the start', () => {
  test.each<[string, JsonObject, string]>([
    ['of the type TOKEN', { Type: 'TOKEN' }, 'Type: "TOKEN" is not understood'],
    ['of Cognito', { Type: 'COGNITO_USER_POOLS' }, 'Type: "COGNITO_USER_POOLS" is not understood'],
    ['with a cache', { AuthorizerResultTtlInSeconds: 300 }, 'a cache is not understood'],
    ['with another identity source', { IdentitySource: 'context.path' }, 'context.path is not understood'],
    ['with a role', { AuthorizerCredentials: 'arn' }, 'AuthorizerCredentials'],
    ['of another stack', { AuthorizerUri: functionUri('Elsewhere') }, 'is not a function of this template'],
  ])('refuses an authorizer %s', async (_, changes, problem) => {
    const authorizers = { Protection: { ...authorizer, ...changes } };
    await expect(serve(letIn, { authorizers })).rejects.toThrow(problem);
  });

  test('refuses an authorizer without a time to live, which API Gateway sets to five minutes', async () => {
    const { AuthorizerResultTtlInSeconds: _, ...cached } = authorizer;
    await expect(serve(letIn, { authorizers: { Protection: cached } })).rejects.toThrow('a cache');
  });

  test('refuses a method with an authorizer that does not exist', async () => {
    const routes = { 'GET /orders': proxyMethod('Orders', { ...method, AuthorizerId: 'none' }) };
    await expect(serve(letIn, {}, routes)).rejects.toThrow('the API has no authorizer none');
  });

  test.each<[string, readonly JsonObject[]]>([
    ['nothing', []],
    [
      'the authorizers of another account',
      [{ ...permission, SourceArn: 'arn:aws:execute-api:eu-west-2:1:*/authorizers/*' }],
    ],
    [
      'the methods of an API only',
      [{ ...permission, SourceArn: 'arn:aws:execute-api:eu-west-2:123456789012:*/live/*' }],
    ],
    ['another service', [{ ...permission, Principal: 'events.amazonaws.com' }]],
    ['another function', [{ ...permission, FunctionName: stubArn('Orders') }]],
  ])('refuses an authorizer whose function may be invoked by %s', async (_, permissions) => {
    await expect(serve(letIn, { permissions })).rejects.toThrow(
      'Authorizer has no permission that lets API Gateway invoke it as an authorizer',
    );
  });

  test('accepts a permission for every API', async () => {
    const { SourceArn: _, ...everyApi } = permission;
    const url = await serve(letIn, { permissions: [everyApi] });

    expect(await get(`${url}/orders`)).toEqual([200, 'orders']);
  });
});
