import type { FunctionRegistry } from '../functions/function-registry.ts';
import type { PropertyReader } from '../template/property-reader.ts';
import { readStatusCode } from './mock-response.ts';
import type { Integration, MockIntegration, MockResponse, ProxyIntegration } from './rest-api.ts';
import { type AssetPath, readS3Integration } from './s3-integration.ts';

/** The longest that API Gateway waits for an integration, in milliseconds, unless an account has it raised. */
const defaultTimeout = 29_000;

export interface MethodContext {
  readonly functions: FunctionRegistry;
  readonly binaryMediaTypes: readonly string[];
  readonly assetPath: AssetPath;
}

/**
 * Reads an AWS::ApiGateway::Method. Understood are integrations MOCK, AWS_PROXY with a function and AWS with an object
 * in S3, of methods that anyone may call; anything else ends the start.
 */
export function readMethod(properties: PropertyReader, context: MethodContext): Integration {
  properties.ignore('OperationName');
  properties.oneOf('AuthorizationType', ['NONE'], 'NONE');
  if (properties.optionalBoolean('ApiKeyRequired'))
    properties.fail('ApiKeyRequired', 'API keys are not understood');
  const integration = properties.object('Integration');
  switch (integration.oneOf('Type', ['AWS_PROXY', 'AWS', 'MOCK'])) {
    case 'AWS_PROXY':
      // They describe the method to others: a proxied response is whatever the function says.
      properties.ignore('MethodResponses');
      return readProxy(integration, context.functions);
    case 'AWS': {
      const declared = readMethodResponses(properties);
      return readS3Integration(integration, context.assetPath, (response) => readHeaders(response, declared));
    }
    case 'MOCK':
      return readMock(integration, properties, context.binaryMediaTypes);
  }
}

function readProxy(integration: PropertyReader, functions: FunctionRegistry): ProxyIntegration {
  integration.ignore('Credentials');
  integration.oneOf('IntegrationHttpMethod', ['POST']);
  const uri = integration.string('Uri');
  const arn = /\/functions\/(arn:[^/]+)\/invocations$/.exec(uri)?.[1];
  const target = functions.find(arn ?? '') ?? integration.fail('Uri', `${uri} is no function here`);
  return {
    type: 'AWS_PROXY',
    target,
    timeout: integration.optionalNumber('TimeoutInMillis') ?? defaultTimeout,
  };
}

function readMock(
  integration: PropertyReader,
  method: PropertyReader,
  binaryMediaTypes: readonly string[],
): MockIntegration {
  const declared = readMethodResponses(method);
  const requestTemplates = integration.stringMap('RequestTemplates');
  for (const [contentType, template] of Object.entries(requestTemplates)) {
    if (readStatusCode(template) === undefined) {
      integration.fail(
        `RequestTemplates.${contentType}`,
        'is not understood; a JSON object with a statusCode is',
      );
    }
  }
  requireText(integration, binaryMediaTypes);
  const behaviors = ['WHEN_NO_MATCH', 'WHEN_NO_TEMPLATES', 'NEVER'] as const;
  return {
    type: 'MOCK',
    requestTemplates,
    passthroughBehavior: integration.oneOf('PassthroughBehavior', behaviors, 'WHEN_NO_MATCH'),
    responses: integration.objects('IntegrationResponses').map((response) => {
      requireText(response, binaryMediaTypes);
      return readMockResponse(response, declared);
    }),
  };
}

/** Status code → the headers that the method declares for it. */
function readMethodResponses(method: PropertyReader): ReadonlyMap<string, readonly string[]> {
  const declared = method.objects('MethodResponses').map((response) => {
    response.ignore('ResponseModels');
    return [response.string('StatusCode'), Object.keys(response.stringMap('ResponseParameters'))] as const;
  });
  return new Map(declared);
}

/** With binary types anywhere in the API, a mock integration that does not insist on text answers 500 in AWS. */
function requireText(properties: PropertyReader, binaryMediaTypes: readonly string[]): void {
  const handling = properties.optionalString('ContentHandling');
  if (binaryMediaTypes.length > 0 && handling !== 'CONVERT_TO_TEXT') {
    properties.fail(
      'ContentHandling',
      'must be CONVERT_TO_TEXT in an API with binary types, or it answers 500 in AWS',
    );
  }
}

function readMockResponse(
  response: PropertyReader,
  declared: ReadonlyMap<string, readonly string[]>,
): MockResponse {
  const headers = readHeaders(response, declared);
  const templates = Object.entries(response.stringMap('ResponseTemplates'));
  const [contentType, body] = templates[0] ?? ['application/json', ''];
  if (templates.length > 1)
    response.fail('ResponseTemplates', 'more than one content type is not understood');
  if (/[$#]/.test(body))
    response.fail('ResponseTemplates', 'the template language is not understood: only plain text is');
  const selectionPattern = response.optionalString('SelectionPattern');
  return {
    statusCode: Number(response.string('StatusCode')),
    ...(selectionPattern === undefined ? {} : { selectionPattern }),
    headers,
    contentType,
    body,
  };
}

/** The headers that an integration's response sets, each of which the method has to declare for its status code. */
function readHeaders(
  response: PropertyReader,
  declared: ReadonlyMap<string, readonly string[]>,
): Readonly<Record<string, string>> {
  const statusCode = response.string('StatusCode');
  const declaredHeaders = declared.get(statusCode);
  if (!declaredHeaders) return response.fail('StatusCode', `the method declares no response ${statusCode}`);
  const parameters = Object.entries(response.stringMap('ResponseParameters')).map(
    ([name, value]): [string, string] => {
      if (!declaredHeaders.includes(name))
        response.fail('ResponseParameters', `the method does not declare ${name}`);
      return [name.replace(/^method\.response\.header\./, ''), readStatic(response, name, value)];
    },
  );
  return Object.fromEntries(parameters);
}

/** A fixed value of a mapped parameter stands in single quotes. */
export function readStatic(properties: PropertyReader, name: string, value: string): string {
  const text = /^'(.*)'$/s.exec(value)?.[1];
  return (
    text ??
    properties.fail(`ResponseParameters.${name}`, `${value} is not understood: only 'fixed values' are`)
  );
}
