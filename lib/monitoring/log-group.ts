import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { DataKey } from '../data/data-key.ts';

/**
 * A log group of this stack, encrypted with its data key: its lines are deleted after the configured time, and it goes
 * with the stack.
 *
 * @param retentionDays a number of days that CloudWatch knows
 * @param name only where something wants a certain one; it must hold the name of the deployment
 */
export function createLogGroup(scope: Construct, id: string, retentionDays: number, name?: string): LogGroup {
  return new LogGroup(scope, id, {
    ...(name === undefined ? {} : { logGroupName: name }),
    // The enumeration's values are the numbers of days; the config's schema allows no others.
    retention: retentionDays as RetentionDays,
    encryptionKey: DataKey.of(scope),
    removalPolicy: RemovalPolicy.DESTROY,
  });
}
