import { ComparisonOperator, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib/core';
import type { Alarms } from './alarms.ts';
import { apiMetric, fiveMinutes, functionMetric, type MonitoredResources, quarterHour } from './metrics.ts';

const halfHour = { period: Duration.minutes(30) } as const;

/**
 * Adds the alarms on whether people can sign in. Each requires a number of users: all of the few users at night may have
 * changed their minds.
 */
export function addSignInAlarms(alarms: Alarms, resources: MonitoredResources): void {
  alarms.add('sign-in-success-low', {
    meaning: 'Fewer than half of the users who come back from One Login with a code are signed in.',
    urgency: 'now',
    metric: new MathExpression({
      expression: 'IF(returned >= 10, 100 * signed_in / returned, 100)',
      usingMetrics: {
        returned: functionMetric(resources, 'returned', {}, quarterHour),
        signed_in: functionMetric(resources, 'signed_in', {}, quarterHour),
      },
      label: 'signed in, % of those who came back',
      ...quarterHour,
    }),
    threshold: 50,
    comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
  });
  alarms.add('no-sign-ins', {
    meaning: 'Users are sent to One Login, and for an hour nobody has been signed in.',
    urgency: 'now',
    metric: new MathExpression({
      // The functions write zeros as well, so that neither series has gaps where the other has values.
      expression: 'IF(started >= 10 AND signed_in < 1, started, 0)',
      usingMetrics: {
        started: functionMetric(resources, 'started', {}, halfHour),
        signed_in: functionMetric(resources, 'signed_in', {}, halfHour),
      },
      label: 'sign-ins started, where nobody got signed in',
      ...halfHour,
    }),
    threshold: 10,
    evaluationPeriods: 2,
  });
  addFaultAlarms(alarms, resources);
  alarms.add('api-5xx', {
    meaning: 'More than one in twenty requests fails with a server error.',
    urgency: 'now',
    metric: new MathExpression({
      expression: 'IF(errors >= 5, 100 * errors / requests, 0)',
      usingMetrics: {
        errors: apiMetric(resources, '5XXError', { statistic: 'Sum', ...fiveMinutes }),
        requests: apiMetric(resources, 'Count', { statistic: 'Sum', ...fiveMinutes }),
      },
      label: '5xx, % of all requests',
      ...fiveMinutes,
    }),
    threshold: 5,
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
  });
}

/** Adds an alarm for every kind of fault except the caller's, because anybody can send nonsense. */
function addFaultAlarms(alarms: Alarms, resources: MonitoredResources): void {
  const persistent = { threshold: 5, evaluationPeriods: 3, datapointsToAlarm: 2 } as const;
  alarms.add('provider-faults', {
    ...persistent,
    meaning: 'One Login does not respond, or its responses are invalid.',
    urgency: 'now',
    metric: functionMetric(resources, 'refused', { fault: 'provider' }, fiveMinutes),
  });
  alarms.add('aws-faults', {
    ...persistent,
    meaning: 'DynamoDB or KMS refuses our requests, or does not respond in time.',
    urgency: 'now',
    metric: functionMetric(resources, 'refused', { fault: 'aws' }, fiveMinutes),
  });
  alarms.add('configuration-faults', {
    meaning: 'Our configuration, registration or code is at fault.',
    urgency: 'now',
    metric: functionMetric(resources, 'refused', { fault: 'configuration' }, quarterHour),
    threshold: 3,
    evaluationPeriods: 1,
  });
}
