import { request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { InvocationResult } from '../../../local/functions/local-function.ts';
import type { LoopbackServer } from '../../../local/loopback-server.ts';
import type { JsonObject } from '../../../local/template/json.ts';
import { apiTemplate, method, proxyTo, serveApi } from '../support/rest-api.ts';
import { returned, stubFunction } from '../support/stub-function.ts';

let server: LoopbackServer | undefined;
let events: APIGatewayProxyEvent[] = [];

afterEach(async () => {
  await server?.close();
  events = [];
});

type Handle = (event: APIGatewayProxyEvent) => InvocationResult | Promise<InvocationResult>;

const ok: Handle = () => returned({ statusCode: 200, body: 'well' });

/** Serves routes which all lead to one function. */
async function serve(
  handle: Handle,
  routes: readonly string[] = ['ANY /auth/{proxy+}'],
  options: Parameters<typeof apiTemplate>[1] = {},
) {
  const echo = stubFunction('Echo', (event) => {
    events.push(event as APIGatewayProxyEvent);
    return handle(event as APIGatewayProxyEvent);
  });
  const template = apiTemplate(
    Object.fromEntries(routes.map((route) => [route, method(proxyTo('Echo'))])),
    options,
  );
  server = await serveApi(template, echo);
  return server.url;
}

/** A request with headers and a path exactly as given, which `fetch` would tidy up. */
async function send(url: string, path: string, headers: readonly string[] = [], body?: string | Buffer) {
  const { promise, resolve, reject } = Promise.withResolvers<{
    status: number;
    headers: readonly string[];
    body: string;
  }>();
  const { hostname, port } = new URL(url);
  const method = body === undefined ? 'GET' : 'POST';
  const all = [
    'Host',
    `${hostname}:${port}`,
    ...headers,
    ...(body === undefined ? [] : ['Content-Length', String(body.length)]),
  ];
  const outgoing = httpRequest(
    { hostname, port, path, method, headers: all, agent: false },
    async (response) => {
      resolve({ status: response.statusCode ?? 0, headers: response.rawHeaders, body: await text(response) });
    },
  );
  outgoing.on('error', reject).end(body);
  return promise;
}

describe('routing', () => {
  const routes = ['GET /auth/login', 'GET /auth/{name}', 'POST /auth/{name}', 'ANY /auth/files/{proxy+}'];

  test.each<[string, string, string, Record<string, string> | null]>([
    ['GET', '/auth/login', '/auth/login', null],
    ['GET', '/auth/other', '/auth/{name}', { name: 'other' }],
    ['GET', '/auth/a%20b', '/auth/{name}', { name: 'a b' }],
    ['POST', '/auth/login', '/auth/{name}', { name: 'login' }],
    ['PUT', '/auth/files/a/b', '/auth/files/{proxy+}', { proxy: 'a/b' }],
  ])('%s %s goes to %s', async (verb, path, resource, pathParameters) => {
    const url = await serve(ok, routes);
    expect((await fetch(`${url}${path}`, { method: verb })).status).toBe(200);
    expect(events).toMatchObject([{ resource, pathParameters, path, httpMethod: verb }]);
  });

  test.each([
    ['GET', '/'],
    ['GET', '/auth'],
    ['GET', '/auth/login/'],
    ['GET', '/Auth/login'],
    ['DELETE', '/auth/login'],
    ['GET', '/auth/files/'],
  ])('%s %s goes nowhere', async (verb, path) => {
    const url = await serve(ok, routes);
    const response = await fetch(`${url}${path}`, { method: verb });
    expect(response.status).toBe(403);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual({ message: 'Missing Authentication Token' });
    expect(events).toEqual([]);
  });
});

describe('the event', () => {
  test('has headers and query by last value and by all values', async () => {
    const url = await serve(ok);
    await send(url, '/auth/login?a=1&b=x%20y&a=2&c=&d', [
      'X-Test',
      'one',
      'cookie',
      'a=1',
      'X-Test',
      'two',
      'Cookie',
      'b=2',
    ]);
    expect(events).toMatchObject([
      {
        path: '/auth/login',
        headers: { 'X-Test': 'two', cookie: 'a=1', Cookie: 'b=2' },
        multiValueHeaders: { 'X-Test': ['one', 'two'], cookie: ['a=1'], Cookie: ['b=2'] },
        queryStringParameters: { a: '2', b: 'x y', c: '', d: '' },
        multiValueQueryStringParameters: { a: ['1', '2'], b: ['x y'], c: [''], d: [''] },
        body: null,
        isBase64Encoded: false,
      },
    ]);
  });

  test('has null for what there is not', async () => {
    const url = await serve(ok, ['GET /auth/login']);
    await send(url, '/auth/login');
    expect(events).toMatchObject([
      {
        queryStringParameters: null,
        multiValueQueryStringParameters: null,
        pathParameters: null,
        stageVariables: null,
      },
    ]);
  });

  test('tells of the request in its context', async () => {
    const url = await serve(ok, ['GET /auth/login']);
    const { headers } = await send(url, '/auth/login', ['User-Agent', 'tester/1']);
    const requestId = headers[headers.indexOf('x-amzn-RequestId') + 1];
    expect(events[0]?.requestContext).toMatchObject({
      stage: 'live',
      path: '/auth/login',
      resourcePath: '/auth/login',
      httpMethod: 'GET',
      domainName: '127.0.0.1',
      accountId: '123456789012',
      apiId: expect.stringMatching(/^[a-z0-9]{10}$/),
      protocol: 'HTTP/1.1',
      requestId,
      requestTime: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
      requestTimeEpoch: expect.any(Number),
      identity: { sourceIp: '127.0.0.1', userAgent: 'tester/1' },
    });
  });

  test('says who is behind a proxy, and keeps headers of the connection back', async () => {
    const url = await serve(ok, ['GET /auth/login']);
    await send(url, '/auth/login', [
      'X-Forwarded-For',
      '192.0.2.1',
      'X-Forwarded-Proto',
      'gopher',
      'Keep-Alive',
      '5',
      'TE',
      'trailers',
    ]);
    const { headers = {} } = events[0] ?? {};
    expect(headers['X-Forwarded-For']).toBe('192.0.2.1, 127.0.0.1');
    expect(headers['X-Forwarded-Proto']).toBe('http');
    expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['Keep-Alive']));
    expect(headers['TE']).toBeUndefined();
  });

  test.each<[string, string, boolean, string]>([
    ['a form', 'application/x-www-form-urlencoded', false, 'ä=1'],
    ['a binary type', 'image/png; a=b', true, Buffer.from('ä=1').toString('base64')],
  ])('has the body of %s as it must be', async (_name, contentType, isBase64Encoded, body) => {
    const url = await serve(ok, ['POST /auth/login'], { api: { BinaryMediaTypes: ['image/png'] } });
    await send(url, '/auth/login', ['Content-Type', contentType], Buffer.from('ä=1'));
    expect(events).toMatchObject([{ body, isBase64Encoded }]);
  });
});

