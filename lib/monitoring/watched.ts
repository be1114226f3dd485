import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { MetricName } from '../../lambdas/telemetry/metrics.ts';
import { jwksMethod } from '../api/rest-api.ts';
import { stageName } from '../api/stage-name.ts';
import { type DivisionOf, ownMetric } from './own-metric.ts';

/** A function with its name, as logs and alarms call it, and its log. */
export interface WatchedFunction {
  readonly name: string;
  readonly function: Lambda;
  readonly logGroup: ILogGroup;
}

/** What the parts of the monitoring look at. */
export interface Watched {
  /** The deployment's name in the config. */
  readonly deployment: string;
  /** The API's name. */
  readonly api: string;
  readonly accessLog: ILogGroup;
  /** Those that somebody waits for. */
  readonly routes: readonly WatchedFunction[];
  readonly authorizers: readonly WatchedFunction[];
  /** Those that run by a schedule, each with the document that it keeps fresh. */
  readonly refreshers: readonly (WatchedFunction & { readonly document: 'jwks' | 'did' })[];
  readonly collector: WatchedFunction;
  readonly tables: readonly Table[];
}

/** How a metric is looked at. */
type Look = Pick<MetricOptions, 'period' | 'statistic' | 'label'>;

/** A metric that our functions write. */
export function functionMetric<Name extends MetricName>(
  { deployment }: Pick<Watched, 'deployment'>,
  name: Name,
  division: DivisionOf<Name>,
  look: Look = {},
): Metric {
  return ownMetric(deployment, name, division, look);
}

/** A metric that API Gateway writes of the whole API. */
export function apiMetric({ api }: Pick<Watched, 'api'>, metricName: string, look: Look): Metric {
  return new Metric({
    namespace: 'AWS/ApiGateway',
    metricName,
    dimensionsMap: { ApiName: api, Stage: stageName },
    ...look,
  });
}

/** A metric that API Gateway writes of the route where One Login gets our keys. */
export function jwksMetric({ api }: Pick<Watched, 'api'>, metricName: string, look: Look): Metric {
  return new Metric({
    namespace: 'AWS/ApiGateway',
    metricName,
    dimensionsMap: { ApiName: api, Stage: stageName, ...jwksMethod },
    ...look,
  });
}
