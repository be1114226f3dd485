import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Aws, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

export interface AlarmTopicProps {
  /** How the sender's name ends. */
  readonly deployment: string;
  readonly emails: readonly string[];
}

/**
 * A topic that CloudWatch may send alarms of this account to, and that mails them. It is encrypted with a key of its own:
 * CloudWatch can't use the one that AWS manages for SNS.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
 */
export class AlarmTopic extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { deployment, emails }: AlarmTopicProps) {
    super(scope, id);
    const cloudWatch = {
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    };
    const key = new Key(this, 'Key', {
      description: 'Encrypts alarms on their way from CloudWatch',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    key.addToResourcePolicy(
      new PolicyStatement({
        ...cloudWatch,
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        // In a key's policy this is the key itself.
        resources: ['*'],
      }),
    );
    this.topic = new Topic(this, 'Topic', {
      // The sender's name, which is different for each deployment.
      displayName: `GOV.UK One Login sign-in: ${deployment}`,
      masterKey: key,
      enforceSSL: true,
    });
    // The policy takes the place of the one that would let everything in the account publish.
    this.topic.addToResourcePolicy(
      new PolicyStatement({ ...cloudWatch, actions: ['sns:Publish'], resources: [this.topic.topicArn] }),
    );
    for (const address of emails) this.topic.addSubscription(new EmailSubscription(address));
  }
}
