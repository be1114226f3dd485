import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Duration, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { variables } from '../../lambdas/authorizer/environment.ts';
import type { AuthorizerConfig } from '../config/deployment-config.ts';
import { functionEnvironment } from './function-environment.ts';
import { type FunctionsProps, findBundle } from './functions.ts';
import { allow, LambdaFunction } from './lambda-function.ts';

/** A level of assurance, such as `Cl.Cm.P2`. */
export type Level = AuthorizerConfig['level'];

/**
 * The Lambda authorizers for the service's own APIs: a function for each level in the config. Other stacks find them by
 * the SSM parameters `/one-login/<deployment>/authorizer/<level>`, which hold the functions' ARNs. Any API Gateway
 * authorizer of this account and region may call them.
 */
export class Authorizers extends Construct {
  readonly functions: ReadonlyMap<Level, Lambda>;

  constructor(scope: Construct, id: string, props: FunctionsProps) {
    super(scope, id);
    this.functions = new Map(
      props.config.authorizers.map((authorizer) => [authorizer.level, this.#create(authorizer, props)]),
    );
  }

  #create(authorizer: AuthorizerConfig, props: FunctionsProps): Lambda {
    const { level, claims, trustedOrigins, reservedConcurrency } = authorizer;
    const id = buildAuthorizerId(level);
    const { deployment, publicUrl, sessionsTable, sessionIdleSeconds } = functionEnvironment(props);
    const lambda = new LambdaFunction(this, id, {
      description: `Authorizes requests to the service's own APIs at ${level}`,
      bundle: findBundle('authorizer', props.bundles),
      environment: {
        deployment,
        publicUrl,
        sessionsTable,
        sessionIdleSeconds,
        authorizerLevel: level,
        authorizerClaims: JSON.stringify(claims),
        authorizerTrustedOrigins: JSON.stringify(trustedOrigins),
      } satisfies Record<(typeof variables)[number], string>,
      permissions: [
        props.tables.allowDecrypt(),
        allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], [props.tables.sessions.tableArn]),
      ],
      // An HTTP API waits for 10 seconds.
      timeout: Duration.seconds(8),
      memory: 1024,
      reservedConcurrency,
      logs: props.logs,
    }).function;
    // The service's APIs are not known here and may come later: any of this account will do. What a caller gets to know
    // is what the session of the cookie in its request says.
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

/** As construct and output ids have it: `ClCmP2`. */
export function buildAuthorizerId(level: Level): string {
  return level.replaceAll('.', '');
}
