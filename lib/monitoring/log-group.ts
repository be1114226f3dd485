import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/** Retention and encryption of logs. */
export interface LogOptions {
  /** The deployment's data key. Its policy lists the log groups that may use the key. */
  readonly encryptionKey: IKey;
  readonly retention: RetentionDays;
}

/**
 * Creates a log group that is deleted with the stack.
 *
 * @param name only where AWS requires a certain name. The data key's policy must list it
 */
export function createLogGroup(scope: Construct, id: string, logs: LogOptions, name?: string): LogGroup {
  return new LogGroup(scope, id, {
    ...(name === undefined ? {} : { logGroupName: name }),
    ...logs,
    removalPolicy: RemovalPolicy.DESTROY,
  });
}
