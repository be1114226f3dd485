import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  type CfnFunction,
  Code,
  Function as Lambda,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { type EnvironmentVariable, environmentVariables } from '../../lambdas/environment.ts';
import { createLogGroup, type LogOptions } from '../monitoring/log-group.ts';
import { functionNameEntry } from './function-name.ts';

export interface LambdaFunctionProps {
  /** What the function is for, as the console shows it. */
  readonly description: string;
  /** The directory with its bundle, `index.mjs`. */
  readonly bundle: string;
  /** The environment variables that its composition root reads. */
  readonly environment: Partial<Record<EnvironmentVariable, string>>;
  /** What it may do, besides writing its own log. */
  readonly permissions: readonly PolicyStatement[];
  /**
   * The path of its role, by which policies elsewhere know it before it is there.
   * @default '/'
   */
  readonly rolePath?: string;
  readonly timeout: Duration;
  /** MiB. CPU comes in proportion: 1769 are one core. */
  readonly memory: number;
  readonly logs: LogOptions;
  /**
   * How many requests it may work on at the same time, taken from what all functions of the account share.
   * @default none of its own
   */
  readonly reservedConcurrency?: number | undefined;
  /**
   * Whether Lambda's own lines about each invocation are left out of the log.
   * @default false
   */
  readonly onlyOwnLines?: boolean;
}

/**
 * A Lambda function of this project: Node 24 on arm64, a log group and a role of its own. The permissions are part of
 * the role, so that a function never exists without them.
 */
export class LambdaFunction extends Construct {
  readonly function: Lambda;
  readonly logGroup: ILogGroup;

  constructor(scope: Construct, id: string, props: LambdaFunctionProps) {
    super(scope, id);
    this.logGroup = createLogGroup(this, 'Logs', props.logs);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: props.description,
      ...(props.rolePath === undefined ? {} : { path: props.rolePath }),
      inlinePolicies: {
        permissions: new PolicyDocument({
          statements: [
            allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [this.logGroup.logGroupArn]),
            ...props.permissions,
          ],
        }),
      },
    });
    this.function = new Lambda(this, 'Function', {
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(props.bundle),
      handler: 'index.handler',
      environment: Object.fromEntries(
        Object.entries(props.environment).map(([name, value]) => [
          environmentVariables[name as EnvironmentVariable],
          value,
        ]),
      ),
      timeout: props.timeout,
      memorySize: props.memory,
      ...(props.reservedConcurrency === undefined
        ? {}
        : { reservedConcurrentExecutions: props.reservedConcurrency }),
      role,
      logGroup: this.logGroup,
      // Lambda has levels for its own lines with JSON only. Lines that are JSON already stay as they are.
      ...(props.onlyOwnLines
        ? { loggingFormat: LoggingFormat.JSON, systemLogLevelV2: SystemLogLevel.WARN }
        : {}),
    });
    // Names the function for whoever reads the template: a logical id is not for parsing.
    (this.function.node.defaultChild as CfnFunction).addMetadata(functionNameEntry, id);
  }
}

/** A statement that allows exactly these actions on exactly these resources. */
export function allow(
  actions: readonly string[],
  resources: readonly string[],
  conditions?: Readonly<Record<string, Readonly<Record<string, string>>>>,
): PolicyStatement {
  return new PolicyStatement({
    actions: [...actions],
    resources: [...resources],
    ...(conditions === undefined ? {} : { conditions: { ...conditions } }),
  });
}
