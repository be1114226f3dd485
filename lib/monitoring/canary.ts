import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { CustomResource, Duration } from 'aws-cdk-lib/core';
import { Construct, type IDependable } from 'constructs';
import { variables } from '../../lambdas/canary/environment.ts';
import {
  buildFunctionEnvironment,
  type FunctionEnvironmentProps,
} from '../functions/function-environment.ts';
import { OneLoginFunction } from '../functions/one-login-function.ts';
import type { LogOptions } from './log-group.ts';

export interface CanaryProps extends FunctionEnvironmentProps {
  /** The directory with the bundle. */
  readonly bundle: string;
  readonly logs: LogOptions;
}

/**
 * Examines the deployment every five minutes through its public URL, as users and One Login reach it. It is created after
 * the audit trail, because it writes no audit lines.
 */
export class Canary extends Construct {
  /** Writes values for the time before the first run. Alarms on the canary's metrics depend on it. */
  readonly begin: IDependable;

  constructor(scope: Construct, id: string, { bundle, logs, ...props }: CanaryProps) {
    super(scope, id);
    const values = buildFunctionEnvironment(props);
    const { function: lambda } = new OneLoginFunction(this, 'canary', {
      description: 'Tests sign-in from outside, without signing a user in',
      bundle,
      environment: Object.fromEntries(variables.map((variable) => [variable, values[variable]])),
      permissions: [],
      timeout: Duration.seconds(30),
      // CPU for TLS: with less, our keys would seem to come late.
      memory: 512,
      logs,
    });
    new Rule(this, 'Schedule', {
      description: 'Examines sign-in from outside',
      schedule: Schedule.rate(Duration.minutes(5)),
      targets: [new LambdaFunction(lambda)],
    });
    this.begin = new CustomResource(this, 'Begin', {
      resourceType: 'Custom::CanaryBegin',
      serviceToken: lambda.functionArn,
      serviceTimeout: Duration.minutes(2),
    });
  }
}
