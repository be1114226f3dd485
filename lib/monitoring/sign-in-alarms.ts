import { ComparisonOperator, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib/core';
import type { Alarms } from './alarms.ts';
import { apiMetric, functionMetric, type Watched } from './watched.ts';

const quarterHour = { period: Duration.minutes(15) } as const;
const halfHour = { period: Duration.minutes(30) } as const;
const fiveMinutes = { period: Duration.minutes(5) } as const;

/**
 * Alarms on whether people can sign in. Each wants a number of users before it says anything: of the few who come at
 * night, all may have changed their minds.
 */
export function addSignInAlarms(alarms: Alarms, watched: Watched): void {
  alarms.add('sign-in-success-low', {
    meaning: 'Of the users who come back from One Login with a code, fewer than half get signed in.',
    urgency: 'now',
    metric: new MathExpression({
      expression: 'IF(returned >= 10, 100 * signed_in / returned, 100)',
      usingMetrics: {
        returned: functionMetric(watched, 'returned', {}, quarterHour),
        signed_in: functionMetric(watched, 'signed_in', {}, quarterHour),
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
    meaning: 'Users are sent to One Login, and for an hour nobody has got signed in.',
    urgency: 'now',
    metric: new MathExpression({
      // The functions write zeros for what has not happened: neither series has gaps where the other has values.
      expression: 'IF(started >= 10 AND signed_in < 1, started, 0)',
      usingMetrics: {
        started: functionMetric(watched, 'started', {}, halfHour),
        signed_in: functionMetric(watched, 'signed_in', {}, halfHour),
      },
      label: 'sign-ins started, where nobody got signed in',
      ...halfHour,
    }),
    threshold: 10,
    evaluationPeriods: 2,
  });
  addFaultAlarms(alarms, watched);
  alarms.add('api-5xx', {
    meaning: "More than one in twenty requests is answered by an error that is not the user's.",
    urgency: 'now',
    metric: new MathExpression({
      expression: 'IF(errors >= 5, 100 * errors / requests, 0)',
      usingMetrics: {
        errors: apiMetric(watched, '5XXError', { statistic: 'Sum', ...fiveMinutes }),
        requests: apiMetric(watched, 'Count', { statistic: 'Sum', ...fiveMinutes }),
      },
      label: '5xx, % of all requests',
      ...fiveMinutes,
    }),
    threshold: 5,
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
  });
}

/** One for each of those whose fault it can be, but for the caller: anybody can send nonsense. */
function addFaultAlarms(alarms: Alarms, watched: Watched): void {
  const persistent = { threshold: 5, evaluationPeriods: 3, datapointsToAlarm: 2 } as const;
  alarms.add('provider-faults', {
    ...persistent,
    meaning: 'One Login does not answer, or answers what we must not believe.',
    urgency: 'now',
    metric: functionMetric(watched, 'refused', { fault: 'provider' }, fiveMinutes),
  });
  alarms.add('aws-faults', {
    ...persistent,
    meaning: 'DynamoDB or KMS does not do what we ask, or not in time.',
    urgency: 'now',
    metric: functionMetric(watched, 'refused', { fault: 'aws' }, fiveMinutes),
  });
  alarms.add('configuration-faults', {
    meaning: 'Our configuration, registration or code is at fault.',
    urgency: 'now',
    metric: functionMetric(watched, 'refused', { fault: 'configuration' }, quarterHour),
    threshold: 3,
    evaluationPeriods: 1,
  });
}
