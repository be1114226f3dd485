import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Duration, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { variables } from '../../lambdas/authorizer/environment.ts';
import type { AuthorizerConfig } from '../config/deployment-config.ts';
import { findStepUp } from '../config/journeys.ts';
import { buildFunctionEnvironment } from './function-environment.ts';
import { type FunctionsProps, findBundle } from './functions.ts';
import { allowActions, OneLoginFunction } from './one-login-function.ts';

/** A level of assurance, such as `Cl.Cm.P2`. */
export type AuthorizerLevel = AuthorizerConfig['level'];

/**
 * The Lambda authorizers for the service's own APIs: one function for each level in the config. The SSM parameters
 * `/one-login/<deployment>/authorizer/<level>` contain the functions' ARNs for other stacks. Any API Gateway authorizer in
 * this account and region may call the functions.
 */
export class Authorizers extends Construct {
  readonly functions: ReadonlyMap<AuthorizerLevel, Lambda>;

  constructor(scope: Construct, id: string, props: FunctionsProps) {
    super(scope, id);
    this.functions = new Map(
      props.config.authorizers.map((authorizer) => [authorizer.level, this.#create(authorizer, props)]),
    );
  }

  #create(authorizer: AuthorizerConfig, props: FunctionsProps): Lambda {
    const { level, claims, trustedOrigins, reservedConcurrency } = authorizer;
    const id = buildAuthorizerId(level);
    const { deployment, publicUrl, cookieName, sessionsTable, sessionIdleSeconds } =
      buildFunctionEnvironment(props);
    const lambda = new OneLoginFunction(this, id, {
      description: `Authorizes requests to the service's own APIs at ${level}`,
      bundle: findBundle('authorizer', props.bundles),
      environment: {
        deployment,
        publicUrl,
        cookieName,
        sessionsTable,
        sessionIdleSeconds,
        authorizerLevel: level,
        authorizerStepUp: findStepUp(props.config, authorizer) ?? 'login',
        authorizerClaims: JSON.stringify(claims),
        authorizerTrustedOrigins: JSON.stringify(trustedOrigins),
      } satisfies Record<(typeof variables)[number], string>,
      permissions: [
        props.tables.allowDecrypt(),
        allowActions(['dynamodb:GetItem', 'dynamodb:UpdateItem'], [props.tables.sessions.tableArn]),
      ],
      // The timeout of HTTP APIs is 10 seconds.
      timeout: Duration.seconds(8),
      memory: 1024,
      reservedConcurrency,
      logs: props.logs,
    }).function;
    // Any API of the account may call: the service's APIs are unknown here. A caller gets nothing that its session
    // cookie does not give it anyway.
    lambda.addPermission('Calls', {
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: Stack.of(this).formatArn({
        service: 'execute-api',
        resource: '*',
        resourceName: 'authorizers/*',
      }),
    });
    new StringParameter(this, `${id}Parameter`, {
      parameterName: `/one-login/${deployment}/authorizer/${level}`,
      description: `ARN of the function that authorizes requests at ${level}`,
      stringValue: lambda.functionArn,
    });
    return lambda;
  }
}

/** @returns the level as part of construct and output ids, such as `ClCmP2` */
export function buildAuthorizerId(level: AuthorizerLevel): string {
  return level.replaceAll('.', '');
}
