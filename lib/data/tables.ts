import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

export interface TablesProps {
  /** The deployment's data key. */
  readonly encryptionKey: IKey;
}

/**
 * The three tables. Their records are unrelated and have different lifetimes. With a table each, a function's permissions
 * cover one table and a few actions. `expires_at` is for DynamoDB's time to live, which deletes late: every read checks
 * the expiry itself. There is no point-in-time recovery, because a restore would bring back revoked sessions.
 */
export class Tables extends Construct {
  /** Login attempts, from the redirect to One Login until the callback. */
  readonly loginAttempts: Table;
  /** Sessions and revocation marks, with one partition for each user. */
  readonly sessions: Table;
  /** One Login's discovery document and keys. Items are replaced and do not expire. */
  readonly providerDocuments: Table;

  readonly #encryptionKey: IKey;

  constructor(scope: Construct, id: string, { encryptionKey }: TablesProps) {
    super(scope, id);
    this.#encryptionKey = encryptionKey;
    this.loginAttempts = this.#createTable('LoginAttempts', ['state_hash'], true);
    this.sessions = this.#createTable('Sessions', ['subject_key', 'item'], true);
    this.providerDocuments = this.#createTable('ProviderDocuments', ['partition', 'item'], false);
  }

  /**
   * The permission that a function needs in addition to its permissions for a table: DynamoDB decrypts with the
   * permissions of the caller.
   *
   * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
   */
  allowDecrypt(): PolicyStatement {
    return new PolicyStatement({
      actions: ['kms:Decrypt'],
      resources: [this.#encryptionKey.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `dynamodb.${Stack.of(this).region}.amazonaws.com` } },
    });
  }

  #createTable(id: string, [partitionKey, sortKey]: readonly string[], expires: boolean): Table {
    return new Table(this, id, {
      partitionKey: { name: String(partitionKey), type: AttributeType.STRING },
      ...(sortKey === undefined ? {} : { sortKey: { name: sortKey, type: AttributeType.STRING } }),
      ...(expires ? { timeToLiveAttribute: 'expires_at' } : {}),
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: this.#encryptionKey,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }
}
