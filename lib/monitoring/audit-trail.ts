import { FilterPattern, type ILogGroup, SubscriptionFilter } from 'aws-cdk-lib/aws-logs';
import { LambdaDestination } from 'aws-cdk-lib/aws-logs-destinations';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { variables } from '../../lambdas/collect-audit/environment.ts';
import { OneLoginFunction } from '../functions/one-login-function.ts';
import type { LogOptions } from './log-group.ts';

export interface AuditTrailProps {
  /** The deployment's name in the config. */
  readonly deployment: string;
  /** The directory with the bundle of `collect-audit`. */
  readonly bundle: string;
  readonly logs: LogOptions;
  /** The functions that write audit lines into their logs. */
  readonly functions: readonly OneLoginFunction[];
}

/**
 * The audit trail: a log group with its own retention, for the audit lines that functions write into their logs.
 * CloudWatch sends these lines to a function, whose log is the trail.
 */
export class AuditTrail extends Construct {
  readonly logGroup: ILogGroup;

  constructor(scope: Construct, id: string, props: AuditTrailProps) {
    super(scope, id);
    // Do not change the id: the log group's logical id depends on it, and a new id would be a new, empty trail.
    const collector = new OneLoginFunction(this, 'collect-audit', {
      description: 'Copies audit lines from the logs of the other functions into its own',
      bundle: props.bundle,
      environment: { deployment: props.deployment } satisfies Record<(typeof variables)[number], string>,
      permissions: [],
      timeout: Duration.seconds(30),
      memory: 256,
      logs: props.logs,
      omitPlatformLines: true,
    });
    this.logGroup = collector.logGroup;
    for (const { node, logGroup } of props.functions) {
      new SubscriptionFilter(this, `${node.id}Lines`, {
        logGroup,
        filterPattern: FilterPattern.stringValue('$.event', '=', 'audit'),
        destination: new LambdaDestination(collector.function),
      });
    }
  }
}
