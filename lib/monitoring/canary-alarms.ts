import { type Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib/core';
import type { IDependable } from 'constructs';
import type { Alarms } from './alarms.ts';
import { fiveMinutes, functionMetric, type MonitoredResources } from './metrics.ts';

/** AWS renews its certificates 45 days or more before they end. */
const fewestDays = 30;

/**
 * Adds the alarms on what the canary sees.
 *
 * @param begin writes the values for the time before the first run
 * @returns the signal of failed runs, for the alarm `canary-failing`
 */
export function addCanaryAlarms(alarms: Alarms, resources: MonitoredResources, begin: IDependable): Alarm {
  const failing = alarms.addSignal('canary-runs-failed', {
    meaning: 'Users cannot start to sign in, or the canary has not run for ten minutes.',
    partOf: 'canary-failing',
    runbook: 'canary-failing',
    metric: functionMetric(resources, 'canary_failed', {}, { statistic: 'Maximum', ...fiveMinutes }),
    threshold: 1,
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
    treatMissingData: TreatMissingData.BREACHING,
  });
  failing.node.addDependency(begin);
  alarms.add('canary-jwks-slow', {
    meaning: 'From outside, your public keys take half a second or more. One Login does not wait longer.',
    urgency: 'next-working-day',
    runbook: 'jwks-slow',
    metric: functionMetric(
      resources,
      'canary_step_failed',
      { step: 'jwks_in_time' },
      { statistic: 'Maximum', ...fiveMinutes },
    ),
    threshold: 1,
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
  });
  alarms.add('canary-certificate', {
    meaning: `The certificate of the public address expires in less than ${fewestDays} days.`,
    urgency: 'next-working-day',
    runbook: 'certificate-expiring',
    metric: functionMetric(resources, 'certificate_days', {}, { period: Duration.hours(1) }),
    threshold: fewestDays,
    comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
    evaluationPeriods: 1,
  });
  return failing;
}