describe('the response', () => {
  test('has all headers of both kinds, a pair that stands in both once', async () => {
    const url = await serve(() =>
      returned({
        statusCode: 303,
        headers: { Location: '/x', 'set-cookie': 'a=1' },
        multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'] },
        body: '',
      }),
    );
    const response = await fetch(`${url}/auth/login`, { redirect: 'manual' });
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/x');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('may have no body, and numbers and booleans for header values', async () => {
    const url = await serve(() => returned({ statusCode: 204, headers: { 'X-Number': 3, 'X-Flag': true } }));
    const response = await fetch(`${url}/auth/login`);
    expect([response.status, response.headers.get('x-number'), response.headers.get('x-flag')]).toEqual([
      204,
      '3',
      'true',
    ]);
  });

  test('has those headers renamed that API Gateway keeps to itself', async () => {
    const headers = { 'WWW-Authenticate': 'Bearer', Server: 'mine', 'Content-Length': '99' };
    const url = await serve(() => returned({ statusCode: 401, headers, body: 'x' }));
    const response = await fetch(`${url}/auth/login`);
    expect(response.headers.get('x-amzn-remapped-www-authenticate')).toBe('Bearer');
    expect(response.headers.get('x-amzn-remapped-server')).toBe('mine');
    expect(response.headers.get('www-authenticate')).toBeNull();
    expect(await response.text()).toBe('x');
  });

  test.each([
    ['is decoded for a client that accepts its type first', 'image/png, */*', Buffer.from('ä').toString()],
    ['stays base64 for others', '*/*', Buffer.from('ä').toString('base64')],
  ])('in base64 %s', async (_name, accept, expected) => {
    const answer = { statusCode: 200, body: Buffer.from('ä').toString('base64'), isBase64Encoded: true };
    const url = await serve(() => returned(answer), ['GET /auth/login'], {
      api: { BinaryMediaTypes: ['image/png'] },
    });
    expect(await (await fetch(`${url}/auth/login`, { headers: { accept } })).text()).toBe(expected);
  });

  test.each<[string, unknown]>([
    ['nothing', null],
    ['a text', 'hello'],
    ['a list', []],
    ['no status', { body: 'x' }],
    ['a status that is none', { statusCode: 99 }],
    ['a body that is no text', { statusCode: 200, body: { a: 1 } }],
    ['a field that there is not', { statusCode: 200, cookies: ['a=1'] }],
    ['an object for a header', { statusCode: 200, headers: { a: {} } }],
    ['a text for a list of headers', { statusCode: 200, multiValueHeaders: { a: 'b' } }],
    ['a list for headers', { statusCode: 200, headers: ['a'] }],
    ['a word for a flag', { statusCode: 200, isBase64Encoded: 'yes' }],
  ])('is 502 when the function answers %s', async (_name, payload) => {
    const url = await serve(() => returned(payload));
    const response = await fetch(`${url}/auth/login`);
    expect(response.status).toBe(502);
    expect(await response.json()).toEqual({ message: 'Internal server error' });
  });

  test('is 502 when the function fails', async () => {
    const url = await serve(() => ({ kind: 'failed', errorType: 'Sandbox.Timedout', errorMessage: '' }));
    expect((await fetch(`${url}/auth/login`)).status).toBe(502);
  });

  test('is 504 when the function takes longer than API Gateway waits', async () => {
    const never = stubFunction('Echo', () => new Promise<never>(() => {}));
    server = await serveApi(
      apiTemplate({ 'GET /slow': method(proxyTo('Echo', { TimeoutInMillis: 50 })) }),
      never,
    );
    const response = await fetch(`${server.url}/slow`);
    expect(response.status).toBe(504);
    expect(await response.json()).toEqual({ message: 'Endpoint request timed out' });
  });

  test('is 413 for more than 10 MB, and the function is not asked', async () => {
    const url = await serve(ok);
    const response = await send(url, '/auth/login', [], Buffer.alloc(10 * 1024 * 1024 + 1));
    expect(response).toMatchObject({ status: 413, body: '{"message":"Request Too Long"}' });
    expect(events).toEqual([]);
    expect((await send(url, '/auth/login', [], Buffer.alloc(10 * 1024 * 1024))).status).toBe(200);
  });
});

