import { FilterPattern, type ILogGroup, SubscriptionFilter } from 'aws-cdk-lib/aws-logs';
import { LambdaDestination } from 'aws-cdk-lib/aws-logs-destinations';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { variables } from '../../lambdas/collect-audit/environment.ts';
import { LambdaFunction } from '../functions/lambda-function.ts';
import type { LogOptions } from './log-group.ts';

export interface AuditTrailProps {
  /** The deployment's name in the config. */
  readonly deployment: string;
  /** The directory with the bundle of `collect-audit`. */
  readonly bundle: string;
  readonly logs: LogOptions;
  /** The functions whose logs have lines of the trail. */
  readonly functions: readonly LambdaFunction[];
}

/**
 * The audit trail: a log group that has what the functions write of it among their other lines, and keeps it for a
 * time of its own. CloudWatch hands those lines to a function, whose own log is the trail.
 */
export class AuditTrail extends Construct {
  readonly logGroup: ILogGroup;

  constructor(scope: Construct, id: string, props: AuditTrailProps) {
    super(scope, id);
    // The id of the trail's log group depends on this one. Another id is another, empty trail.
    const collector = new LambdaFunction(this, 'collect-audit', {
      description: 'Copies lines of the audit trail from the logs of the other functions into its own',
      bundle: props.bundle,
      environment: { deployment: props.deployment } satisfies Record<(typeof variables)[number], string>,
      permissions: [],
      timeout: Duration.seconds(30),
      memory: 256,
      logs: props.logs,
      onlyOwnLines: true,
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
