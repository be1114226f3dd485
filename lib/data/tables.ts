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
 * The three tables: unrelated look-ups with different lifetimes, so that each function's permissions name one table
 * and one or two actions. `expires_at` is for DynamoDB's time to live, which deletes late: every read checks the
 * expiry itself. No point-in-time recovery: a restore would bring revoked sessions back to life.
 */
export class Tables extends Construct {
  /** Attempts at signing in, between the redirect to One Login and the callback. */
  readonly loginAttempts: Table;
  /** Sessions and revocation marks: a partition per user. */
  readonly sessions: Table;
  /** One Login's discovery document and keys. They are replaced, and never expire. */
  readonly providerDocuments: Table;

  readonly #encryptionKey: IKey;

  constructor(scope: Construct, id: string, { encryptionKey }: TablesProps) {
    super(scope, id);
    this.#encryptionKey = encryptionKey;
    this.loginAttempts = this.#table('LoginAttempts', { partitionKey: 'state_hash', expires: true });
    this.sessions = this.#table('Sessions', { partitionKey: 'subject_key', sortKey: 'item', expires: true });
    this.providerDocuments = this.#table('ProviderDocuments', {
      partitionKey: 'partition',
      sortKey: 'item',
      expires: false,
    });
  }

  /**
   * A permission that every function needs beside its permission for a table: DynamoDB decrypts the table in the name of
   * the caller.
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

  #table(
    id: string,
    {
      partitionKey,
      sortKey,
      expires,
    }: { readonly partitionKey: string; readonly sortKey?: string; readonly expires: boolean },
  ): Table {
    return new Table(this, id, {
      partitionKey: { name: partitionKey, type: AttributeType.STRING },
      ...(sortKey === undefined ? {} : { sortKey: { name: sortKey, type: AttributeType.STRING } }),
      ...(expires ? { timeToLiveAttribute: 'expires_at' } : {}),
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: this.#encryptionKey,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }
}
