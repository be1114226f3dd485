import type { APIGatewayAuthorizerResult } from 'aws-lambda';

/**
 * An answer of the authorizer, in the form that REST APIs and HTTP APIs (both payload formats) take. It covers the
 * request that was asked about and nothing else.
 *
 * @param principalId who calls; API Gateway wants one on every answer
 */
export function policy(
  effect: 'Allow' | 'Deny',
  methodArn: string,
  principalId: string,
  context: Readonly<Record<string, string>>,
): APIGatewayAuthorizerResult {
  return {
    principalId,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Action: 'execute-api:Invoke', Effect: effect, Resource: methodArn }],
    },
    context: { ...context },
  };
}

/**
 * Whether a policy on this ARN covers one path only. The path is in it as the caller wrote it, and in a policy `*` and
 * `?` stand for other text, and `${…}` for a variable (IAM User Guide, Resource and Policy variables).
 */
export function namesOneMethod(methodArn: string): boolean {
  return /^arn:[^*?]+$/.test(methodArn) && !methodArn.includes('${');
}
