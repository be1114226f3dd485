import { randomInt } from 'node:crypto';
import type { FunctionRegistry } from '../functions/function-registry.ts';
import { matchesArn } from '../iam/policy.ts';
import { StartError } from '../start-error.ts';
import type { ResourceHandlers, ResourceRequest } from '../template/create-stack.ts';
import type { PropertyReader } from '../template/property-reader.ts';
import { readAuthorizer } from './authorizer-resource.ts';
import { findUnknown, overriddenTypes } from './gateway-responses.ts';
import { type MethodContext, readMethod, readStatic } from './method-resource.ts';
import type { GatewayResponseOverride, Method, RequestAuthorizer, RestApi } from './rest-api.ts';

interface DraftApi extends Omit<RestApi, 'resources' | 'stageName'> {
  readonly resources: Map<string, { readonly path: string; readonly methods: Map<string, Method> }>;
  readonly gatewayResponses: Map<string, GatewayResponseOverride>;
  readonly authorizers: Map<string, RequestAuthorizer>;
  stageName?: string;
}

/** Lets API Gateway invoke a function. */
interface Permission {
  /** Or its ARN. */
  readonly functionName: string;
  /** A pattern for what invokes the function. */
  readonly sourceArn: string;
}

/** Collects the template's REST API from its resources. */
export class ApiResources {
  readonly #functions: FunctionRegistry;
  readonly #assetPath: MethodContext['assetPath'];
  readonly #apis = new Map<string, DraftApi>();
  readonly #permissions: Permission[] = [];

  /** @param assetPath finds the objects that methods serve */
  constructor(functions: FunctionRegistry, assetPath: MethodContext['assetPath']) {
    this.#functions = functions;
    this.#assetPath = assetPath;
  }

  readonly handlers: ResourceHandlers = {
    'AWS::ApiGateway::RestApi': (resource) => this.#createApi(resource),
    'AWS::ApiGateway::Resource': (resource) => this.#createResource(resource),
    'AWS::ApiGateway::Authorizer': (resource) => this.#createAuthorizer(resource),
    'AWS::ApiGateway::Method': (resource) => this.#createMethod(resource),
    'AWS::ApiGateway::GatewayResponse': (resource) => this.#createGatewayResponse(resource),
    'AWS::ApiGateway::Deployment': (resource) => this.#createDeployment(resource),
    'AWS::ApiGateway::Stage': (resource) => this.#createStage(resource),
    'AWS::Lambda::Permission': (resource) => this.#createPermission(resource),
  };

  /**
   * The API, after the stack has been created.
   *
   * @throws StartError unless the template has exactly one, with a stage, that may invoke its authorizers
   */
  get api(): RestApi {
    const [draft, ...others] = this.#apis.values();
    if (draft?.stageName === undefined || others.length > 0) {
      throw new StartError('template: the local environment runs exactly one REST API with one stage');
    }
    this.#checkPermissions(draft);
    const resources = [...draft.resources].map(([id, resource]) => ({ id, ...resource }));
    return { ...draft, stageName: draft.stageName, resources };
  }

