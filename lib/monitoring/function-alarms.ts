import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib/core';
import type { Alarms } from './alarms.ts';
import { functionMetric, type Watched, type WatchedFunction } from './watched.ts';

const quarterHour = { period: Duration.minutes(15) } as const;
const fiveMinutes = { period: Duration.minutes(5) } as const;

/** How much of its time a function may take before somebody should look. */
const closeToTimeout = 0.8;

/** Alarms on the functions as Lambda sees them, and on what they ask of AWS. */
export function addFunctionAlarms(alarms: Alarms, watched: Watched): void {
  const { routes, authorizers, collector } = watched;
  for (const { name, function: lambda } of routes) {
    alarms.add(`function-errors-${name}`, {
      // What goes wrong within a request is answered with a page, and is no error to Lambda.
      meaning: `The function ${name} crashes, does not start, or is ended by Lambda.`,
      urgency: 'now',
      runbook: 'function-errors',
      metric: lambda.metricErrors({ statistic: 'Sum', ...quarterHour }),
      threshold: 3,
      evaluationPeriods: 1,
    });
  }
  for (const watchedFunction of [...routes, ...authorizers]) addSlownessAlarm(alarms, watchedFunction);
  for (const { name, function: lambda } of [...routes, ...authorizers, collector]) {
    alarms.add(`function-throttled-${name}`, {
      meaning: `Lambda refuses to run more of the function ${name}.`,
      urgency: 'now',
      runbook: 'function-throttled',
      metric: lambda.metricThrottles({ statistic: 'Sum', ...fiveMinutes }),
      threshold: 5,
      evaluationPeriods: 1,
    });
  }
  if (authorizers.length > 0) addAuthorizerAlarm(alarms, watched);
  addAuditAlarms(alarms, watched);
  for (const [service, what] of [
    ['kms', 'KMS'],
    ['dynamodb', 'DynamoDB'],
  ] as const) {
    alarms.add(`throttled-${service}`, {
      meaning: `${what} refuses requests because there are too many.`,
      urgency: 'now',
      runbook: 'throttled',
      metric: functionMetric(watched, `${service}_throttled`, {}, fiveMinutes),
      threshold: 5,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
    });
  }
}

function addSlownessAlarm(alarms: Alarms, { name, function: lambda }: WatchedFunction): void {
  const timeout = lambda.timeout?.toMilliseconds() ?? 0;
  alarms.add(`function-slow-${name}`, {
    meaning: `The function ${name} takes nearly all the time that it has.`,
    urgency: 'next-working-day',
    runbook: 'function-slow',
    metric: lambda.metricDuration({ statistic: 'Maximum', ...fiveMinutes }),
    threshold: closeToTimeout * timeout,
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
  });
}

/** An authorizer says "nobody is signed in" by an error, which Lambda counts with the others. */
function addAuthorizerAlarm(alarms: Alarms, watched: Watched): void {
  const errors = watched.authorizers.map(
    ({ function: lambda }, index): [string, ReturnType<typeof functionMetric>] => [
      `errors${index}`,
      lambda.metricErrors({ statistic: 'Sum', ...quarterHour }),
    ],
  );
  const sum = errors.map(([id]) => `FILL(${id}, 0)`).join(' + ');
  alarms.add('function-errors-authorizers', {
    meaning: 'The authorizers fail: requests to your own APIs are refused.',
    urgency: 'now',
    runbook: 'function-errors',
    metric: new MathExpression({
      expression: `${sum} - FILL(nobody, 0)`,
      usingMetrics: {
        ...Object.fromEntries(errors),
        nobody: functionMetric(watched, 'authorizer_decisions', { decision: 'login_required' }, quarterHour),
      },
      label: 'errors of the authorizers, but for those that say that nobody is signed in',
      ...quarterHour,
    }),
    threshold: 5,
    evaluationPeriods: 2,
  });
}

function addAuditAlarms(alarms: Alarms, watched: Watched): void {
  const { function: collect } = watched.collector;
  const shared = {
    urgency: 'next-working-day',
    runbook: 'audit-trail-incomplete',
    threshold: 1,
    evaluationPeriods: 1,
  } as const;
  alarms.add('audit-collector-failing', {
    ...shared,
    meaning: 'Lines of the audit trail are not copied into it.',
    metric: collect.metricErrors({ statistic: 'Sum', ...quarterHour }),
  });
  alarms.add('audit-lines-refused', {
    ...shared,
    meaning: 'Lines that said they were of the audit trail were left out of it.',
    metric: functionMetric(watched, 'audit_lines_refused', {}, quarterHour),
  });
}
