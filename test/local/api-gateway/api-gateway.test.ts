import { writeFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { InvocationResult } from '../../../local/functions/local-function.ts';
import type { LoopbackServer } from '../../../local/loopback-server.ts';
import type { JsonObject } from '../../../local/template/json.ts';
import { type ApiOptions, createMethod, proxyMethod, serveApi } from '../support/rest-api.ts';
import { returned, stubFunction } from '../support/stub-function.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const style = 'a{color:red}'.repeat(10);
const directory = await temporaryDirectory();
await writeFile(path.join(directory, 'style.css'), style);

let server: LoopbackServer | undefined;
let events: APIGatewayProxyEvent[] = [];

afterEach(async () => {
  await server?.close();
  events = [];
});

async function serve(routes: Readonly<Record<string, JsonObject>>, options?: ApiOptions): Promise<string> {
  server = await serveApi(routes, options);
  return server.url;
}

/** Serves `/auth/login` with a function. */
function serveFunction(result: InvocationResult, options: ApiOptions = {}): Promise<string> {
  const stub = stubFunction('F', (event) => {
    events.push(event as APIGatewayProxyEvent);
    return result;
  });
  const routes = { 'GET /auth/login': proxyMethod('F'), 'POST /auth/login': proxyMethod('F') };
  return serve(routes, { ...options, functions: [stub] });
}

const ok = returned({ statusCode: 200, body: 'well' });

interface RawResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Sends headers exactly as given and returns the body as it was sent: `fetch` changes both. */
async function send(url: string, headers: readonly string[] = [], body?: Buffer): Promise<RawResponse> {
  const length = body === undefined ? [] : ['Content-Length', String(body.length)];
  const options = { method: body === undefined ? 'GET' : 'POST', agent: false };
  const { promise, resolve, reject } = Promise.withResolvers<RawResponse>();
  httpRequest(
    url,
    { ...options, headers: ['Host', new URL(url).host, ...headers, ...length] },
    async (response) => {
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        body: await buffer(response),
      });
    },
  )
    .on('error', reject)
    .end(body);
  return promise;
}

describe('API Gateway', () => {
  test.each([
    ['GET', '/'],
    ['GET', '/auth'],
    ['GET', '/Auth/login'],
    ['DELETE', '/auth/login'],
  ])('returns 403 for %s %s, which is not a route', async (method, pathname) => {
    const response = await fetch(`${await serveFunction(ok)}${pathname}`, { method });
    expect(response.status).toBe(403);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual({ message: 'Missing Authentication Token' });
    expect(events).toEqual([]);
  });

  test('finds a route whose path has slashes at the end', async () => {
    const url = await serveFunction(ok);
    expect((await fetch(`${url}/auth/login/`)).status).toBe(200);
    expect((await fetch(`${url}/auth/login//`)).status).toBe(200);
    expect(events).toEqual([
      expect.objectContaining({ resource: '/auth/login', path: '/auth/login/' }),
      expect.objectContaining({ resource: '/auth/login', path: '/auth/login//' }),
    ]);
  });

  test('returns 413 for a body of more than 10 MB without calling the function', async () => {
    const url = `${await serveFunction(ok)}/auth/login`;
    const limit = 10 * 1024 * 1024;
    const { status, body } = await send(url, [], Buffer.alloc(limit + 1));
    expect([status, body.toString()]).toEqual([413, '{"message":"Request Too Long"}']);
    expect(events).toEqual([]);
    expect((await send(url, [], Buffer.alloc(limit))).status).toBe(200);
  });
});

