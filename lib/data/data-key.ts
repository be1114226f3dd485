import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Aws, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

/** The id that the construct must have in its stack, so that whatever keeps data finds it. */
export const dataKeyId = 'DataKey';

export interface DataKeyProps {
  /** The deployment's name, which the key's alias holds. */
  readonly deployment: string;
}

/**
 * The key that encrypts what the deployment keeps: its tables and its logs. KMS renews it every year, and keeps what
 * it was before, so that nothing has to be encrypted again. It goes with the stack, as all does that it encrypts;
 * for 30 days that can be undone. See docs/decisions/0039-one-key-for-tables-and-logs.md.
 */
export class DataKey extends Construct {
  readonly key: IKey;

  /** @returns the data key of the stack that a construct is in */
  static of(scope: Construct): IKey {
    const found = Stack.of(scope).node.tryFindChild(dataKeyId);
    if (found instanceof DataKey) return found.key;
    throw new Error(`${scope.node.path} keeps data, and its stack has no ${dataKeyId} yet`);
  }

  constructor(scope: Construct, id: typeof dataKeyId, { deployment }: DataKeyProps) {
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
        // AWS WAF writes to no log group whose name begins otherwise, see firewall.ts.
        conditions: {
          ArnLike: {
            'kms:EncryptionContext:aws:logs:arn': [
              `${Aws.STACK_NAME}-*`,
              `aws-waf-logs-${Aws.STACK_NAME}`,
            ].map((name) => `arn:${partition}:logs:${region}:${account}:log-group:${name}`),
          },
        },
      }),
    );
  }
}

/**
 * What every caller of DynamoDB needs besides its permission for a table: DynamoDB decrypts the table's own key in the
 * name of who reads or writes.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 */
export function decryptTables(scope: Construct): PolicyStatement {
  return new PolicyStatement({
    actions: ['kms:Decrypt'],
    resources: [DataKey.of(scope).keyArn],
    conditions: { StringEquals: { 'kms:ViaService': `dynamodb.${Stack.of(scope).region}.amazonaws.com` } },
  });
}
