import { CfnRule, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Role } from 'aws-cdk-lib/aws-iam';
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Alarms } from '../monitoring/alarms.ts';
import type { SigningKeyResource } from './signing-keys.ts';

export interface UnexpectedSignatureMonitorProps {
  /** All keys of the config, including retired ones. */
  readonly keys: readonly SigningKeyResource[];
  /** The functions that may sign. */
  readonly signers: readonly Lambda[];
  readonly alarms: Alarms;
}

/** EventBridge limits the wildcards in a rule, and CloudFormation the rules in a stack. */
const keysPerRule = 2;

/**
 * Detects signatures with a signing key that are from neither login nor callback, and attempts at them. EventBridge
 * receives every `kms:Sign` from CloudTrail. The rules send the events of other principals to a queue, which keeps them
 * for two weeks. The alarm is active until an operator has read the messages and emptied the queue.
 * docs/operations/permissions.md lists the requirements for the account.
 */
export class UnexpectedSignatureMonitor extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, { keys, signers, alarms }: UnexpectedSignatureMonitorProps) {
    super(scope, id);
    this.queue = new Queue(this, 'Queue', {
      retentionPeriod: Duration.days(14),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // A role's id is unique for ever. A new role of the same name has another id.
    const signerIds = signers.map(findRoleId);
    for (let start = 0; start < keys.length; start += keysPerRule) {
      this.#addRule(keys.slice(start, start + keysPerRule), signerIds);
    }
    alarms.add('foreign-signature', {
      meaning: 'Someone other than login and callback signed with a signing key, or tried to.',
      urgency: 'now',
      metric: this.queue.metricApproximateNumberOfMessagesVisible({
        statistic: 'Maximum',
        period: Duration.minutes(5),
      }),
      threshold: 1,
      evaluationPeriods: 1,
    });
  }

  #addRule(keys: readonly SigningKeyResource[], signerIds: readonly string[]): void {
    const names = keys.map(({ name }) => name);
    const rule = new Rule(this, names[0] ?? '', {
      description: `Signatures from neither login nor callback, with: ${names.join(', ')}`,
      eventPattern: {
        source: ['aws.kms'],
        detailType: ['AWS API Call via CloudTrail'],
        detail: {
          eventSource: ['kms.amazonaws.com'],
          eventName: ['Sign'],
          // Events of users and of the root account contain no role.
          userIdentity: {
            sessionContext: {
              sessionIssuer: { principalId: [{ 'anything-but': signerIds }, { exists: false }] },
            },
          },
          // A refused call may contain the key in its error message only.
          $or: [
            { resources: { ARN: keys.map(({ key }) => key.keyArn) } },
            { errorMessage: keys.map(({ key }) => ({ wildcard: `*:key/${key.keyId}*` })) },
          ],
        },
      },
      targets: [new SqsQueue(this.queue)],
    });
    // CloudTrail counts signing as reading. Rules in any other state receive no events of calls that only read.
    const resource = rule.node.defaultChild;
    if (!(resource instanceof CfnRule)) throw new Error('The default child of Rule is not a CfnRule');
    resource.state = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';
  }
}

function findRoleId({ role, node }: Lambda): string {
  if (role instanceof Role) return role.roleId;
  throw new Error(`The role of ${node.path} is not in this stack`);
}
