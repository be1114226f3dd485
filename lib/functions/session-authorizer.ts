import { IdentitySource, RequestAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import { HttpLambdaAuthorizer, HttpLambdaResponseType } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { type IFunction, Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

export interface SessionAuthorizerProps {
  /** Of the level's function: from a property, output or SSM parameter of the deployment. */
  readonly functionArn: string;
}

/** An answer that is kept outlives the session, and would be given to other methods and other pages. */
const neverCached = Duration.seconds(0);

/**
 * The authorizer of a REST API of the service, for the methods that ask for one level. A request without any cookie
 * gets its 401 without a call of the function. See docs/authorizer.md.
 */
export class SessionAuthorizer extends RequestAuthorizer {
  constructor(scope: Construct, id: string, { functionArn }: SessionAuthorizerProps) {
    super(scope, id, {
      handler: importFunction(scope, id, functionArn),
      identitySources: [IdentitySource.header('Cookie')],
      resultsCacheTtl: neverCached,
    });
  }
}

/** The same for an HTTP API. */
export class SessionHttpAuthorizer extends HttpLambdaAuthorizer {
  constructor(scope: Construct, id: string, { functionArn }: SessionAuthorizerProps) {
    super(id, importFunction(scope, id, functionArn), {
      identitySource: [],
      responseTypes: [HttpLambdaResponseType.IAM],
      resultsCacheTtl: neverCached,
    });
  }
}

/** It lets API Gateway call it already: a permission made here would have to stand in its own stack. */
function importFunction(scope: Construct, id: string, functionArn: string): IFunction {
  return Lambda.fromFunctionAttributes(scope, `${id}Function`, { functionArn, skipPermissions: true });
}
