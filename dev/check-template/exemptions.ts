import type { DeploymentConfig } from '../../lib/config/deployment-config.ts';
import type { Exemption } from './findings.ts';

const everyFunction = ['Functions', 'Authorizers', 'AuditTrail', 'Canary', 'ExampleService'];

const hasTopic = ({ alarms }: DeploymentConfig): boolean =>
  alarms.emails.length > 0 ||
  [alarms.topicArn, alarms.urgentTopicArn, alarms.ticketTopicArn].some((arn) => arn !== undefined);

/**
 * What cfn-lint, cfn-guard and parliament find and we accept. `npm run check:template` fails for findings that are missing here, and for
 * rows without a finding.
 */
export const exemptions: readonly Exemption[] = [
  {
    rule: 'CT.APIGATEWAY.PR.1',
    resources: ['RestApi/Api/DeploymentStage.live'],
    reason:
      'Execution logs contain whole requests, with cookies, codes and states. The access log contains each request without them.',
  },
  {
    rule: 'CT.APIGATEWAY.PR.2',
    resources: ['RestApi/Api/DeploymentStage.live'],
    reason:
      'A trace would be one more record of what a user did, kept by a service without our retention or key. The access log and the metrics have the times of every request.',
  },
  {
    rule: 'CT.APIGATEWAY.PR.6',
    resources: ['RestApi/Domain/Name'],
    reason:
      'The domain has a stricter policy than the rule lists: TLS 1.2 with forward secrecy or 1.3, and post-quantum key exchange.',
  },
  {
    rule: 'CT.CLOUDWATCH.PR.1',
    resources: ['Alarms'],
    when: (config) => !hasTopic(config),
    reason: 'The config names no topic and no address. The console and EventBridge then show the alarms.',
  },
  {
    rule: 'CT.CLOUDWATCH.PR.1',
    resources: [
      'api-5xx',
      'aws-faults',
      'callback-slow',
      'canary-runs-failed',
      'configuration-faults',
      'function-errors-authorizers',
      'function-errors-callback',
      'function-errors-login',
      'function-errors-others',
      'function-throttled-callback',
      'function-throttled-login',
      'function-throttled-others',
      'id-token-keys-unknown',
      'logout-failing',
      'no-sign-ins-15m',
      'no-sign-ins-3h',
      'no-sign-ins-57m',
      'provider-faults',
      'sign-in-success-low',
      'sign-ins-failing-1h',
      'sign-ins-failing-30m',
      'sign-ins-failing-5m',
      'sign-ins-failing-6h',
      'sign-ins-failing-few',
      'sign-ins-failing-most',
      'sign-ins-usual',
      'starts-in-vain-15m',
      'starts-in-vain-57m',
      'starts-stopped',
      'starts-usual',
    ].map((name) => `Alarms/${name}`),
    reason: 'It is a part of a combined alarm, which sends the messages.',
  },
  {
    rule: 'CT.CLOUDWATCH.PR.2',
    resources: ['Functions', 'Authorizers', 'ExampleService', 'RestApi/AccessLog'],
    when: ({ logRetentionDays }) => logRetentionDays < 365,
    reason:
      'The config sets logRetentionDays, and 90 days are its default. Evidence is in the audit trail, which has a retention of its own.',
  },
  {
    rule: 'CT.DYNAMODB.PR.1',
    resources: ['Tables/LoginAttempts', 'Tables/Sessions'],
    reason:
      'There is nothing to restore: attempts expire after two hours and sessions after a day at most, and a restore would bring back sessions that users ended.',
  },
  {
    rule: 'CT.DYNAMODB.PR.1',
    resources: ['Tables/ProviderDocuments'],
    reason: 'The table contains copies of public documents, which are fetched again within five minutes.',
  },
  {
    rule: 'CT.KMS.PR.3',
    resources: ['SigningKeys'],
    reason: 'The key policy allows no principal to create a grant.',
  },
  {
    rule: 'CT.KMS.PR.3',
    resources: ['DataKey/Key', 'Alarms/Topic/Key'],
    reason:
      "The account's IAM policies decide who uses this key, for grants as for decryption. DynamoDB creates grants on the data key for the principal that creates a table.",
  },
  {
    rule: 'CT.LAMBDA.PR.2',
    resources: ['RestApi/Api/Default', 'Authorizers'],
    reason:
      'SourceArn limits each permission to API Gateway of this account, and those of routes to one method. The rule cannot read an ARN that is joined from parts.',
  },
  {
    rule: 'CT.LAMBDA.PR.3',
    resources: everyFunction,
    reason:
      'The functions call One Login and services of AWS, all over TLS, and nothing in a VPC. A VPC would add an internet gateway to maintain and monitor.',
  },
  {
    rule: 'CT.SQS.PR.1',
    resources: ['ForeignSignatures/Queue'],
    reason: 'No program reads this queue. A person reads it after a message has caused an alarm.',
  },
  {
    rule: 'DYNAMODB_IN_BACKUP_PLAN',
    resources: ['template'],
    reason:
      'A restore would bring back sessions that users ended, and everything else in the tables is fetched again.',
  },
  {
    rule: 'IAM_NO_INLINE_POLICY_CHECK',
    resources: [...everyFunction, 'StaticAssets'],
    reason:
      'Each role has one policy for one function. An inline policy cannot be attached to another role, and a deployment changes role and policy together.',
  },
  {
    rule: 'LAMBDA_CONCURRENCY_CHECK',
    resources: everyFunction,
    reason:
      "Reserved concurrency is taken from the account's other functions, so the department configures it. API Gateway limits the requests of every route.",
  },
  {
    rule: 'LAMBDA_DLQ_CHECK',
    resources: [
      ...['login', 'callback', 'userinfo', 'logout', 'backchannel-logout'].map((name) => `Functions/${name}`),
      'Authorizers',
      'ExampleService',
    ],
    reason:
      'API Gateway calls the function and waits for the response. Lambda uses a queue only for calls without a waiting caller.',
  },
  {
    rule: 'LAMBDA_DLQ_CHECK',
    resources: ['Functions/publish-jwks', 'Functions/reserve-concurrency'],
    reason: 'A deployment calls the function, and fails if there is no response.',
  },
  {
    rule: 'LAMBDA_DLQ_CHECK',
    resources: ['Functions/refresh-jwks', 'Functions/refresh-did', 'Canary'],
    reason: 'The next run does the same within minutes. An alarm starts when runs fail.',
  },
  {
    rule: 'LAMBDA_DLQ_CHECK',
    resources: ['AuditTrail/collect-audit'],
    reason: 'Lambda tries each delivery three times, the lines stay in their first log, and an alarm starts.',
  },
  {
    rule: 'MISMATCHED_TYPE',
    resources: ['DataKey/Key'],
    reason:
      "AWS's own example of this key policy compares the encryption context of CloudWatch Logs with ArnLike: its value is an ARN.",
  },
  {
    rule: 'RESOURCE_STAR',
    resources: ['SigningKeys', 'DataKey/Key', 'Alarms/Topic/Key'],
    reason: 'In the policy of a key, * is the key itself.',
  },
  {
    rule: 'SECRETSMANAGER_USING_CMK',
    resources: ['OriginSecrets'],
    reason:
      "The secret is in the settings of the distribution as well, which no key of ours encrypts. AWS's key for Secrets Manager encrypts it here.",
  },
  {
    rule: 'UNKNOWN_CONDITION_FOR_ACTION',
    resources: ['DataKey/Key'],
    reason:
      "AWS's own example of this key policy gives CloudWatch Logs kms:DescribeKey under the same condition.",
  },
  {
    rule: 'W3005',
    resources: everyFunction,
    reason:
      'A reference makes the same dependency already. The CDK writes both, so that a function also waits for the policies of its role.',
  },
];
