import { CfnRule, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Role } from 'aws-cdk-lib/aws-iam';
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Alarms } from '../monitoring/alarms.ts';
import type { DeployedKey } from './signing-keys.ts';

export interface UnexpectedSignatureMonitorProps {
  /** Every key of the config, also those that are retired. */
  readonly keys: readonly DeployedKey[];
  /** The functions that may sign. */
  readonly signers: readonly Lambda[];
  readonly alarms: Alarms;
}

/** EventBridge refuses a rule with too many wildcards, and CloudFormation a stack with too many rules. */
const keysOfRule = 2;

/**
 * Notices whoever else signs with a signing key, or tries to. CloudTrail tells EventBridge of every `kms:Sign`, and
 * those that are of neither login nor callback end up in a queue, for the two weeks that SQS keeps a message: what
 * happened, when, and who it was. The alarm rings for as long as anything is in there, until somebody has read it and
 * emptied the queue. See docs/decisions/0041-signatures-by-others.md for what it takes of the account.
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
    // A role's id is its own for ever. Another role with the same name has another one.
    const signerIds = signers.map(findRoleId);
    for (let start = 0; start < keys.length; start += keysOfRule) {
      this.#watch(keys.slice(start, start + keysOfRule), signerIds);
    }
    alarms.add('foreign-signature', {
      meaning: 'Somebody else than login and callback signed with a signing key, or tried to.',
      urgency: 'now',
      metric: this.queue.metricApproximateNumberOfMessagesVisible({
        statistic: 'Maximum',
        period: Duration.minutes(5),
      }),
      threshold: 1,
      evaluationPeriods: 1,
    });
  }

  #watch(keys: readonly DeployedKey[], signerIds: readonly string[]): void {
    const names = keys.map(({ name }) => name);
    const rule = new Rule(this, names[0] ?? '', {
      description: `Signatures by others than login and callback, with: ${names.join(', ')}`,
      eventPattern: {
        source: ['aws.kms'],
        detailType: ['AWS API Call via CloudTrail'],
        detail: {
          eventSource: ['kms.amazonaws.com'],
          eventName: ['Sign'],
          // Users and the account itself have no role.
          userIdentity: {
            sessionContext: {
              sessionIssuer: { principalId: [{ 'anything-but': signerIds }, { exists: false }] },
            },
          },
          // What was refused may name the key in its message only.
          $or: [
            { resources: { ARN: keys.map(({ key }) => key.keyArn) } },
            { errorMessage: keys.map(({ key }) => ({ wildcard: `*:key/${key.keyId}*` })) },
          ],
        },
      },
      targets: [new SqsQueue(this.queue)],
    });
    // Of events that only read, among which CloudTrail counts signing, EventBridge passes none to other rules.
    const resource = rule.node.defaultChild;
    if (!(resource instanceof CfnRule)) throw new Error('the rule is not what the CDK makes of a rule');
    resource.state = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';
  }
}

function findRoleId({ role, node }: Lambda): string {
  if (role instanceof Role) return role.roleId;
  throw new Error(`${node.path} has no role of this stack`);
}
