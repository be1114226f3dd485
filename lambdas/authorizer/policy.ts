import type { APIGatewayAuthorizerResult } from 'aws-lambda';

/**
 * Builds a policy for one request, in the form that REST APIs and HTTP APIs (both payload formats) accept.
 *
 * @param principalId API Gateway requires one in every response
 */
export function buildPolicy(
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
 * Whether a policy on this ARN covers one path only. The ARN contains the path as the caller wrote it. In a policy `*` and `?`
 * are wildcards, and `${…}` is a variable (IAM User Guide, Resource and Policy variables).
 */
export function namesOneMethod(methodArn: string): boolean {
  return /^arn:[^*?]+$/.test(methodArn) && !methodArn.includes('${');
}
