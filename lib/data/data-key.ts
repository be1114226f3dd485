import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Aws, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

export interface DataKeyProps {
  /** The deployment's name, for the key's alias. */
  readonly deployment: string;
  /** The firewall's log group, whose name CloudFormation does not choose, see `firewall.ts`. */
  readonly firewallLogGroup: string;
}

/**
 * The key that encrypts the deployment's tables and logs. KMS rotates it every year and keeps the old key material, so
 * that nothing has to be encrypted again. The key is deleted with the stack, like everything that it encrypts. For 30
 * days the deletion can be cancelled. See docs/decisions/0039-one-key-for-tables-and-logs.md.
 */
export class DataKey extends Construct {
  readonly key: IKey;

  constructor(scope: Construct, id: string, { deployment, firewallLogGroup }: DataKeyProps) {
    super(scope, id);
    // The default policy of the key leaves permissions to the account's IAM policies.
    this.key = new Key(this, 'Key', {
      description: `Encrypts tables and logs of one-login-${deployment}`,
      // The aliases of the signing keys have one more part.
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
