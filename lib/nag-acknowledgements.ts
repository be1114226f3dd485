import { Validations } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/** A finding of cdk-nag that we accept, and the reason. */
export interface NagAcknowledgement {
  /** The rule, with the finding in brackets if the rule has several. */
  readonly id: string;
  /** The path of the construct or a parent, below `OneLogin`. */
  readonly path: string;
  readonly reason: string;
}

const noBackup =
  'There is nothing to restore: attempts expire after two hours and sessions after a day at most, and a restore would bring back sessions that users ended.';
const authorizedByFunctions =
  'Users sign in and out by these routes, and One Login calls them. The functions authorize requests with session cookies, single-use attempts and signed tokens.';
const authorizedByUserinfo =
  'The example service requests /auth/userinfo, as any service would, and redirects users who are not signed in.';

/**
 * All findings of cdk-nag's AWS Solutions that we accept. A test fails for findings that are missing here, and for
 * entries without a finding.
 */
export const nagAcknowledgements: readonly NagAcknowledgement[] = [
  { id: 'AwsSolutions-DDB3', path: 'Tables/LoginAttempts', reason: noBackup },
  { id: 'AwsSolutions-DDB3', path: 'Tables/Sessions', reason: noBackup },
  {
    id: 'AwsSolutions-DDB3',
    path: 'Tables/ProviderDocuments',
    reason: 'The table contains copies of public documents, which are fetched again within five minutes.',
  },
  {
    id: 'AwsSolutions-APIG2',
    path: 'RestApi/Api',
    reason:
      'The functions check every parameter, cookie and token, and return a page for people. API Gateway could only check that parameters are present.',
  },
  {
    id: 'AwsSolutions-APIG3',
    path: 'RestApi/Api/DeploymentStage.live',
    reason:
      'The department chooses whether to use this firewall. It may have one on its CloudFront distribution already.',
  },
  {
    id: 'AwsSolutions-APIG4',
    path: 'RestApi/Api/Default/auth',
    reason: authorizedByFunctions,
  },
  {
    id: 'AwsSolutions-COG4',
    path: 'RestApi/Api/Default/auth',
    reason: `${authorizedByFunctions} The user pool is GOV.UK One Login.`,
  },
  ...['GET', 'HEAD', 'account', 'application', 'identity-result', 'session'].flatMap((route) =>
    ['AwsSolutions-APIG4', 'AwsSolutions-COG4'].map((id) => ({
      id,
      path: `RestApi/Api/Default/${route}`,
      reason: authorizedByUserinfo,
    })),
  ),
  {
    id: 'AwsSolutions-COG4',
    path: 'RestApi/Api/Default/api',
    reason: 'A Lambda authorizer of this deployment checks every request. The user pool is GOV.UK One Login.',
  },
  {
    id: 'AwsSolutions-APIG6',
    path: 'RestApi/Api/DeploymentStage.live',
    reason:
      'Execution logs contain whole requests, with cookies, codes and states. The access log contains each request without them.',
  },
  {
    id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
    path: 'RestApi/Api/CloudWatchRole',
    reason:
      "The role is a setting of the whole account, for the logs of all its APIs. The policy is AWS's own for this purpose (decision 6).",
  },
  {
    id: 'AwsSolutions-SMG4',
    path: 'OriginSecrets',
    reason:
      'A rotation has to change the distribution as well, which is in another stack. The firewall accepts two secrets during a change.',
  },
  {
    id: 'AwsSolutions-SQS3',
    path: 'ForeignSignatures/Queue',
    reason: 'No program reads this queue. A person reads it after a message has caused an alarm.',
  },
];

/** Acknowledges the findings for cdk-nag, for the constructs that this configuration contains. */
export function acknowledgeNagFindings(oneLogin: Construct): void {
  const constructs = oneLogin.node.findAll();
  for (const { id, path, reason } of nagAcknowledgements) {
    const construct = constructs.find(({ node }) => node.path === `${oneLogin.node.path}/${path}`);
    if (construct !== undefined) Validations.of(construct).acknowledge({ id, reason });
  }
}
