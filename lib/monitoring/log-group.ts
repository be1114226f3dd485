import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/** How long log lines are kept, and how they are encrypted. */
export interface LogOptions {
  /** The deployment's data key. Its policy lists the log groups that may use it. */
  readonly encryptionKey: IKey;
  readonly retention: RetentionDays;
}

/**
 * A log group that is deleted with the stack.
 *
 * @param name only where AWS requires a certain name; the data key's policy must list it
 */
export function createLogGroup(scope: Construct, id: string, logs: LogOptions, name?: string): LogGroup {
  return new LogGroup(scope, id, {
    ...(name === undefined ? {} : { logGroupName: name }),
    ...logs,
    removalPolicy: RemovalPolicy.DESTROY,
  });
}
