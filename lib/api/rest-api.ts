import {
  RestApi as Api,
  CfnRestApi,
  EndpointAccessMode,
  EndpointType,
  type Integration,
  type IResource,
  LambdaIntegration,
  LogGroupLogDestination,
  type MethodDeploymentOptions,
  MethodLoggingLevel,
  type MethodOptions,
  type Stage,
} from 'aws-cdk-lib/aws-apigateway';
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Aws, RemovalPolicy, Size, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { ApiGatewayLogRole, DomainConfig, SigningKeyConfig } from '../config/deployment-config.ts';
import { Domain, securityPolicy } from '../edge/domain.ts';
import { createLogGroup, type LogOptions } from '../monitoring/log-group.ts';
import { binaryContentTypes } from '../pages/static-assets/static-asset.ts';
import { accessLogFormat } from './access-log.ts';
import { jwksPath, type Route, stageName } from './routes.ts';

export interface RestApiProps {
  readonly name: string;
  /** {@link RestApi.addRoutes} adds them. */
  readonly routes: readonly Route[];
  /** Requests per second to each other route, over all users. Bursts may be twice as large. */
  readonly otherRateLimit: number;
  readonly logs: LogOptions;
  readonly logRole: ApiGatewayLogRole;
  /** Whether API Gateway's own address, `execute-api`, serves the API. */
  readonly defaultEndpoint: boolean;
}

/**
 * API Gateway compresses larger bodies only. Stylesheets and images are larger. Pages are not: the compressed size of a
 * page with a user's secrets would reveal something about them (BREACH).
 */
const minCompressionSize = Size.kibibytes(32);

/** The regional REST API. All routes are below its resource `/auth`, in the stage `live`. */
export class RestApi extends Construct {
  /** API Gateway's own URL of the routes, including `/auth`. */
  readonly defaultPublicUrl: string;
  /** No change to the API takes effect before the stage is updated. */
  readonly stage: Stage;
  readonly accessLog: ILogGroup;
  readonly restApi: Api;
  readonly #auth: IResource;
  readonly #routes: readonly Route[];

  constructor(scope: Construct, id: string, props: RestApiProps) {
    super(scope, id);
    const { name, routes, otherRateLimit, logs, logRole, defaultEndpoint } = props;
    this.accessLog = createLogGroup(this, 'AccessLog', logs);
    const api = new Api(this, 'Api', {
      restApiName: name,
      description: 'Sign in with GOV.UK One Login',
      endpointTypes: [EndpointType.REGIONAL],
      disableExecuteApiEndpoint: !defaultEndpoint,
      // With a wildcard, functions would receive and return every body in base64.
      binaryMediaTypes: [...binaryContentTypes],
      minCompressionSize,
      // The role is a setting of the account and region: docs/decisions/0006-api-gateway-log-role.md.
      cloudWatchRole: logRole === 'create',
      ...(logRole === 'create' ? { cloudWatchRoleRemovalPolicy: RemovalPolicy.DESTROY } : {}),
      deployOptions: {
        stageName,
        // Execution logs contain whole requests, with cookies, codes and states.
        loggingLevel: MethodLoggingLevel.OFF,
        dataTraceEnabled: false,
        tracingEnabled: false,
        ...buildThrottling(otherRateLimit),
        methodOptions: {
          ...Object.fromEntries(
            routes.map(({ method, path, rateLimit }) => [
              `/auth/${path}/${method}`,
              buildThrottling(rateLimit),
            ]),
          ),
          // No function has metrics for this route, and users cannot sign in while it fails.
          [`/auth/${jwksPath}/GET`]: { ...buildThrottling(otherRateLimit), metricsEnabled: true },
        },
        accessLogDestination: new LogGroupLogDestination(this.accessLog),
        accessLogFormat,
      },
    });
    requireModernTls(api);
    // The CDK adds an output with the URL of the stage, where no route is.
    api.node.tryRemoveChild('Endpoint');
    this.restApi = api;
    this.stage = api.deploymentStage;
    this.#auth = api.root.addResource('auth');
    this.#routes = routes;
    this.defaultPublicUrl = `https://${api.restApiId}.execute-api.${Stack.of(this).region}.${Aws.URL_SUFFIX}/${stageName}/auth`;
  }

  /**
   * Returns the resource for a path, and creates it if it does not exist.
   *
   * @param path below `/auth`, such as `.well-known/jwks.json`
   */
  ensureResource(path: string): IResource {
    return ensureBelow(this.#auth, path);
  }

  /** Maps the service's host name to the API. */
  addDomain(domain: DomainConfig): Domain {
    return new Domain(this, 'Domain', { domain, api: this.restApi, stage: this.stage });
  }

  /** The same for a path of the service, such as `/account`. @param path `/` for the root */
  ensureServiceResource(path: string): IResource {
    return path === '/' ? this.restApi.root : ensureBelow(this.restApi.root, path.slice(1));
  }

  /**
   * Redeploys the API with every change to the list of keys. The JWKS alone would not: it does not change when a retired
   * key is removed.
   */
  redeployWhenKeysChange(keys: readonly SigningKeyConfig[]): void {
    this.restApi.latestDeployment?.addToLogicalId({ signingKeys: keys });
  }

  /** Connects the routes to their functions, which are created after the API because they need its URL. */
  addRoutes(functions: Readonly<Record<Route['function'], Lambda>>): void {
    for (const { method, path, function: name } of this.#routes) {
      const integration = new LambdaIntegration(functions[name], { allowTestInvoke: false });
      addMethods(this.ensureResource(path), method, integration);
    }
  }
}

function ensureBelow(resource: IResource, path: string): IResource {
  return path
    .split('/')
    .reduce((parent, part) => parent.getResource(part) ?? parent.addResource(part), resource);
}

/** Adds HEAD wherever there is GET (RFC 9110, 9.1). HEAD has no effects, so the rate limit of other routes is enough. */
export function addMethods(
  resource: IResource,
  method: Route['method'],
  integration: Integration,
  options: MethodOptions = {},
): void {
  resource.addMethod(method, integration, options);
  if (method === 'GET') resource.addMethod('HEAD', integration, options);
}

/** Maps the headers of a method's response to its parameters. API Gateway requires quotes around fixed values. */
export function mapHeaders<T>(
  headers: Readonly<Record<string, string>>,
  map: (value: string) => T,
): Record<string, T> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [`method.response.header.${name}`, map(value)]),
  );
}

function buildThrottling(rateLimit: number): MethodDeploymentOptions {
  return { throttlingRateLimit: rateLimit, throttlingBurstLimit: 2 * rateLimit };
}

/** Sets the same security policy as for a domain. The CDK construct has no properties for it yet. */
function requireModernTls(api: Api): void {
  if (!(api.node.defaultChild instanceof CfnRestApi))
    throw new Error('The default child of RestApi is not a CfnRestApi');
  api.node.defaultChild.securityPolicy = securityPolicy;
  api.node.defaultChild.endpointAccessMode = EndpointAccessMode.STRICT;
}
