import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import {
  type DimensionValues,
  type MetricName,
  metricNamespace,
  metrics,
} from '../../lambdas/telemetry/metrics.ts';

type DimensionSetOf<Name extends MetricName> = (typeof metrics)[Name]['by'][number];

/** One of the sets of dimensions by which a metric is divided, each with a value. */
export type DivisionOf<Name extends MetricName> =
  DimensionSetOf<Name> extends infer Dimensions
    ? Dimensions extends readonly (keyof DimensionValues)[]
      ? { readonly [Dimension in Dimensions[number]]: DimensionValues[Dimension] }
      : never
    : never;

/** How a metric is summed up when nobody says otherwise: what is counted is added up. */
const statistics = { Count: 'Sum', Milliseconds: 'p90', Seconds: 'Maximum' } as const;

/**
 * A metric that the functions of a deployment write.
 *
 * @param division the compiler refuses one by which the metric is not divided: it would never have a value
 */
export function ownMetric<Name extends MetricName>(
  deployment: string,
  name: Name,
  division: DivisionOf<Name>,
  options: Pick<MetricOptions, 'period' | 'statistic' | 'label'> = {},
): Metric {
  return new Metric({
    namespace: metricNamespace,
    metricName: name,
    dimensionsMap: Object.assign({ deployment }, division),
    statistic: statistics[metrics[name].unit],
    ...options,
  });
}