describe('the event of a function', () => {
  test('has headers and query parameters by last value and by all values', async () => {
    const url = await serveFunction(ok);
    const headers = ['X-Test', 'one', 'cookie', 'a=1', 'X-Test', 'two', 'Cookie', 'b=2'];
    await send(`${url}/auth/login?a=1&b=x%20y&a=2&c=&d`, headers);
    expect(events).toMatchObject([
      {
        resource: '/auth/login',
        path: '/auth/login',
        httpMethod: 'GET',
        headers: { 'X-Test': 'two', cookie: 'a=1', Cookie: 'b=2' },
        multiValueHeaders: { 'X-Test': ['one', 'two'], cookie: ['a=1'], Cookie: ['b=2'] },
        queryStringParameters: { a: '2', b: 'x y', c: '', d: '' },
        multiValueQueryStringParameters: { a: ['1', '2'], b: ['x y'], c: [''], d: [''] },
        body: null,
        isBase64Encoded: false,
      },
    ]);
  });

  test('has null for parameters that are missing', async () => {
    await send(`${await serveFunction(ok)}/auth/login`);
    const nothing = { queryStringParameters: null, multiValueQueryStringParameters: null };
    expect(events).toMatchObject([{ ...nothing, pathParameters: null, stageVariables: null }]);
  });

  test('describes the request in its context', async () => {
    const url = await serveFunction(ok);
    const { headers } = await send(`${url}/auth/login`, ['User-Agent', 'tester/1']);
    expect(events[0]?.requestContext).toMatchObject({
      stage: 'live',
      path: '/auth/login',
      resourcePath: '/auth/login',
      httpMethod: 'GET',
      domainName: '127.0.0.1',
      accountId: '123456789012',
      apiId: expect.stringMatching(/^[a-z0-9]{10}$/),
      protocol: 'HTTP/1.1',
      requestId: headers['x-amzn-requestid'],
      requestTime: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
      requestTimeEpoch: expect.any(Number),
      identity: { sourceIp: '127.0.0.1', userAgent: 'tester/1' },
    });
  });

  test('has the client behind a proxy, and no headers of the connection', async () => {
    const forwarded = ['X-Forwarded-For', '192.0.2.1', 'X-Forwarded-Proto', 'gopher'];
    await send(`${await serveFunction(ok)}/auth/login`, [...forwarded, 'Keep-Alive', '5', 'TE', 'trailers']);
    const { headers = {} } = events[0] ?? {};
    expect(headers).toMatchObject({
      'X-Forwarded-For': '192.0.2.1, 127.0.0.1',
      'X-Forwarded-Proto': 'http',
    });
    expect([headers['Keep-Alive'], headers['TE']]).toEqual([undefined, undefined]);
  });

  test.each<[string, string, boolean, string]>([
    ['a form as text', 'application/x-www-form-urlencoded', false, 'ä=1'],
    ['a binary type as base64', 'image/png; a=b', true, Buffer.from('ä=1').toString('base64')],
  ])('has the body of %s', async (_name, contentType, isBase64Encoded, body) => {
    const url = await serveFunction(ok, { api: { BinaryMediaTypes: ['image/png'] } });
    await send(`${url}/auth/login`, ['Content-Type', contentType], Buffer.from('ä=1'));
    expect(events).toMatchObject([{ body, isBase64Encoded }]);
  });
});

