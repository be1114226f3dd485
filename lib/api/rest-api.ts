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
import type { PageConfig } from '../pages/service-presentation.ts';
import { binaryContentTypes } from '../pages/static-assets/static-asset.ts';
import { accessLogFormat } from './access-log.ts';
import { addGatewayResponses } from './gateway-responses.ts';
import type { Route } from './routes.ts';
import { stageName } from './stage-name.ts';

export interface RestApiProps {
  readonly name: string;
  /** What functions will answer, see {@link RestApi.answerRoutes}. */
  readonly routes: readonly Route[];
  /** Requests per second to each other route, over all users; twice as many may come at once. */
  readonly otherRateLimit: number;
  readonly logs: LogOptions;
  readonly logRole: ApiGatewayLogRole;
  /** Whether the API has an address of its own, besides that of a domain. */
  readonly ownAddress: boolean;
}

/** Below `/auth`: where our public keys are. */
export const jwksPath = '.well-known/jwks.json';
/** The dimensions by which CloudWatch tells its metrics from those of other routes. */
export const jwksMethod = { Method: 'GET', Resource: `/auth/${jwksPath}` } as const;

/**
 * What is shorter is not compressed. Stylesheets and images are longer, and nothing else: how far a page with secrets
 * of its user shrinks would tell of them (BREACH).
 */
const minCompressionSize = Size.kibibytes(32);

/** The regional REST API. Everything lies below its resource `/auth`, in the stage `live`. */
export class RestApi extends Construct {
  /** The outside URL up to and with `/auth`, as long as no domain is in front of the API. */
  readonly ownPublicUrl: string;
  /** What serves the API: nothing is in effect before it is. */
  readonly stage: Stage;
  readonly accessLog: ILogGroup;
  readonly restApi: Api;
  readonly #auth: IResource;
  readonly #routes: readonly Route[];

  constructor(scope: Construct, id: string, props: RestApiProps) {
    super(scope, id);
    const { name, routes, otherRateLimit, logs, logRole, ownAddress } = props;
    this.accessLog = createLogGroup(this, 'AccessLog', logs);
    const api = new Api(this, 'Api', {
      restApiName: name,
      description: 'Sign in with GOV.UK One Login',
      endpointTypes: [EndpointType.REGIONAL],
      disableExecuteApiEndpoint: !ownAddress,
      // Exactly these: with a wildcard, functions would get and give every body in base64.
      binaryMediaTypes: [...binaryContentTypes],
      minCompressionSize,
      // A setting of the whole account and region, see docs/decisions/0006-api-gateway-log-role.md.
      cloudWatchRole: logRole === 'create',
      ...(logRole === 'create' ? { cloudWatchRoleRemovalPolicy: RemovalPolicy.DESTROY } : {}),
      deployOptions: {
        stageName,
        // Execution logs hold whole requests: cookies, codes, states.
        loggingLevel: MethodLoggingLevel.OFF,
        dataTraceEnabled: false,
        tracingEnabled: false,
        ...throttling(otherRateLimit),
        methodOptions: {
          ...Object.fromEntries(routes.map(throttleRoute)),
          // The one route that no function's metrics tell of, and whose failure ends all sign-ins.
          [`/auth/${jwksPath}/GET`]: { ...throttling(otherRateLimit), metricsEnabled: true },
        },
        accessLogDestination: new LogGroupLogDestination(this.accessLog),
        accessLogFormat,
      },
    });
    requireModernTls(api);
    // RestApi exports the stage's URL by itself, where there is nothing.
    api.node.tryRemoveChild('Endpoint');
    this.restApi = api;
    this.stage = api.deploymentStage;
    this.#auth = api.root.addResource('auth');
    this.#routes = routes;
    this.ownPublicUrl = `https://${api.restApiId}.execute-api.${Stack.of(this).region}.${Aws.URL_SUFFIX}/${stageName}/auth`;
  }

  /** @param path below `/auth`, such as `.well-known/jwks.json` */
  resource(path: string): IResource {
    return path
      .split('/')
      .reduce((parent: IResource, part) => parent.getResource(part) ?? parent.addResource(part), this.#auth);
  }

  /** Has the service's host name lead to the API. */
  addDomain(domain: DomainConfig): Domain {
    return new Domain(this, 'Domain', { domain, api: this.restApi, stage: this.stage });
  }

  /** @param path below the root, where the service itself is; empty for the root */
  serviceResource(path: string): IResource {
    return path === '' ? this.restApi.root : this.restApi.root.addResource(path);
  }

  /**
   * Has every change of the key list make a new deployment of the API, whatever the JWKS would be: a retired key that is
   * taken away leaves no trace in it.
   */
  redeployWhenKeysChange(keys: readonly SigningKeyConfig[]): void {
    this.restApi.latestDeployment?.addToLogicalId({ signingKeys: keys });
  }

  /** Says what the API answers by itself, see {@link addGatewayResponses}. */
  addGatewayResponses(config: PageConfig, publicUrl: string): void {
    addGatewayResponses(this.restApi, config, publicUrl);
  }

  /** Has the functions answer the routes. They come later than the API, since they may have to know its address. */
  answerRoutes(functions: Readonly<Record<Route['function'], Lambda>>): void {
    for (const { method, path, function: name } of this.#routes) {
      const integration = new LambdaIntegration(functions[name], { allowTestInvoke: false });
      addMethods(this.resource(path), method, integration);
    }
  }
}

/** HEAD works where GET does (RFC 9110, 9.1). It does nothing, so that the limit of all other routes will do. */
export function addMethods(
  resource: IResource,
  method: Route['method'],
  integration: Integration,
  options: MethodOptions = {},
): void {
  resource.addMethod(method, integration, options);
  if (method === 'GET') resource.addMethod('HEAD', integration, options);
}

function throttling(rateLimit: number): MethodDeploymentOptions {
  return { throttlingRateLimit: rateLimit, throttlingBurstLimit: 2 * rateLimit };
}

function throttleRoute({ method, path, rateLimit }: Route): [string, MethodDeploymentOptions] {
  return [`/auth/${path}/${method}`, throttling(rateLimit)];
}

/** The construct has no properties for it yet. The same as that of a domain, see `domain.ts`. */
function requireModernTls(api: Api): void {
  if (!(api.node.defaultChild instanceof CfnRestApi)) throw new Error('the construct makes a REST API');
  api.node.defaultChild.securityPolicy = securityPolicy;
  api.node.defaultChild.endpointAccessMode = EndpointAccessMode.STRICT;
}
