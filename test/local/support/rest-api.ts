import { createApiGateway } from '../../../local/api-gateway/api-gateway.ts';
import { ApiResources } from '../../../local/api-gateway/api-resources.ts';
import { FunctionRegistry } from '../../../local/functions/function-registry.ts';
import type { LocalFunction } from '../../../local/functions/local-function.ts';
import { listenInternally } from '../../../local/loopback-server.ts';
import { createStack } from '../../../local/template/create-stack.ts';
import type { Json, JsonObject } from '../../../local/template/json.ts';
import { createStackIdentity } from '../../../local/template/stack-identity.ts';
import { stubArn } from './stub-function.ts';

const RestApiId = { Ref: 'Api' };

function createResource(type: string, properties: JsonObject): JsonObject {
  return { Type: `AWS::ApiGateway::${type}`, Properties: { RestApiId, ...properties } };
}

/** The properties of a method with a function. */
export function proxyMethod(logicalId: string, more: JsonObject = {}): JsonObject {
  return createMethod(
    { Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST', Uri: functionUri(logicalId) },
    more,
  );
}

/** The address at which API Gateway invokes a function. */
export function functionUri(logicalId: string): JsonObject {
  const path = 'arn:aws:apigateway:eu-west-2:lambda:path/2015-03-31/functions/';
  return { 'Fn::Join': ['', [path, stubArn(logicalId), '/invocations']] };
}

/** The properties of a method with an integration. */
export function createMethod(integration: JsonObject, more: JsonObject = {}): JsonObject {
  return { AuthorizationType: 'NONE', Integration: integration, ...more };
}

export interface ApiOptions {
  /** Properties of the API. */
  readonly api?: JsonObject;
  /** Gateway responses by type. */
  readonly gatewayResponses?: Readonly<Record<string, JsonObject>>;
  readonly functions?: readonly LocalFunction[];
  /** Authorizers, by logical id, and the permissions to invoke them. */
  readonly authorizers?: Readonly<Record<string, JsonObject>>;
  readonly permissions?: readonly JsonObject[];
  /** The files of the objects in S3 by key. */
  readonly files?: Readonly<Record<string, string>>;
}

/**
 * Serves a REST API.
 *
 * @param routes the methods' properties by route, such as `GET /auth/login`
 */
export async function serveApi(routes: Readonly<Record<string, JsonObject>>, options: ApiOptions = {}) {
  const {
    api = {},
    gatewayResponses = {},
    functions = [],
    files = {},
    authorizers = {},
    permissions = [],
  } = options;
  const resources: Record<string, Json> = {
    Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'test', ...api } },
    Deployment: createResource('Deployment', {}),
    Stage: createResource('Stage', { DeploymentId: { Ref: 'Deployment' }, StageName: 'live' }),
  };
  for (const [route, properties] of Object.entries(routes)) {
    const [HttpMethod = '', path = ''] = route.split(' ');
    let ResourceId: Json = { 'Fn::GetAtt': ['Api', 'RootResourceId'] };
    let id = 'Path';
    for (const PathPart of path.split('/').slice(1)) {
      id += PathPart.replace(/\W/g, '');
      resources[id] = createResource('Resource', { ParentId: ResourceId, PathPart });
      ResourceId = { Ref: id };
    }
    resources[`Method${HttpMethod}${id}`] = createResource('Method', {
      ResourceId,
      HttpMethod,
      ...properties,
    });
  }
  for (const [ResponseType, properties] of Object.entries(gatewayResponses)) {
    resources[ResponseType.replace(/\W|_/g, '')] = createResource('GatewayResponse', {
      ResponseType,
      ...properties,
    });
  }
  for (const [id, properties] of Object.entries(authorizers))
    resources[id] = createResource('Authorizer', properties);
  for (const [index, Properties] of permissions.entries())
    resources[`Permission${index}`] = { Type: 'AWS::Lambda::Permission', Properties };
  const registry = new FunctionRegistry();
  for (const each of functions) registry.add(each);
  const apis = new ApiResources(registry, (objectKey) => files[objectKey]);
  const stack = createStackIdentity('stack');
  await createStack({ template: { Resources: resources }, stack, handlers: apis.handlers });
  return listenInternally(createApiGateway(apis.api));
}
