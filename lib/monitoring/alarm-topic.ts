import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Aws, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

export interface AlarmTopicProps {
  /** The end of the sender's name. */
  readonly deployment: string;
  readonly emails: readonly string[];
}

/**
 * A topic that sends alarms of this account by email. It is encrypted with a key of its own, because CloudWatch can't use
 * the key that AWS manages for SNS.
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
        // In a key's policy `*` is the key itself.
        resources: ['*'],
      }),
    );
    this.topic = new Topic(this, 'Topic', {
      // The sender's name in emails.
      displayName: `GOV.UK One Login sign-in: ${deployment}`,
      masterKey: key,
      enforceSSL: true,
    });
    // This policy replaces the default one, which would allow everything in the account to publish.
    this.topic.addToResourcePolicy(
      new PolicyStatement({ ...cloudWatch, actions: ['sns:Publish'], resources: [this.topic.topicArn] }),
    );
    for (const address of emails) this.topic.addSubscription(new EmailSubscription(address));
  }
}
