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

export interface OneLoginFunctionProps {
  /** The purpose of the function, for the console. */
  readonly description: string;
  /** The directory with the bundle, `index.mjs`. */
  readonly bundle: string;
  /** The environment variables that its composition root reads. */
  readonly environment: Partial<Record<EnvironmentVariable, string>>;
  /** Permissions in addition to that for its own log. */
  readonly permissions: readonly PolicyStatement[];
  /**
   * The path of the role. Policies can refer to it before the role exists.
   * @default '/'
   */
  readonly rolePath?: string;
  readonly timeout: Duration;
  /** MiB. CPU is in proportion: 1769 MiB have one core. */
  readonly memory: number;
  readonly logs: LogOptions;
  /**
   * Number of requests at the same time, reserved from the account's concurrency.
   * @default none of its own
   */
  readonly reservedConcurrency?: number | undefined;
  /**
   * Whether the log omits Lambda's own lines about invocations that succeed.
   * @default false
   */
  readonly omitPlatformLines?: boolean;
}

/**
 * A Lambda function of this project, on Node 24 and arm64, with its own log group and role. The permissions are part of
 * the role, so that the function never exists without them.
 */
export class OneLoginFunction extends Construct {
  readonly function: Lambda;
  readonly logGroup: ILogGroup;

  constructor(scope: Construct, id: string, props: OneLoginFunctionProps) {
    super(scope, id);
    this.logGroup = createLogGroup(this, 'Logs', props.logs);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: props.description,
      ...(props.rolePath === undefined ? {} : { path: props.rolePath }),
      inlinePolicies: {
        permissions: new PolicyDocument({
          statements: [
            allowActions(['logs:CreateLogStream', 'logs:PutLogEvents'], [this.logGroup.logGroupArn]),
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
      // Log levels require the JSON format, which leaves lines unchanged that are JSON already.
      ...(props.omitPlatformLines
        ? { loggingFormat: LoggingFormat.JSON, systemLogLevelV2: SystemLogLevel.WARN }
        : {}),
    });
    // Readers of the template need the name, and logical ids are not for parsing.
    (this.function.node.defaultChild as CfnFunction).addMetadata(functionNameEntry, id);
  }
}

/** @returns a statement that allows exactly these actions on exactly these resources */
export function allowActions(
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