describe('gateway responses', () => {
  const gatewayResponse = (ResponseType: string, more: JsonObject): [string, JsonObject] => [
    'GatewayResponse',
    { ResponseType, ...more },
  ];
  const further = {
    Missing: gatewayResponse('MISSING_AUTHENTICATION_TOKEN', {
      StatusCode: '404',
      ResponseParameters: { 'gatewayresponse.header.Cache-Control': "'no-store'" },
      ResponseTemplates: {
        'application/json':
          '{"error":"not_found","was":$context.error.messageString,"id":"$context.requestId"}',
        'text/html': '<h1>Not found</h1>',
      },
    }),
    Other: gatewayResponse('DEFAULT_5XX', {
      ResponseParameters: { 'gatewayresponse.header.Retry-After': "'60'" },
    }),
  };

  test('are shaped by the template, in the language that the client accepts', async () => {
    const url = await serve(ok, ['GET /auth/login'], { further });
    const html = await fetch(`${url}/nowhere`, {
      headers: { accept: 'application/xml, text/html;q=0.9, */*' },
    });
    expect([html.status, html.headers.get('content-type'), await html.text()]).toEqual([
      404,
      'text/html',
      '<h1>Not found</h1>',
    ]);
    expect(html.headers.get('cache-control')).toBe('no-store');
    const json = await fetch(`${url}/nowhere`);
    expect(await json.json()).toEqual({
      error: 'not_found',
      was: 'Missing Authentication Token',
      id: json.headers.get('x-amzn-requestid'),
    });
  });

  test('fall back on the defaults for their hundred', async () => {
    const url = await serve(() => returned(null), ['GET /auth/login'], { further });
    const response = await fetch(`${url}/auth/login`);
    expect([response.status, response.headers.get('retry-after')]).toEqual([502, '60']);
  });

  test.each<[string, string, JsonObject, string]>([
    ['an unknown type', 'TEAPOT', {}, 'property ResponseType: "TEAPOT" is none of'],
    [
      'a variable that is not understood',
      'DEFAULT_4XX',
      { ResponseTemplates: { 'text/plain': '$context.identity.sourceIp' } },
      '$context.identity.sourceIp is not understood',
    ],
    [
      'a header that is not fixed',
      'DEFAULT_4XX',
      { ResponseParameters: { 'gatewayresponse.header.X': 'context.requestId' } },
      "only 'fixed values' are",
    ],
  ])('with %s end the start', async (_name, type, more, problem) => {
    const template = apiTemplate({}, { further: { Bad: gatewayResponse(type, more) } });
    await expect(serveApi(template)).rejects.toThrow(problem);
  });
});
