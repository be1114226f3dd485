import { type IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { Alarms } from './alarms.ts';
import { fiveMinutes, functionMetric, type MonitoredResources, quarterHour } from './metrics.ts';

/** The part of its timeout that a function may use. */
const slowness = 0.8;

/** Adds the alarms on the functions, and on throttling by KMS and DynamoDB. */
export function addFunctionAlarms(alarms: Alarms, resources: MonitoredResources): void {
  const { routes, authorizers, collector } = resources;
  for (const { name, function: lambda } of routes) {
    alarms.add(`function-errors-${name}`, {
      // Lambda does not count error pages as errors.
      meaning: `The function ${name} crashes, does not start, or runs into its timeout.`,
      urgency: 'now',
      runbook: 'function-errors',
      metric: lambda.metricErrors({ statistic: 'Sum', ...quarterHour }),
      threshold: 3,
      evaluationPeriods: 1,
    });
  }
  for (const { name, function: lambda } of [...routes, ...authorizers]) {
    alarms.add(`function-slow-${name}`, {
      meaning: `The function ${name} takes nearly as long as its timeout.`,
      urgency: 'next-working-day',
      runbook: 'function-slow',
      metric: lambda.metricDuration({ statistic: 'Maximum', ...fiveMinutes }),
      threshold: slowness * (lambda.timeout?.toMilliseconds() ?? 0),
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
    });
  }
  for (const { name, function: lambda } of [...routes, ...authorizers, collector]) {
    alarms.add(`function-throttled-${name}`, {
      meaning: `Lambda refuses to start more instances of the function ${name}.`,
      urgency: 'now',
      runbook: 'function-throttled',
      metric: lambda.metricThrottles({ statistic: 'Sum', ...fiveMinutes }),
      threshold: 5,
      evaluationPeriods: 1,
    });
  }
  if (authorizers.length > 0) addAuthorizerAlarm(alarms, resources);
  addAuditAlarms(alarms, resources);
  for (const [service, what] of [
    ['kms', 'KMS'],
    ['dynamodb', 'DynamoDB'],
  ] as const) {
    alarms.add(`throttled-${service}`, {
      meaning: `${what} refuses requests because there are too many.`,
      urgency: 'now',
      runbook: 'throttled',
      metric: functionMetric(resources, `${service}_throttled`, {}, fiveMinutes),
      threshold: 5,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
    });
  }
}

/** Lambda counts the result "nobody is signed in" as an error, because API Gateway requires an error for it. */
function addAuthorizerAlarm(alarms: Alarms, resources: MonitoredResources): void {
  const errors = resources.authorizers.map(({ function: lambda }, index): [string, IMetric] => [
    `errors${index}`,
    lambda.metricErrors({ statistic: 'Sum', ...quarterHour }),
  ]);
  const sum = errors.map(([id]) => `FILL(${id}, 0)`).join(' + ');
  alarms.add('function-errors-authorizers', {
    meaning: 'The authorizers fail, and requests to your own APIs are refused.',
    urgency: 'now',
    runbook: 'function-errors',
    metric: new MathExpression({
      expression: `${sum} - FILL(nobody, 0)`,
      usingMetrics: {
        ...Object.fromEntries(errors),
        nobody: functionMetric(
          resources,
          'authorizer_decisions',
          { decision: 'login_required' },
          quarterHour,
        ),
      },
      label: 'errors of the authorizers, but for those that say that nobody is signed in',
      ...quarterHour,
    }),
    threshold: 5,
    evaluationPeriods: 2,
  });
}

function addAuditAlarms(alarms: Alarms, resources: MonitoredResources): void {
  const shared = {
    urgency: 'next-working-day',
    runbook: 'audit-trail-incomplete',
    threshold: 1,
    evaluationPeriods: 1,
  } as const;
  alarms.add('audit-collector-failing', {
    ...shared,
    meaning: 'Audit lines are not copied into the audit trail.',
    metric: resources.collector.function.metricErrors({ statistic: 'Sum', ...quarterHour }),
  });
  alarms.add('audit-lines-refused', {
    ...shared,
    meaning: 'Lines that look like audit lines were left out of the audit trail.',
    metric: functionMetric(resources, 'audit_lines_refused', {}, quarterHour),
  });
}
