import { IdentitySource, RequestAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

export interface SessionAuthorizerProps {
  /** Of the level's function: a property, output or SSM parameter of the deployment. */
  readonly functionArn: string;
}

/**
 * The authorizer of a REST API of the service, for methods that ask for one level. See docs/authorizer.md.
 *
 * - Results are never cached: an answer that is kept outlives the session, and is given to other methods.
 * - A request without any cookie gets its 401 without a call of the function.
 * - The function lets API Gateway call it already: nothing has to be added to its stack.
 */
export class SessionAuthorizer extends RequestAuthorizer {
  constructor(scope: Construct, id: string, { functionArn }: SessionAuthorizerProps) {
    super(scope, id, {
      handler: Lambda.fromFunctionAttributes(scope, `${id}Function`, { functionArn, skipPermissions: true }),
      identitySources: [IdentitySource.header('Cookie')],
      resultsCacheTtl: Duration.seconds(0),
    });
  }
}
