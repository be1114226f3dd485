import type { FunctionRegistry } from '../functions/function-registry.ts';
import type { LocalFunction } from '../functions/local-function.ts';
import type { PropertyReader } from '../template/property-reader.ts';
import { isBinary } from './proxy-event.ts';
import type {
  Integration,
  Method,
  MockIntegration,
  ProxyIntegration,
  RequestAuthorizer,
  S3Integration,
} from './rest-api.ts';

export interface MethodContext {
  readonly functions: FunctionRegistry;
  readonly binaryMediaTypes: readonly string[];
  /** Finds the file of an asset by the key under which it would be uploaded. */
  readonly assetPath: (objectKey: string) => string | undefined;
  /** By id. */
  readonly authorizers: ReadonlyMap<string, RequestAuthorizer>;
}

/**
 * Reads an AWS::ApiGateway::Method that anyone may call, or that has a Lambda authorizer. The integrations that are
 * understood are MOCK, AWS_PROXY with a function, and AWS with an object in S3; anything else ends the start.
 */
export function readMethod(properties: PropertyReader, context: MethodContext): Method {
  return {
    authorizer: findAuthorizer(properties, context.authorizers),
    integration: readIntegration(properties, context),
  };
}

function findAuthorizer(
  properties: PropertyReader,
  authorizers: MethodContext['authorizers'],
): RequestAuthorizer | undefined {
  if (properties.oneOf('AuthorizationType', ['NONE', 'CUSTOM']) === 'NONE') return undefined;
  const id = properties.string('AuthorizerId');
  return authorizers.get(id) ?? properties.fail('AuthorizerId', `the API has no authorizer ${id}`);
}

function readIntegration(properties: PropertyReader, context: MethodContext): Integration {
  const integration = properties.object('Integration');
  const type = integration.oneOf('Type', ['AWS_PROXY', 'AWS', 'MOCK']);
  if (type === 'AWS_PROXY') return readProxy(integration, context.functions);
  const declared = readDeclaredHeaders(properties);
  return type === 'AWS' ? readS3Integration(integration, declared, context) : readMock(integration, declared);
}

function readProxy(integration: PropertyReader, functions: FunctionRegistry): ProxyIntegration {
  integration.oneOf('IntegrationHttpMethod', ['POST']);
  return { type: 'AWS_PROXY', target: readFunction(integration, 'Uri', functions) };
}

/** Finds the function that a URI of API Gateway invokes. */
export function readFunction(
  properties: PropertyReader,
  name: string,
  functions: FunctionRegistry,
): LocalFunction {
  const uri = properties.string(name);
  const arn = /\/functions\/(arn:[^/]+)\/invocations$/.exec(uri)?.[1];
  return functions.find(arn ?? '') ?? properties.fail(name, `${uri} is not a function of this template`);
}

function readMock(integration: PropertyReader, declared: readonly string[]): MockIntegration {
  const { 'application/json': request, ...others } = integration.stringMap('RequestTemplates');
  if (request !== '{"statusCode":200}' || Object.keys(others).length > 0) {
    integration.fail('RequestTemplates', 'is not understood; {"statusCode":200} for application/json is');
  }
  // Without these two, a request with another content type gets a 500 from API Gateway; and so does every request in an
  // API with binary types.
  integration.oneOf('PassthroughBehavior', ['WHEN_NO_TEMPLATES']);
  integration.oneOf('ContentHandling', ['CONVERT_TO_TEXT']);
  const response = readResponse(integration);
  response.oneOf('ContentHandling', ['CONVERT_TO_TEXT']);
  const { 'application/json': body, ...otherBodies } = response.stringMap('ResponseTemplates');
  if (body === undefined || /[$#]/.test(body) || Object.keys(otherBodies).length > 0) {
    return response.fail('ResponseTemplates', 'is not understood; plain text for application/json is');
  }
  const headers = readHeaders(response, declared);
  return { type: 'MOCK', headers: { 'Content-Type': 'application/json', ...headers }, body };
}

/**
 * Reads an integration with one object of the bucket of the deployment's assets. API Gateway converts the object by the
 * content type that it requests from S3, and damages it if the conversion does not fit that type.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html
 */
function readS3Integration(
  integration: PropertyReader,
  declared: readonly string[],
  { assetPath, binaryMediaTypes }: MethodContext,
): S3Integration {
  integration.ignore('Credentials');
  integration.oneOf('IntegrationHttpMethod', ['GET']);
  const uri = integration.string('Uri');
  const objectKey = /^arn:[\w-]+:apigateway:[\w-]+:s3:path\/[^/]+\/(.+)$/.exec(uri)?.[1];
  const file =
    assetPath(objectKey ?? '') ?? integration.fail('Uri', `${uri} is not an object of this deployment`);
  const type = 'integration.request.querystring.response-content-type';
  const { [type]: value, ...others } = integration.stringMap('RequestParameters');
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) integration.fail(`RequestParameters.${unknown}`, 'is not understood');
  const contentType = readStatic(integration, `RequestParameters.${type}`, value ?? '');
  const response = readResponse(integration);
  // Without the pattern, S3's errors would reach the client as a 200.
  response.oneOf('SelectionPattern', ['200']);
  response.oneOf('ContentHandling', [
    isBinary(contentType, binaryMediaTypes) ? 'CONVERT_TO_BINARY' : 'CONVERT_TO_TEXT',
  ]);
  return { type: 'AWS', file, headers: readHeaders(response, declared) };
}

/** The headers that a method declares for its response 200. */
function readDeclaredHeaders(method: PropertyReader): readonly string[] {
  const [response, ...others] = method.objects('MethodResponses');
  if (response === undefined || others.length > 0) {
    return method.fail('MethodResponses', 'exactly one is understood, that for 200');
  }
  response.ignore('ResponseModels');
  response.oneOf('StatusCode', ['200']);
  return Object.keys(response.stringMap('ResponseParameters'));
}

function readResponse(integration: PropertyReader): PropertyReader {
  const [response, ...others] = integration.objects('IntegrationResponses');
  if (response === undefined || others.length > 0) {
    return integration.fail('IntegrationResponses', 'exactly one is understood, that for 200');
  }
  response.oneOf('StatusCode', ['200']);
  return response;
}

/** The headers that an integration's response sets. The method must declare each of them. */
function readHeaders(
  response: PropertyReader,
  declared: readonly string[],
): Readonly<Record<string, string>> {
  const parameters = Object.entries(response.stringMap('ResponseParameters')).map(
    ([name, value]): [string, string] => {
      if (!declared.includes(name))
        response.fail('ResponseParameters', `the method does not declare ${name}`);
      const header = name.replace(/^method\.response\.header\./, '');
      return [header, readStatic(response, `ResponseParameters.${name}`, value)];
    },
  );
  return Object.fromEntries(parameters);
}

/** A fixed value of a mapped parameter is in single quotes. */
export function readStatic(properties: PropertyReader, name: string, value: string): string {
  const text = /^'(.+)'$/s.exec(value)?.[1];
  return text ?? properties.fail(name, `${value} is not understood: only 'fixed values' are`);
}
