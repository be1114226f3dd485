import { type Integration, LambdaIntegration } from 'aws-cdk-lib/aws-apigateway';
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { variables } from '../../lambdas/example-service/environment.ts';
import { paths } from '../../lambdas/example-service-pages.ts';
import { AuthorizerGatewayResponses } from '../api/authorizer-gateway-responses.ts';
import { addMethods, type RestApi } from '../api/rest-api.ts';
import type { DeploymentConfig } from '../config/deployment-config.ts';
import { type AuthorizerLevel, buildAuthorizerId } from '../functions/authorizers.ts';
import { OneLoginFunction } from '../functions/one-login-function.ts';
import { SessionAuthorizer } from '../functions/session-authorizer.ts';
import type { LogOptions } from '../monitoring/log-group.ts';
import { listProtectedPaths } from './protected-paths.ts';

export interface ExampleServiceProps {
  readonly config: DeploymentConfig;
  /** The outside URL, including `/auth`. */
  readonly publicUrl: string;
  /** The directory with its function's bundle. */
  readonly bundle: string;
  readonly logs: LogOptions;
  /** The API that gets its routes, at the root. */
  readonly api: RestApi;
  /** The functions that protect its API. */
  readonly authorizers: ReadonlyMap<AuthorizerLevel, Lambda>;
}

/**
 * The example service: pages at the root of the API that show how a service uses sign-in, and a small API behind the
 * deployment's authorizers. Its function may only write its log. It reads everything about users from `/auth/userinfo` and
 * from the authorizers, as a service of any kind would.
 */
export class ExampleService extends Construct {
  constructor(scope: Construct, id: string, props: ExampleServiceProps) {
    super(scope, id);
    const { config, publicUrl, bundle, logs, api } = props;
    const { function: handler } = new OneLoginFunction(this, 'example-service', {
      description: 'GET / and others: the example service',
      bundle,
      environment: {
        deployment: config.name,
        publicUrl,
        cookieName: config.cookieName ?? '',
      } satisfies Record<(typeof variables)[number], string>,
      permissions: [],
      // It waits for the function userinfo, which may have a cold start.
      timeout: Duration.seconds(25),
      memory: 512,
      logs,
    });
    const integration = new LambdaIntegration(handler, { allowTestInvoke: false });
    for (const path of paths) addMethods(api.ensureServiceResource(path), 'GET', integration);
    this.#addProtectedApi(props, integration);
  }

  #addProtectedApi(
    { config, publicUrl, api, authorizers }: ExampleServiceProps,
    integration: Integration,
  ): void {
    const protectedPaths = listProtectedPaths(config.authorizers);
    for (const [path, level] of protectedPaths) {
      const { functionArn } = authorizers.get(level) ?? fail(level);
      const authorizer = new SessionAuthorizer(this, `Authorizer${buildAuthorizerId(level)}`, {
        functionArn,
      });
      addMethods(api.ensureServiceResource(path), 'GET', integration, { authorizer });
    }
    if (protectedPaths.size > 0) {
      new AuthorizerGatewayResponses(this, 'GatewayResponses', {
        ...config,
        publicUrl,
        restApi: api.restApi,
      });
    }
  }
}

function fail(level: AuthorizerLevel): never {
  throw new Error(`There is no authorizer for the level ${level}`);
}
