import { IdentitySource, RequestAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import { HttpLambdaAuthorizer, HttpLambdaResponseType } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { type IFunction, Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

export interface SessionAuthorizerProps {
  /** The ARN of the level's function, from an attribute, output or SSM parameter of the deployment. */
  readonly functionArn: string;
}

/** A cached result would outlive the session, and API Gateway would use it for other methods and paths. */
const noCache = Duration.seconds(0);

/**
 * The authorizer of a REST API of the service, for methods that require one level. API Gateway returns 401 for requests
 * without cookies and does not call the function. See docs/authorizer.md.
 */
export class SessionAuthorizer extends RequestAuthorizer {
  constructor(scope: Construct, id: string, { functionArn }: SessionAuthorizerProps) {
    super(scope, id, {
      handler: importFunction(scope, id, functionArn),
      identitySources: [IdentitySource.header('Cookie')],
      resultsCacheTtl: noCache,
    });
  }
}

/** The same for an HTTP API. */
export class SessionHttpAuthorizer extends HttpLambdaAuthorizer {
  constructor(scope: Construct, id: string, { functionArn }: SessionAuthorizerProps) {
    super(id, importFunction(scope, id, functionArn), {
      identitySource: [],
      responseTypes: [HttpLambdaResponseType.IAM],
      resultsCacheTtl: noCache,
    });
  }
}

/** The function already allows calls from API Gateway. This stack can't add a permission to it. */
function importFunction(scope: Construct, id: string, functionArn: string): IFunction {
  return Lambda.fromFunctionAttributes(scope, `${id}Function`, { functionArn, skipPermissions: true });
}
