import { Validations } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/** A finding of cdk-nag that stands, and why. */
export interface NagAcknowledgement {
  /** The rule, with the finding in brackets where the rule has several. */
  readonly id: string;
  /** The construct with the finding, or one above it, as a path below `OneLogin`. */
  readonly path: string;
  readonly reason: string;
}

const noBackup =
  'Nothing to restore: attempts live for two hours, sessions for a day at most, and a restored session would be one that its user ended.';
const ownAuthorization =
  'These are the routes by which users sign in and out, and that One Login calls: who may do what is decided by session cookies, single-use attempts and signed tokens.';
const exampleServiceAsks =
  'The example service asks /auth/userinfo who is signed in, as a service of its own would, and leads whoever is not to sign in.';

/**
 * Every finding of cdk-nag's AWS Solutions that we live with. A test fails for a finding that is not here, and for one
 * here that is no finding any more.
 */
export const nagAcknowledgements: readonly NagAcknowledgement[] = [
  { id: 'AwsSolutions-DDB3', path: 'Tables/LoginAttempts', reason: noBackup },
  { id: 'AwsSolutions-DDB3', path: 'Tables/Sessions', reason: noBackup },
  {
    id: 'AwsSolutions-DDB3',
    path: 'Tables/ProviderDocuments',
    reason: 'Copies of public documents, which are fetched again within five minutes.',
  },
  {
    id: 'AwsSolutions-APIG2',
    path: 'RestApi/Api',
    reason:
      'The functions check every parameter, cookie and token, and answer with a page for a person; API Gateway could only ask whether parameters are there.',
  },
  {
    id: 'AwsSolutions-APIG3',
    path: 'RestApi/Api/DeploymentStage.live',
    reason:
      'A firewall is the choice of the department, which may have one in front already: on its CloudFront distribution.',
  },
  {
    id: 'AwsSolutions-APIG4',
    path: 'RestApi/Api/Default/auth',
    reason: ownAuthorization,
  },
  {
    id: 'AwsSolutions-COG4',
    path: 'RestApi/Api/Default/auth',
    reason: `${ownAuthorization} The user pool is GOV.UK One Login.`,
  },
  ...['GET', 'HEAD', 'account', 'application', 'identity-result', 'session'].flatMap((route) =>
    ['AwsSolutions-APIG4', 'AwsSolutions-COG4'].map((id) => ({
      id,
      path: `RestApi/Api/Default/${route}`,
      reason: exampleServiceAsks,
    })),
  ),
  {
    id: 'AwsSolutions-APIG6',
    path: 'RestApi/Api/DeploymentStage.live',
    reason:
      'Execution logs hold whole requests: cookies, codes, states. The access log names each request without them.',
  },
  {
    id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
    path: 'RestApi/Api/CloudWatchRole',
    reason:
      "The role is a setting of the whole account, for the logs of every API in it; the policy is AWS's own for that purpose (decision 6).",
  },
  {
    id: 'AwsSolutions-SMG4',
    path: 'OriginSecrets',
    reason:
      'A rotation has to change the distribution as well, which is not of this stack: two secrets are accepted while it changes over (decision 36).',
  },
  {
    id: 'AwsSolutions-SQS3',
    path: 'ForeignSignatures/Queue',
    reason: 'No program reads this queue: a person does, after the alarm that a message in it rings.',
  },
];

/** Acknowledges the findings for cdk-nag. Constructs that this configuration does not have are left out. */
export function acknowledgeNagFindings(oneLogin: Construct): void {
  const constructs = oneLogin.node.findAll();
  for (const { id, path, reason } of nagAcknowledgements) {
    const construct = constructs.find(({ node }) => node.path === `${oneLogin.node.path}/${path}`);
    if (construct !== undefined) Validations.of(construct).acknowledge({ id, reason });
  }
}
