import { randomInt } from 'node:crypto';
import type { FunctionRegistry } from '../functions/function-registry.ts';
import { StartError } from '../start-error.ts';
import type { ResourceHandler, ResourceRequest } from '../template/create-stack.ts';
import type { PropertyReader } from '../template/property-reader.ts';
import {
  type GatewayResponseOverride,
  gatewayResponseTypes,
  unknownInTemplate,
} from './gateway-responses.ts';
import { readMethod, readStatic } from './method-resource.ts';
import type { Integration, RestApi, Stage } from './rest-api.ts';
import type { AssetPath } from './s3-integration.ts';

interface DraftApi {
  readonly id: string;
  readonly accountId: string;
  readonly binaryMediaTypes: readonly string[];
  readonly minimumCompressionSize: number | undefined;
  readonly resources: Map<string, { readonly path: string; readonly methods: Map<string, Integration> }>;
  readonly gatewayResponses: Map<string, GatewayResponseOverride>;
  stage?: Stage;
}

/** Collects the template's REST API from its many resources. */
export class ApiResources {
  readonly #functions: FunctionRegistry;
  readonly #assetPath: AssetPath;
  readonly #apis = new Map<string, DraftApi>();

  /** @param assetPath finds the objects that methods serve */
  constructor(functions: FunctionRegistry, assetPath: AssetPath) {
    this.#functions = functions;
    this.#assetPath = assetPath;
  }

  readonly handlers: Readonly<Record<string, ResourceHandler>> = {
    'AWS::ApiGateway::RestApi': (resource) => this.#createApi(resource),
    'AWS::ApiGateway::Resource': (resource) => this.#createResource(resource),
    'AWS::ApiGateway::Method': (resource) => this.#createMethod(resource),
    'AWS::ApiGateway::GatewayResponse': (resource) => this.#createGatewayResponse(resource),
    'AWS::ApiGateway::Deployment': (resource) => this.#createDeployment(resource),
    'AWS::ApiGateway::Stage': (resource) => this.#createStage(resource),
  };

  /**
   * The API, once the stack has been created.
   *
   * @throws StartError unless the template has exactly one, with exactly one stage
   */
  get api(): RestApi {
    const [draft, ...others] = this.#apis.values();
    if (!draft?.stage || others.length > 0) {
      throw new StartError('template: the local environment runs exactly one REST API with one stage');
    }
    const resources = [...draft.resources].map(([id, resource]) => ({ id, ...resource }));
    return { ...draft, stage: draft.stage, resources };
  }

  #createApi({ properties, stack }: ResourceRequest) {
    properties.ignore(
      'Description',
      'DisableExecuteApiEndpoint',
      'EndpointAccessMode',
      'EndpointConfiguration',
      'Name',
      'Policy',
      'SecurityPolicy',
      'Tags',
    );
    const [id, rootId] = [randomId(), randomId()];
    const binaryMediaTypes = properties.strings('BinaryMediaTypes').map((type) => type.toLowerCase());
    this.#apis.set(id, {
      id,
      accountId: stack.accountId,
      binaryMediaTypes,
      minimumCompressionSize: properties.optionalNumber('MinimumCompressionSize'),
      resources: new Map([[rootId, { path: '', methods: new Map() }]]),
      gatewayResponses: new Map(),
    });
    return { ref: id, attributes: { RestApiId: id, RootResourceId: rootId } };
  }

  #createResource({ properties }: ResourceRequest) {
    const api = this.#apiOf(properties);
    const parentId = properties.string('ParentId');
    const parent =
      api.resources.get(parentId) ?? properties.fail('ParentId', `there is no resource ${parentId}`);
    const id = randomId();
    api.resources.set(id, { path: `${parent.path}/${properties.string('PathPart')}`, methods: new Map() });
    return { ref: id, attributes: { ResourceId: id } };
  }

  #createMethod({ logicalId, properties }: ResourceRequest) {
    const api = this.#apiOf(properties);
    const resourceId = properties.string('ResourceId');
    const resource =
      api.resources.get(resourceId) ?? properties.fail('ResourceId', `there is no resource ${resourceId}`);
    const { binaryMediaTypes } = api;
    const context = { functions: this.#functions, assetPath: this.#assetPath, binaryMediaTypes };
    const integration = readMethod(properties, context);
    resource.methods.set(properties.string('HttpMethod'), integration);
    return { ref: logicalId };
  }

  #createGatewayResponse({ logicalId, properties }: ResourceRequest) {
    const type = properties.oneOf('ResponseType', gatewayResponseTypes);
    const statusCode = properties.optionalNumber('StatusCode');
    const templates = properties.stringMap('ResponseTemplates');
    for (const [contentType, template] of Object.entries(templates)) {
      const unknown = unknownInTemplate(template);
      if (unknown !== undefined)
        properties.fail(`ResponseTemplates.${contentType}`, `${unknown} is not understood`);
    }
    const headers = Object.entries(properties.stringMap('ResponseParameters')).map(
      ([name, value]): [string, string] => [
        name.replace(/^gatewayresponse\.header\./, ''),
        readStatic(properties, name, value),
      ],
    );
    this.#apiOf(properties).gatewayResponses.set(type, {
      ...(statusCode === undefined ? {} : { statusCode }),
      headers: Object.fromEntries(headers),
      templates,
    });
    return { ref: logicalId };
  }

  /** A snapshot of the API: here there is only one state of it. */
  #createDeployment({ properties }: ResourceRequest) {
    properties.ignore('Description');
    this.#apiOf(properties);
    const id = randomId();
    return { ref: id, attributes: { DeploymentId: id } };
  }

  #createStage({ properties }: ResourceRequest) {
    properties.ignore(
      'AccessLogSetting',
      'ClientCertificateId',
      'DeploymentId',
      'Description',
      'MethodSettings',
      'Tags',
      'TracingEnabled',
    );
    const api = this.#apiOf(properties);
    if (api.stage) properties.fail('StageName', `the API has a stage ${api.stage.name} already`);
    const name = properties.string('StageName');
    api.stage = { name, variables: properties.stringMap('Variables') };
    return { ref: name };
  }

  #apiOf(properties: PropertyReader): DraftApi {
    const id = properties.string('RestApiId');
    return this.#apis.get(id) ?? properties.fail('RestApiId', `there is no API ${id}`);
  }
}

/** Ten lower-case letters and digits, as API Gateway makes them. */
function randomId(): string {
  return Array.from({ length: 10 }, () => randomInt(36).toString(36)).join('');
}