  /** Without a permission, API Gateway would respond to every request with 500. */
  #checkPermissions({ arn, authorizers }: DraftApi): void {
    for (const [id, { target }] of authorizers) {
      const isAllowed = this.#permissions.some(
        ({ functionName, sourceArn }) =>
          this.#functions.find(functionName) === target && matchesArn(sourceArn, `${arn}/authorizers/${id}`),
      );
      if (isAllowed) continue;
      throw new StartError(
        `template: ${target.logicalId} has no permission that lets API Gateway invoke it as an authorizer`,
      );
    }
  }

  #createApi({ properties, stack }: ResourceRequest) {
    properties.ignore(
      'Description',
      'DisableExecuteApiEndpoint',
      'EndpointAccessMode',
      'EndpointConfiguration',
      'Name',
      'SecurityPolicy',
    );
    const [id, rootId] = [randomId(), randomId()];
    this.#apis.set(id, {
      id,
      arn: `arn:${stack.partition}:execute-api:${stack.region}:${stack.accountId}:${id}`,
      accountId: stack.accountId,
      binaryMediaTypes: properties.strings('BinaryMediaTypes').map((type) => type.toLowerCase()),
      minimumCompressionSize: properties.optionalNumber('MinimumCompressionSize'),
      resources: new Map([[rootId, { path: '', methods: new Map() }]]),
      gatewayResponses: new Map(),
      authorizers: new Map(),
    });
    return { ref: id, attributes: { RootResourceId: rootId } };
  }

  #createResource({ properties }: ResourceRequest) {
    const { resources } = this.#findApi(properties);
    const parent = findResource(resources, properties, 'ParentId');
    const part = properties.string('PathPart');
    if (part.includes('{')) properties.fail('PathPart', 'path parameters are not understood');
    const id = randomId();
    resources.set(id, { path: `${parent.path}/${part}`, methods: new Map() });
    return { ref: id };
  }

  #createAuthorizer({ properties }: ResourceRequest) {
    const { authorizers } = this.#findApi(properties);
    const id = randomId();
    authorizers.set(id, readAuthorizer(properties, this.#functions));
    return { ref: id, attributes: { AuthorizerId: id } };
  }

  /** Who may invoke a function is enforced for authorizers only. */
  #createPermission({ logicalId, properties }: ResourceRequest) {
    properties.ignore('Action', 'FunctionName', 'Principal', 'SourceAccount', 'SourceArn');
    if (properties.json('Principal') === 'apigateway.amazonaws.com') {
      const sourceArn = properties.optionalString('SourceArn') ?? '*:*:*:*:*:*';
      this.#permissions.push({ functionName: properties.string('FunctionName'), sourceArn });
    }
    return { ref: logicalId };
  }

  #createMethod({ logicalId, properties }: ResourceRequest) {
    const { resources, binaryMediaTypes, authorizers } = this.#findApi(properties);
    const { methods } = findResource(resources, properties, 'ResourceId');
    const context = { functions: this.#functions, assetPath: this.#assetPath, binaryMediaTypes, authorizers };
    methods.set(properties.oneOf('HttpMethod', ['GET', 'HEAD', 'POST']), readMethod(properties, context));
    return { ref: logicalId };
  }

  #createGatewayResponse({ logicalId, properties }: ResourceRequest) {
    const type = properties.oneOf('ResponseType', overriddenTypes);
    const statusCode = properties.optionalString('StatusCode');
    const templates = properties.stringMap('ResponseTemplates');
    for (const [contentType, template] of Object.entries(templates)) {
      const unknown = findUnknown(template);
      if (unknown !== undefined)
        properties.fail(`ResponseTemplates.${contentType}`, `${unknown} is not understood`);
    }
    const headers = Object.entries(properties.stringMap('ResponseParameters')).map(
      ([name, value]): [string, string] => [
        name.replace(/^gatewayresponse\.header\./, ''),
        readStatic(properties, `ResponseParameters.${name}`, value),
      ],
    );
    this.#findApi(properties).gatewayResponses.set(type, {
      ...(statusCode === undefined ? {} : { statusCode: Number(statusCode) }),
      headers: Object.fromEntries(headers),
      templates,
    });
    return { ref: logicalId };
  }

  /** A snapshot of the API. Locally it is always the current state. */
  #createDeployment({ logicalId, properties }: ResourceRequest) {
    properties.ignore('Description');
    this.#findApi(properties);
    return { ref: logicalId };
  }

  #createStage({ properties }: ResourceRequest) {
    properties.ignore('AccessLogSetting', 'DeploymentId', 'MethodSettings', 'TracingEnabled');
    const api = this.#findApi(properties);
    if (api.stageName !== undefined)
      properties.fail('StageName', `the API has a stage ${api.stageName} already`);
    api.stageName = properties.string('StageName');
    return { ref: api.stageName };
  }

  #findApi(properties: PropertyReader): DraftApi {
    const id = properties.string('RestApiId');
    return this.#apis.get(id) ?? properties.fail('RestApiId', `there is no API ${id}`);
  }
}

function findResource(resources: DraftApi['resources'], properties: PropertyReader, name: string) {
  const id = properties.string(name);
  return resources.get(id) ?? properties.fail(name, `there is no resource ${id}`);
}

/** Ten lower-case letters and digits, as in API Gateway. */
function randomId(): string {
  return Array.from({ length: 10 }, () => randomInt(36).toString(36)).join('');
}
