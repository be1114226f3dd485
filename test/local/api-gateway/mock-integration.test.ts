import { afterEach, describe, expect, test } from '@jest/globals';
import type { LoopbackServer } from '../../../local/loopback-server.ts';
import type { JsonObject } from '../../../local/template/json.ts';
import { apiTemplate, method, serveApi } from '../support/rest-api.ts';

let server: LoopbackServer | undefined;
afterEach(() => server?.close());

const response = {
  StatusCode: '200',
  ContentHandling: 'CONVERT_TO_TEXT',
  ResponseTemplates: { 'application/json': { 'Fn::Join': ['', ['{"keys":', '[]}']] } },
  ResponseParameters: { 'method.response.header.Cache-Control': "'max-age=300'" },
};
const mock = {
  Type: 'MOCK',
  RequestTemplates: { 'application/json': '{"statusCode":200}' },
  PassthroughBehavior: 'WHEN_NO_TEMPLATES',
  ContentHandling: 'CONVERT_TO_TEXT',
  IntegrationResponses: [response],
};
const MethodResponses = [
  {
    StatusCode: '200',
    ResponseModels: { 'application/json': 'Empty' },
    ResponseParameters: { 'method.response.header.Cache-Control': true },
  },
];

async function serve(integration: JsonObject = {}, api: JsonObject = {}): Promise<string> {
  const template = apiTemplate(
    { 'GET /jwks.json': method({ ...mock, ...integration }, { MethodResponses }) },
    { api },
  );
  server = await serveApi(template);
  return `${server.url}/jwks.json`;
}

describe('a MOCK integration', () => {
  test('answers with its template and mapped headers, and without a function', async () => {
    const answer = await fetch(await serve());
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.headers.get('cache-control')).toBe('max-age=300');
    expect(await answer.json()).toEqual({ keys: [] });
  });

  test('chooses the response by the status code of the request template', async () => {
    const further = {
      StatusCode: '200',
      SelectionPattern: '4\\d\\d',
      ContentHandling: 'CONVERT_TO_TEXT',
      ResponseTemplates: { 'text/plain': 'four' },
    };
    const RequestTemplates = { 'application/json': '{"statusCode":404}' };
    const answer = await fetch(await serve({ RequestTemplates, IntegrationResponses: [response, further] }));
    expect([answer.headers.get('content-type'), await answer.text()]).toEqual(['text/plain', 'four']);
  });

  test.each([
    ['WHEN_NO_TEMPLATES', 415],
    ['NEVER', 415],
    ['WHEN_NO_MATCH', 500],
  ])('answers a content type without a template, %s, with %d', async (PassthroughBehavior, status) => {
    const url = await serve({ PassthroughBehavior });
    expect((await fetch(url, { headers: { 'content-type': 'text/plain' } })).status).toBe(status);
  });

  test.each<[string, JsonObject, JsonObject, string]>([
    [
      'a request template without a status code',
      { RequestTemplates: { 'application/json': '{}' } },
      {},
      'RequestTemplates.application/json: is not understood',
    ],
    [
      'the template language in its response',
      {
        IntegrationResponses: [
          { ...response, ResponseTemplates: { 'application/json': "$input.json('$')" } },
        ],
      },
      {},
      'ResponseTemplates: the template language is not understood',
    ],
    [
      'a header that the method does not declare',
      { IntegrationResponses: [{ ...response, ResponseParameters: { 'method.response.header.X': "'1'" } }] },
      {},
      'the method does not declare method.response.header.X',
    ],
    [
      'a status that the method does not declare',
      { IntegrationResponses: [{ ...response, StatusCode: '201' }] },
      {},
      'the method declares no response 201',
    ],
    [
      'something that is not text where there are binary types',
      { ContentHandling: 'CONVERT_TO_BINARY' },
      { BinaryMediaTypes: ['image/png'] },
      'ContentHandling: must be CONVERT_TO_TEXT',
    ],
    ['a cache', { CacheKeyParameters: ['a'] }, {}, 'Integration.CacheKeyParameters: the local environment'],
  ])('with %s ends the start', async (_name, integration, api, problem) => {
    await expect(serve(integration, api)).rejects.toThrow(problem);
  });
});

describe('a method', () => {
  test.each<[string, JsonObject, string]>([
    [
      'with an HTTP integration',
      method({ Type: 'HTTP', Uri: 'https://example.com' }),
      'Integration.Type: "HTTP" is none of AWS_PROXY, AWS, MOCK',
    ],
    [
      'that asks for a signature',
      method(mock, { AuthorizationType: 'AWS_IAM', MethodResponses }),
      'AuthorizationType: "AWS_IAM" is none of NONE',
    ],
    [
      'that asks for an API key',
      method(mock, { ApiKeyRequired: true, MethodResponses }),
      'API keys are not understood',
    ],
    [
      'that validates its request',
      method(mock, { RequestValidatorId: 'x', MethodResponses }),
      'property RequestValidatorId',
    ],
    [
      'of a function that there is not',
      method({ Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST', Uri: 'arn:x/functions/arn:y/invocations' }),
      'is no function here',
    ],
  ])('%s ends the start', async (_name, properties, problem) => {
    await expect(serveApi(apiTemplate({ 'GET /x': properties }))).rejects.toThrow(problem);
  });
});
