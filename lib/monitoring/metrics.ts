import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Duration } from 'aws-cdk-lib/core';
import {
  type DimensionValues,
  type MetricName,
  metricNamespace,
  metrics,
} from '../../lambdas/telemetry/metrics.ts';
import { jwksPath, stageName } from '../api/routes.ts';

/** A function, its log, and its name in logs and alarms. */
export interface MonitoredFunction {
  readonly name: string;
  readonly function: Lambda;
  readonly logGroup: ILogGroup;
}

/** The resources whose metrics and logs the alarms, the dashboard and the saved queries read. */
export interface MonitoredResources {
  /** The deployment's name in the config. */
  readonly deployment: string;
  /** The API's name. */
  readonly api: string;
  readonly accessLog: ILogGroup;
  /** The functions of the routes. */
  readonly routes: readonly MonitoredFunction[];
  readonly authorizers: readonly MonitoredFunction[];
  /** The scheduled functions, each with the document that it fetches. */
  readonly refreshers: readonly (MonitoredFunction & { readonly document: 'jwks' | 'did' })[];
  readonly collector: MonitoredFunction;
  /** Undefined when the config switches it off. */
  readonly canary: MonitoredFunction | undefined;
  readonly tables: readonly Table[];
}

export const minute = { period: Duration.minutes(1) } as const;
export const fiveMinutes = { period: Duration.minutes(5) } as const;
export const quarterHour = { period: Duration.minutes(15) } as const;
export const halfHour = { period: Duration.minutes(30) } as const;
export const hour = { period: Duration.hours(1) } as const;
export const sixHours = { period: Duration.hours(6) } as const;
/** The longest that an alarm with metric math may look back. */
export const day = { period: Duration.days(1) } as const;

export type MetricView = Pick<MetricOptions, 'period' | 'statistic' | 'label'>;

type DimensionNames<Name extends MetricName> = (typeof metrics)[Name]['by'][number];

/** One of the sets of dimensions of a metric, with values. */
export type MetricDimensions<Name extends MetricName> =
  DimensionNames<Name> extends infer Dimensions
    ? Dimensions extends readonly (keyof DimensionValues)[]
      ? { readonly [Dimension in Dimensions[number]]: DimensionValues[Dimension] }
      : never
    : never;

/** The default statistic for each unit. */
const statistics = { Count: 'Sum', Milliseconds: 'p90', Seconds: 'Maximum', None: 'Minimum' } as const;

/**
 * A metric that the functions of a deployment write.
 *
 * @param dimensions the compiler refuses a set that the functions do not write, which would never have a value
 */
export function functionMetric<Name extends MetricName>(
  { deployment }: Pick<MonitoredResources, 'deployment'>,
  name: Name,
  dimensions: MetricDimensions<Name>,
  view: MetricView = {},
): Metric {
  return new Metric({
    namespace: metricNamespace,
    metricName: name,
    dimensionsMap: Object.assign({ deployment }, dimensions),
    statistic: statistics[metrics[name].unit],
    ...view,
  });
}

/**
 * A metric that API Gateway writes.
 *
 * @param route the dimensions of one route, which must have metrics of its own
 */
export function apiMetric(
  { api }: Pick<MonitoredResources, 'api'>,
  metricName: string,
  view: MetricView,
  route: { readonly Method?: string; readonly Resource?: string } = {},
): Metric {
  return new Metric({
    namespace: 'AWS/ApiGateway',
    metricName,
    dimensionsMap: { ApiName: api, Stage: stageName, ...route },
    ...view,
  });
}

/** The route where One Login fetches our keys. */
export const jwksRoute = { Method: 'GET', Resource: `/auth/${jwksPath}` } as const;