describe('the response of a function', () => {
  test('has the headers of both kinds, and a pair that is in both once', async () => {
    const headers = { Location: '/x', 'set-cookie': 'a=1', 'X-Number': 3, 'X-Flag': true };
    const multiValueHeaders = { 'Set-Cookie': ['a=1', 'b=2'] };
    const url = await serveFunction(returned({ statusCode: 303, headers, multiValueHeaders }));
    const response = await fetch(`${url}/auth/login`, { redirect: 'manual' });
    expect([response.status, await response.text()]).toEqual([303, '']);
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      location: '/x',
      'x-number': '3',
      'x-flag': 'true',
      'content-type': 'application/json',
      'x-amzn-requestid': expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  test('has other names for the headers that a function cannot set', async () => {
    const headers = { 'WWW-Authenticate': 'Bearer', Server: 'mine', 'Content-Length': '99' };
    const url = await serveFunction(returned({ statusCode: 401, headers, body: 'x' }));
    const response = await fetch(`${url}/auth/login`);
    expect(response.headers.get('x-amzn-remapped-www-authenticate')).toBe('Bearer');
    expect(response.headers.get('x-amzn-remapped-server')).toBe('mine');
    expect(response.headers.get('www-authenticate')).toBeNull();
    expect(await response.text()).toBe('x');
  });

  test.each([
    ['is decoded for a client that accepts its type first', 'image/png, */*', 'ä'],
    ['stays base64 for another client', '*/*', Buffer.from('ä').toString('base64')],
  ])('that is base64 %s', async (_name, accept, expected) => {
    const answer = { statusCode: 200, body: Buffer.from('ä').toString('base64'), isBase64Encoded: true };
    const url = await serveFunction(returned(answer), { api: { BinaryMediaTypes: ['image/png'] } });
    expect(await (await fetch(`${url}/auth/login`, { headers: { accept } })).text()).toBe(expected);
  });

  test.each<[string, InvocationResult]>([
    ['null', returned(null)],
    ['a text', returned('hello')],
    ['a list', returned([])],
    ['no status', returned({ body: 'x' })],
    ['an impossible status', returned({ statusCode: 99 })],
    ['a body that is not text', returned({ statusCode: 200, body: { a: 1 } })],
    ['an unknown field', returned({ statusCode: 200, cookies: ['a=1'] })],
    ['an object as a header', returned({ statusCode: 200, headers: { a: {} } })],
    ['a text as a list of headers', returned({ statusCode: 200, multiValueHeaders: { a: 'b' } })],
    ['a list as headers', returned({ statusCode: 200, headers: ['a'] })],
    ['a word as a flag', returned({ statusCode: 200, isBase64Encoded: 'yes' })],
    ['an error', { kind: 'failed', errorType: 'Sandbox.Timedout', errorMessage: '' }],
  ])('is 502 when the function returns %s', async (_name, result) => {
    const response = await fetch(`${await serveFunction(result)}/auth/login`);
    expect(response.status).toBe(502);
    expect(await response.json()).toEqual({ message: 'Internal server error' });
  });
});

describe('a gateway response', () => {
  const gatewayResponses = {
    MISSING_AUTHENTICATION_TOKEN: {
      StatusCode: '404',
      ResponseParameters: { 'gatewayresponse.header.Cache-Control': "'no-store'" },
      ResponseTemplates: {
        'application/json': '{"error":"not_found","id":"$context.requestId"}',
        'text/html': '<h1>Not found</h1>',
      },
    },
    DEFAULT_5XX: { ResponseParameters: { 'gatewayresponse.header.Retry-After': "'60'" } },
  };

  test('has the template of the first content type that the client accepts', async () => {
    const url = await serve({}, { gatewayResponses });
    const headers = { accept: 'application/xml, text/html;q=0.9, */*' };
    const html = await fetch(`${url}/nowhere`, { headers });
    expect([html.status, html.headers.get('content-type'), await html.text()]).toEqual([
      404,
      'text/html',
      '<h1>Not found</h1>',
    ]);
    expect(html.headers.get('cache-control')).toBe('no-store');
    const json = await fetch(`${url}/nowhere`);
    expect(await json.json()).toEqual({ error: 'not_found', id: json.headers.get('x-amzn-requestid') });
  });

  test('has the default of its class when its type has no override', async () => {
    const url = await serveFunction(returned(null), { gatewayResponses });
    const response = await fetch(`${url}/auth/login`);
    expect([response.status, response.headers.get('retry-after')]).toEqual([502, '60']);
  });

  test.each<[string, string, JsonObject, string]>([
    ['an unknown type', 'TEAPOT', {}, 'property ResponseType: "TEAPOT" is none of'],
    [
      'an unknown variable',
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
  ])('with %s ends the start', async (_name, type, properties, problem) => {
    await expect(serve({}, { gatewayResponses: { [type]: properties } })).rejects.toThrow(problem);
  });
});

const header = 'method.response.header.Content-Type';
const MethodResponses = [{ StatusCode: '200', ResponseParameters: { [header]: true } }];

describe('a MOCK integration', () => {
  const response = {
    StatusCode: '200',
    ContentHandling: 'CONVERT_TO_TEXT',
    ResponseTemplates: { 'application/json': { 'Fn::Join': ['', ['{"keys":', '[]}']] } },
    ResponseParameters: { [header]: "'application/jwk-set+json'" },
  };
  const mock = {
    Type: 'MOCK',
    RequestTemplates: { 'application/json': '{"statusCode":200}' },
    PassthroughBehavior: 'WHEN_NO_TEMPLATES',
    ContentHandling: 'CONVERT_TO_TEXT',
    IntegrationResponses: [response],
  };
  const serveMock = (changes: JsonObject = {}) =>
    serve({ 'GET /jwks.json': createMethod({ ...mock, ...changes }, { MethodResponses }) });

  test('returns its template and its headers without a function', async () => {
    const answer = await fetch(`${await serveMock()}/jwks.json`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/jwk-set+json']);
    expect(await answer.json()).toEqual({ keys: [] });
  });

  test('returns 415 for a request with another content type than JSON', async () => {
    const headers = { 'content-type': 'text/plain' };
    expect((await fetch(`${await serveMock()}/jwks.json`, { headers })).status).toBe(415);
  });

  const withResponse = (changes: JsonObject) => ({ IntegrationResponses: [{ ...response, ...changes }] });
  test.each<[string, JsonObject, string]>([
    [
      'another request template',
      { RequestTemplates: { 'application/json': '{}' } },
      'RequestTemplates: is not understood',
    ],
    [
      'the template language in its response',
      withResponse({ ResponseTemplates: { 'application/json': "$input.json('$')" } }),
      'ResponseTemplates: is not understood',
    ],
    [
      'a header that the method does not declare',
      withResponse({ ResponseParameters: { 'method.response.header.X': "'1'" } }),
      'the method does not declare method.response.header.X',
    ],
    ['another status', withResponse({ StatusCode: '201' }), 'StatusCode: "201" is none of 200'],
    ['two responses', { IntegrationResponses: [response, response] }, 'exactly one is understood'],
    ['binary content', { ContentHandling: 'CONVERT_TO_BINARY' }, 'is none of CONVERT_TO_TEXT'],
    ['another passthrough', { PassthroughBehavior: 'NEVER' }, 'is none of WHEN_NO_TEMPLATES'],
    ['a cache', { CacheKeyParameters: ['a'] }, 'Integration.CacheKeyParameters: the local environment'],
  ])('with %s ends the start', async (_name, changes, problem) => {
    await expect(serveMock(changes)).rejects.toThrow(problem);
  });
});

describe('a method', () => {
  test.each<[string, string, JsonObject, string]>([
    [
      'with an HTTP integration',
      'GET /x',
      createMethod({ Type: 'HTTP', Uri: 'https://example.com' }),
      'Integration.Type: "HTTP" is none of AWS_PROXY, AWS, MOCK',
    ],
    [
      'that requires a signature',
      'GET /x',
      { ...proxyMethod('F'), AuthorizationType: 'AWS_IAM' },
      'AuthorizationType: "AWS_IAM" is none of NONE',
    ],
    [
      'that requires an API key',
      'GET /x',
      { ...proxyMethod('F'), ApiKeyRequired: true },
      'property ApiKeyRequired',
    ],
    ['of an unknown function', 'GET /x', proxyMethod('Other'), 'is not a function of this template'],
    ['for every verb', 'ANY /x', proxyMethod('F'), 'HttpMethod: "ANY" is none of'],
    ['with a path parameter', 'GET /{proxy+}', proxyMethod('F'), 'path parameters are not understood'],
  ])('%s ends the start', async (_name, route, properties, problem) => {
    const functions = [stubFunction('F', () => ok)];
    await expect(serve({ [route]: properties }, { functions })).rejects.toThrow(problem);
  });
});

describe('an integration with an object in S3', () => {
  async function serveObject(
    key: string,
    contentType: string,
    { handling = 'CONVERT_TO_TEXT', api = {}, changes = {} } = {},
  ): Promise<string> {
    const integration = {
      Type: 'AWS',
      IntegrationHttpMethod: 'GET',
      Credentials: 'arn:aws:iam::123456789012:role/reader',
      Uri: `arn:aws:apigateway:eu-west-2:s3:path/bucket/${key}`,
      RequestParameters: { 'integration.request.querystring.response-content-type': `'${contentType}'` },
      IntegrationResponses: [
        {
          StatusCode: '200',
          SelectionPattern: '200',
          ContentHandling: handling,
          ResponseParameters: { [header]: `'${contentType}'` },
        },
      ],
      ...changes,
    };
    const routes = { 'GET /asset': createMethod(integration, { MethodResponses }) };
    const url = await serve(routes, {
      api: { BinaryMediaTypes: ['font/woff2'], ...api },
      files: Object.fromEntries(['style.css', 'gone.css'].map((name) => [name, path.join(directory, name)])),
    });
    return `${url}/asset`;
  }

  test('returns 500 when the object is missing', async () => {
    expect((await send(await serveObject('gone.css', 'text/css'))).status).toBe(500);
  });

  test('compresses a long body for a client that accepts gzip', async () => {
    const url = await serveObject('style.css', 'text/css', { api: { MinimumCompressionSize: 100 } });
    const { headers, body } = await send(url, ['Accept-Encoding', 'br, gzip']);
    expect(headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(body).toString()).toBe(style);
  });

  test.each([
    ['for a client that does not accept gzip', 100, ['Accept-Encoding', 'identity']],
    ['for a client that refuses gzip', 100, ['Accept-Encoding', 'gzip;q=0']],
    ['for a client without the header', 100, []],
    ['when the body is short', 1000, ['Accept-Encoding', 'gzip']],
  ])('does not compress %s', async (_name, MinimumCompressionSize, headers) => {
    const url = await serveObject('style.css', 'text/css', { api: { MinimumCompressionSize } });
    expect((await send(url, headers)).headers['content-encoding']).toBeUndefined();
  });

  const parameter = 'integration.request.path.x';
  test.each([
    [
      'with an unknown object',
      { Uri: 'arn:aws:apigateway:eu-west-2:s3:path/bucket/other.css' },
      'is not an object of this deployment',
    ],
    [
      'with another service',
      { Uri: 'arn:aws:apigateway:eu-west-2:sqs:path/queue' },
      'is not an object of this deployment',
    ],
    ['without a content type', { RequestParameters: {} }, "only 'fixed values' are"],
    [
      'with another parameter',
      { RequestParameters: { [parameter]: 'x' } },
      `${parameter}: is not understood`,
    ],
    [
      'with a response for every status',
      { IntegrationResponses: [{ StatusCode: '200' }] },
      'SelectionPattern: is required',
    ],
    ['without a response', { IntegrationResponses: [] }, 'exactly one is understood'],
  ])('%s ends the start', async (_name, changes, problem) => {
    await expect(serveObject('style.css', 'text/css', { changes })).rejects.toThrow(problem);
  });

  test.each([
    ['a font is converted to text', 'font/woff2', 'CONVERT_TO_TEXT'],
    ['a stylesheet is converted to bytes', 'text/css', 'CONVERT_TO_BINARY'],
  ])('ends the start when %s', async (_name, contentType, handling) => {
    await expect(serveObject('style.css', contentType, { handling })).rejects.toThrow('ContentHandling');
  });
});
