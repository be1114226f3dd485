import { createApiGateway } from '../../../local/api-gateway/api-gateway.ts';
import { ApiResources } from '../../../local/api-gateway/api-resources.ts';
import { FunctionRegistry } from '../../../local/functions/function-registry.ts';
import type { LocalFunction } from '../../../local/functions/local-function.ts';
import { listenInternally } from '../../../local/loopback-server.ts';
import { createStack } from '../../../local/template/create-stack.ts';
import type { Json, JsonObject } from '../../../local/template/json.ts';
import { createStackIdentity } from '../../../local/template/stack-identity.ts';
import { arnOfStub } from './stub-function.ts';

const resource = (type: string, properties: JsonObject): JsonObject => ({
  Type: `AWS::ApiGateway::${type}`,
  Properties: properties,
});
const RestApiId = { Ref: 'Api' };

/** An integration with the function of a logical id. */
export function proxyTo(logicalId: string, more: JsonObject = {}): JsonObject {
  const path = [
    'arn:aws:apigateway:eu-west-2:lambda:path/2015-03-31/functions/',
    arnOfStub(logicalId),
    '/invocations',
  ];
  return { Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST', Uri: { 'Fn::Join': ['', path] }, ...more };
}

/** A method with an integration. */
export function method(integration: JsonObject, more: JsonObject = {}): JsonObject {
  return { AuthorizationType: 'NONE', Integration: integration, ...more };
}

/**
 * A template with a REST API.
 *
 * @param routes `GET /auth/login` → the method's properties
 * @param further logical id → resource type and properties, beside the API's own
 */
export function apiTemplate(
  routes: Readonly<Record<string, JsonObject>>,
  {
    api = {},
    further = {},
  }: { readonly api?: JsonObject; readonly further?: Readonly<Record<string, [string, JsonObject]>> } = {},
): JsonObject {
  const resources: Record<string, Json> = {
    Api: resource('RestApi', { Name: 'test', ...api }),
    Deployment: resource('Deployment', { RestApiId }),
    Stage: resource('Stage', { RestApiId, DeploymentId: { Ref: 'Deployment' }, StageName: 'live' }),
  };
  for (const [route, properties] of Object.entries(routes)) {
    const [HttpMethod = '', path = ''] = route.split(' ');
    let parent: Json = { 'Fn::GetAtt': ['Api', 'RootResourceId'] };
    let id = 'Path';
    for (const PathPart of path.split('/').slice(1)) {
      id += PathPart.replace(/\W/g, '');
      resources[id] = resource('Resource', { RestApiId, ParentId: parent, PathPart });
      parent = { Ref: id };
    }
    resources[`Method${HttpMethod}${id}`] = resource('Method', {
      RestApiId,
      ResourceId: parent,
      HttpMethod,
      ...properties,
    });
  }
  for (const [id, [type, properties]] of Object.entries(further))
    resources[id] = resource(type, { RestApiId, ...properties });
  return { Resources: resources };
}

/** Serves the REST API of a template, with the objects whose files are given by their keys. */
export async function serveApiWithObjects(
  template: JsonObject,
  files: Readonly<Record<string, string>>,
  ...functions: readonly LocalFunction[]
) {
  const registry = new FunctionRegistry();
  for (const each of functions) registry.add(each);
  const resources = new ApiResources(registry, (objectKey) => files[objectKey]);
  await createStack({ template, stack: createStackIdentity('stack'), handlers: resources.handlers });
  return listenInternally(createApiGateway(resources.api));
}

/** Serves the REST API of a template. */
export function serveApi(template: JsonObject, ...functions: readonly LocalFunction[]) {
  return serveApiWithObjects(template, {}, ...functions);
}
