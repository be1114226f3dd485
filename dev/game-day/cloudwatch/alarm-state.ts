/**
 * The state of one metric alarm from its data points.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

export const treatments = ['breaching', 'notBreaching', 'ignore', 'missing'] as const;
export type MissingDataTreatment = (typeof treatments)[number];

export interface EvaluationRules {
  /** N, `EvaluationPeriods`. */
  readonly evaluationPeriods: number;
  /** M, `DatapointsToAlarm`. */
  readonly datapointsToAlarm: number;
  readonly treatMissingData: MissingDataTreatment;
}

/** CloudWatch does not publish how many data points beyond N it reads. In its examples it reads two. */
const furtherPoints = 2;

/** @returns how many data points an evaluation reads: the evaluation range */
export function countPointsRead({ evaluationPeriods }: EvaluationRules): number {
  return evaluationPeriods + furtherPoints;
}

/**
 * @param points of the evaluation range, the newest last: whether each is breaching, or undefined where it is missing
 * @param before the state until now
 */
export function evaluatePoints(
  points: readonly (boolean | undefined)[],
  { evaluationPeriods, datapointsToAlarm, treatMissingData }: EvaluationRules,
  before: AlarmState,
): AlarmState {
  const present = points.filter((point) => point !== undefined);
  // With enough data points, missing ones are not considered at all, and the older ones take their place.
  const evaluated = present.slice(-evaluationPeriods);
  const missing = evaluationPeriods - evaluated.length;
  const breaching = evaluated.filter((point) => point).length;
  if (missing === 0 || treatMissingData === 'notBreaching')
    return breaching >= datapointsToAlarm ? 'ALARM' : 'OK';
  if (treatMissingData === 'breaching') return breaching + missing >= datapointsToAlarm ? 'ALARM' : 'OK';
  if (breaching >= datapointsToAlarm) return 'ALARM';
  if (evaluated.includes(false)) return 'OK';
  if (treatMissingData === 'ignore') return before;
  // "Avoiding premature transitions to alarm state": data points that are all breaching suffice when the oldest is old enough.
  const oldest = points.findIndex((point) => point !== undefined);
  return oldest >= 0 && points.length - oldest >= datapointsToAlarm ? 'ALARM' : 'INSUFFICIENT_DATA';
}

/** Comparison operators of alarms, by their names in templates. */
export const comparisons = {
  GreaterThanOrEqualToThreshold: (value: number, threshold: number) => value >= threshold,
  GreaterThanThreshold: (value: number, threshold: number) => value > threshold,
  LessThanOrEqualToThreshold: (value: number, threshold: number) => value <= threshold,
  LessThanThreshold: (value: number, threshold: number) => value < threshold,
} as const;
export type ComparisonOperator = keyof typeof comparisons;
