import { readFile } from 'node:fs/promises';
import type { PropertyReader } from '../template/property-reader.ts';
import { isBinary } from './proxy-event.ts';
import type { HttpResponse } from './proxy-response.ts';
import type { S3Integration } from './rest-api.ts';

/** Finds the file of an asset by the key under which it would be uploaded. */
export type AssetPath = (objectKey: string) => string | undefined;

/** By the headers that the method declares for a status code, what a response sets. */
export type ReadHeaders = (response: PropertyReader) => Readonly<Record<string, string>>;

/**
 * Reads an integration with one object of the bucket that a deployment's assets are in. Understood is what answers S3's
 * 200 and nothing else: S3's other answers would otherwise reach the client as a 200.
 */
export function readS3Integration(
  integration: PropertyReader,
  assetPath: AssetPath,
  readHeaders: ReadHeaders,
): S3Integration {
  integration.ignore('Credentials');
  integration.oneOf('IntegrationHttpMethod', ['GET']);
  const uri = integration.string('Uri');
  const objectKey = /^arn:[\w-]+:apigateway:[\w-]+:s3:path\/[^/]+\/(.+)$/.exec(uri)?.[1];
  const file =
    assetPath(objectKey ?? '') ?? integration.fail('Uri', `${uri} is no object of this deployment`);
  const [response, ...others] = integration.objects('IntegrationResponses');
  if (response === undefined || others.length > 0) {
    return integration.fail('IntegrationResponses', 'exactly one is understood, that for 200');
  }
  response.oneOf('SelectionPattern', ['200']);
  return {
    type: 'AWS',
    file,
    contentType: readContentType(integration),
    statusCode: Number(response.string('StatusCode')),
    contentHandling: response.oneOf(
      'ContentHandling',
      ['CONVERT_TO_BINARY', 'CONVERT_TO_TEXT', 'none'],
      'none',
    ),
    headers: readHeaders(response),
  };
}

/** What S3 is asked to call the object: the type that it was uploaded with is not known here. */
function readContentType(integration: PropertyReader): string {
  const name = 'integration.request.querystring.response-content-type';
  const { [name]: value, ...others } = integration.stringMap('RequestParameters');
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) integration.fail(`RequestParameters.${unknown}`, 'is not understood');
  return (
    /^'([^']+)'$/.exec(value ?? '')?.[1] ??
    integration.fail(`RequestParameters.${name}`, 'is required, as a fixed value')
  );
}

/**
 * The object, its bytes converted as API Gateway would.
 *
 * @param accept the first content type of the request's Accept header
 * @returns undefined when there is no object: S3's 404 fits no response
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html
 */
export async function answerFromS3(
  integration: S3Integration,
  accept: string | undefined,
  binaryMediaTypes: readonly string[],
): Promise<HttpResponse | undefined> {
  const object = await readFile(integration.file).catch(() => undefined);
  if (object === undefined) return undefined;
  const headers = Object.entries(integration.headers);
  const has = headers.some(([name]) => name.toLowerCase() === 'content-type');
  return {
    status: integration.statusCode,
    headers: has ? headers : [['Content-Type', 'application/json'], ...headers],
    body: convert(object, integration, accept, binaryMediaTypes),
  };
}

function convert(
  object: Buffer,
  { contentType, contentHandling }: S3Integration,
  accept: string | undefined,
  binaryMediaTypes: readonly string[],
): Buffer {
  const toText = () => Buffer.from(object.toString('base64'));
  if (!isBinary(contentType, binaryMediaTypes)) {
    return contentHandling === 'CONVERT_TO_BINARY' ? Buffer.from(object.toString(), 'base64') : object;
  }
  switch (contentHandling) {
    case 'CONVERT_TO_BINARY':
      return object;
    case 'CONVERT_TO_TEXT':
      return toText();
    case 'none':
      return isBinary(accept, binaryMediaTypes) ? object : toText();
  }
}
