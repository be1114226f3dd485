import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { LoopbackServer } from '../../../local/loopback-server.ts';
import { requestRaw } from '../support/raw-request.ts';
import { apiTemplate, method, serveApiWithObjects } from '../support/rest-api.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

let server: LoopbackServer | undefined;
afterEach(() => server?.close());

/** No UTF-8. */
const bytes = Buffer.from([0x77, 0x4f, 0x46, 0x32, 0xff, 0xfe, 0x00]);
const text = 'a{color:red}'.repeat(10);
const directory = await temporaryDirectory();
const files = {
  'font.woff2': path.join(directory, 'font.woff2'),
  'style.css': path.join(directory, 'style.css'),
};
await writeFile(files['font.woff2'], bytes);
await writeFile(files['style.css'], text);

const header = 'method.response.header.Content-Type';

function getObject(key: string, contentType: string, handling?: string) {
  const response = {
    StatusCode: '200',
    SelectionPattern: '200',
    ResponseParameters: { [header]: `'${contentType}'` },
    ...(handling === undefined ? {} : { ContentHandling: handling }),
  };
  return {
    Type: 'AWS',
    IntegrationHttpMethod: 'GET',
    Credentials: 'arn:aws:iam::123456789012:role/reader',
    Uri: { 'Fn::Join': ['', ['arn:aws:apigateway:eu-west-2:s3:path/', 'the-bucket', `/${key}`]] },
    RequestParameters: { 'integration.request.querystring.response-content-type': `'${contentType}'` },
    IntegrationResponses: [response],
  };
}

const MethodResponses = [{ StatusCode: '200', ResponseParameters: { [header]: true } }];

async function serve(integration: ReturnType<typeof getObject>, api = {}): Promise<string> {
  const template = apiTemplate(
    { 'GET /asset': method(integration, { MethodResponses }) },
    { api: { BinaryMediaTypes: ['font/woff2'], ...api } },
  );
  server = await serveApiWithObjects(template, files);
  return `${server.url}/asset`;
}

describe('an integration with an object in S3', () => {
  test.each([
    ['a font as bytes, as it is converted to', 'font.woff2', 'font/woff2', 'CONVERT_TO_BINARY', '*/*', bytes],
    [
      'a font in base64 where nothing says more',
      'font.woff2',
      'font/woff2',
      undefined,
      '*/*',
      bytes.toString('base64'),
    ],
    ['a font as bytes to who accepts it by name', 'font.woff2', 'font/woff2', undefined, 'font/woff2', bytes],
    [
      'a font in base64 where it is converted to text',
      'font.woff2',
      'font/woff2',
      'CONVERT_TO_TEXT',
      '*/*',
      bytes.toString('base64'),
    ],
    ['a stylesheet as text', 'style.css', 'text/css', 'CONVERT_TO_TEXT', 'text/css,*/*;q=0.1', text],
    [
      'a stylesheet spoilt where it is converted to bytes',
      'style.css',
      'text/css',
      'CONVERT_TO_BINARY',
      'text/css',
      Buffer.from(text, 'base64'),
    ],
  ])('gives %s', async (_name, key, contentType, handling, accept, expected) => {
    const answer = await fetch(await serve(getObject(key, contentType, handling)), { headers: { accept } });

    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, contentType]);
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(Buffer.from(expected));
  });

  test('is the 500 of the API when the object is gone, as S3 answers what fits no response', async () => {
    server = await serveApiWithObjects(
      apiTemplate({ 'GET /asset': method(getObject('style.css', 'text/css'), { MethodResponses }) }),
      { 'style.css': path.join(directory, 'gone.css') },
    );

    expect((await fetch(`${server.url}/asset`)).status).toBe(500);
  });

  test.each([
    [
      'of an object that the deployment has not',
      { Uri: 'arn:aws:apigateway:eu-west-2:s3:path/bucket/other.css' },
      'is no object of this deployment',
    ],
    [
      'of another service',
      { Uri: 'arn:aws:apigateway:eu-west-2:sqs:path/queue' },
      'is no object of this deployment',
    ],
    ['without the type that S3 is to say', { RequestParameters: {} }, 'response-content-type: is required'],
    [
      'with something of the request in it',
      { RequestParameters: { 'integration.request.path.x': 'method.request.path.x' } },
      'is not understood',
    ],
    [
      'whose response is for every status',
      { IntegrationResponses: [{ StatusCode: '200' }] },
      'SelectionPattern: is required',
    ],
    ['without a response', { IntegrationResponses: [] }, 'exactly one is understood'],
  ])('%s ends the start', async (_name, changes, problem) => {
    await expect(
      serve({ ...getObject('style.css', 'text/css'), ...changes } as ReturnType<typeof getObject>),
    ).rejects.toThrow(problem);
  });
});

describe('an API that compresses', () => {
  const api = { MinimumCompressionSize: 100 };

  test('compresses what is long enough for who takes gzip', async () => {
    const url = await serve(getObject('style.css', 'text/css', 'CONVERT_TO_TEXT'), api);
    const { headers, body } = await requestRaw(url, { 'accept-encoding': 'br, gzip' });

    expect(headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(body).toString()).toBe(text);
  });

  test.each([
    ['who does not take gzip', 'style.css', 'text/css', 'identity'],
    ['who refuses gzip', 'style.css', 'text/css', 'gzip;q=0'],
    ['who says nothing', 'style.css', 'text/css', undefined],
    ['what is short', 'font.woff2', 'font/woff2', 'gzip'],
  ])('leaves alone %s', async (_name, key, contentType, encoding) => {
    const url = await serve(getObject(key, contentType), api);
    const { headers } = await requestRaw(url, encoding === undefined ? {} : { 'accept-encoding': encoding });

    expect(headers['content-encoding']).toBeUndefined();
  });
});
