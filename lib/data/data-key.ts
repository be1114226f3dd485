import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Aws, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

export interface DataKeyProps {
  /** The deployment's name, which the key's alias contains. */
  readonly deployment: string;
  /** The name of the firewall's log group. AWS WAF does not let CloudFormation choose it, see `firewall.ts`. */
  readonly firewallLogGroup: string;
}

/**
 * The key that encrypts what the deployment keeps: its tables and its logs. KMS renews it every year, and keeps what
 * it was before, so that nothing has to be encrypted again. It goes with the stack, as all does that it encrypts;
 * for 30 days that can be undone. See docs/decisions/0039-one-key-for-tables-and-logs.md.
 */
export class DataKey extends Construct {
  readonly key: IKey;

  constructor(scope: Construct, id: string, { deployment, firewallLogGroup }: DataKeyProps) {
    super(scope, id);
    // The policy that it begins with lets IAM decide who of the account may do what.
    this.key = new Key(this, 'Key', {
      description: `Encrypts tables and logs of one-login-${deployment}`,
      // Those of the signing keys have one part more.
      alias: `alias/one-login/${deployment}`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const { partition, region, account } = Stack.of(this);
    this.key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'LogsOfThisStack',
        principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
        actions: [
          'kms:Decrypt',
          'kms:DescribeKey',
          'kms:Encrypt',
          'kms:GenerateDataKey',
          'kms:GenerateDataKeyWithoutPlaintext',
          'kms:ReEncryptFrom',
          'kms:ReEncryptTo',
        ],
        resources: ['*'],
        conditions: {
          ArnLike: {
            'kms:EncryptionContext:aws:logs:arn': [`${Aws.STACK_NAME}-*`, firewallLogGroup].map(
              (name) => `arn:${partition}:logs:${region}:${account}:log-group:${name}`,
            ),
          },
        },
      }),
    );
  }
}
