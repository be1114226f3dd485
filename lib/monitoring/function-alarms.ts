import {
  type Alarm,
  type AlarmBase,
  AlarmRule,
  type IMetric,
  MathExpression,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import type { Duration } from 'aws-cdk-lib/core';
import type { Alarms } from './alarms.ts';
import {
  fiveMinutes,
  functionMetric,
  hour,
  type MonitoredFunction,
  type MonitoredResources,
  minute,
  quarterHour,
} from './metrics.ts';

/** The part of its timeout that a function may use. */
const slowness = 0.8;

/** The functions without which users cannot sign in. */
const signInFunctions: readonly string[] = ['login', 'callback'];

/**
 * Adds the alarms on the functions, and on throttling by KMS and DynamoDB.
 *
 * @returns the urgent ones
 */
export function addFunctionAlarms(alarms: Alarms, resources: MonitoredResources): readonly AlarmBase[] {
  const { routes, authorizers, collector } = resources;
  const [first, others] = [true, false].map((signsIn) =>
    routes.filter(({ name }) => signInFunctions.includes(name) === signsIn),
  ) as [MonitoredFunction[], MonitoredFunction[]];
  for (const { name, function: lambda } of first) {
    alarms.add(`function-slow-${name}`, {
      ...slowOften,
      meaning: `The function ${name} takes at least 80% of its timeout.`,
      metric: lambda.metricDuration({ statistic: 'Maximum', ...fiveMinutes }),
      threshold: readSlowMilliseconds(lambda),
    });
  }
  addOthersSlowAlarm(alarms, [...others, ...authorizers]);
  const errors = [
    ...first.map((each) => addErrorSignal(alarms, each)),
    // No request can cause an error, and one is an accident of Lambda.
    addSumSignal(alarms, 'function-errors-others', others, 'Errors', { ...quarterHour, threshold: 3 }),
    ...(authorizers.length === 0 ? [] : [addAuthorizerSignal(alarms, resources)]),
  ];
  const throttles = [
    ...first.map((each) => addThrottleSignal(alarms, each)),
    // A burst throttles one or two.
    addSumSignal(alarms, 'function-throttled-others', [...others, ...authorizers], 'Throttles', {
      ...fiveMinutes,
      threshold: 5,
    }),
  ];
  const throttled = alarms.addCombined('functions-throttled', {
    meaning:
      'Lambda does not start functions: 2 calls and 5% of login or callback in an hour, or 5 of another in 5 minutes. ' +
      'The signals function-throttled-* show which.',
    runbook: 'function-throttled',
    rule: AlarmRule.anyOf(...throttles),
  });
  const failing = alarms.addCombined('functions-failing', {
    meaning:
      'Functions crash, do not start or time out: 2 calls and 5% of login or callback in an hour, or 3 of another in ' +
      '15 minutes. The signals function-errors-* show which.',
    runbook: 'function-errors',
    rule: AlarmRule.anyOf(...errors),
  });
  addAuditAlarms(alarms, resources);
  alarms.add('function-throttled-collect-audit', {
    meaning:
      'Lambda refuses to start the function that copies audit lines. CloudWatch tries again for a day.',
    urgency: 'next-working-day',
    runbook: 'audit-trail-incomplete',
    metric: collector.function.metricThrottles({ statistic: 'Sum', ...fiveMinutes }),
    threshold: 5,
    evaluationPeriods: 1,
  });
  alarms.add('throttled', {
    meaning:
      'In 3 minutes of an hour, KMS or DynamoDB refused requests because there were too many. Each is repeated.',
    urgency: 'next-working-day',
    metric: new MathExpression({
      expression: 'FILL(kms, 0) + FILL(dynamodb, 0)',
      usingMetrics: {
        kms: functionMetric(resources, 'kms_throttled', {}, minute),
        dynamodb: functionMetric(resources, 'dynamodb_throttled', {}, minute),
      },
      label: 'throttled by KMS or DynamoDB',
      ...minute,
    }),
    threshold: 1,
    // A burst is over sooner, and is repeated with success. An hour, since a small service makes few requests.
    evaluationPeriods: 60,
    datapointsToAlarm: 3,
  });
  return [throttled, failing];
}

const slowOften = {
  urgency: 'next-working-day',
  runbook: 'function-slow',
  evaluationPeriods: 3,
  datapointsToAlarm: 2,
} as const;

function readSlowMilliseconds({ timeout }: Lambda): number {
  return slowness * (timeout?.toMilliseconds() ?? 0);
}

function addOthersSlowAlarm(alarms: Alarms, functions: readonly MonitoredFunction[]): void {
  alarms.add('function-slow-others', {
    ...slowOften,
    meaning: `One of these takes at least 80% of its timeout: ${functions.map(({ name }) => name).join(', ')}.`,
    metric: new MathExpression({
      expression: functions
        .map(({ function: lambda }, index) => `(FILL(slowest${index}, 0) >= ${readSlowMilliseconds(lambda)})`)
        .join(' + '),
      usingMetrics: Object.fromEntries(
        functions.map(({ function: lambda }, index) => [
          `slowest${index}`,
          lambda.metricDuration({ statistic: 'Maximum', ...fiveMinutes }),
        ]),
      ),
      label: 'functions that take 80% of their timeout',
      ...fiveMinutes,
    }),
    // One of them.
    threshold: 1,
  });
}

/** Adds a signal for several functions. One for each would take many of the resources that a stack may have. */
function addSumSignal(
  alarms: Alarms,
  name: string,
  functions: readonly MonitoredFunction[],
  what: 'Errors' | 'Throttles',
  { period, threshold }: { readonly period: Duration; readonly threshold: number },
): Alarm {
  const metrics = functions.map(({ function: lambda }, index): [string, IMetric] => [
    `function${index}`,
    lambda.metric(what, { statistic: 'Sum', period }),
  ]);
  const names = functions.map((each) => each.name).join(', ');
  const crashes = what === 'Errors';
  return alarms.addSignal(name, {
    meaning: crashes ? `One of these crashes: ${names}.` : `Lambda refuses to start one of these: ${names}.`,
    partOf: crashes ? 'functions-failing' : 'functions-throttled',
    runbook: crashes ? 'function-errors' : 'function-throttled',
    metric: new MathExpression({
      expression: metrics.map(([id]) => `FILL(${id}, 0)`).join(' + '),
      usingMetrics: Object.fromEntries(metrics),
      label: what,
      period,
    }),
    threshold,
    evaluationPeriods: 1,
  });
}

/** Lambda does not count error pages as errors. */
function addErrorSignal(alarms: Alarms, { name, function: lambda }: MonitoredFunction): Alarm {
  return alarms.addSignal(`function-errors-${name}`, {
    meaning: `The function ${name} crashes, does not start or times out.`,
    partOf: 'functions-failing',
    runbook: 'function-errors',
    evaluationPeriods: 1,
    metric: new MathExpression({
      expression: 'IF(errors >= 2, 100 * errors / calls, 0)',
      usingMetrics: {
        errors: lambda.metricErrors({ statistic: 'Sum', ...hour }),
        calls: lambda.metricInvocations({ statistic: 'Sum', ...hour }),
      },
      label: 'errors, % of all calls',
      ...hour,
    }),
    // Two, so that it starts with five users an hour. One in twenty, so that single failures of a large service do not.
    threshold: 5,
  });
}

function addThrottleSignal(alarms: Alarms, { name, function: lambda }: MonitoredFunction): Alarm {
  return alarms.addSignal(`function-throttled-${name}`, {
    meaning: `Lambda refuses to start more instances of the function ${name}.`,
    partOf: 'functions-throttled',
    runbook: 'function-throttled',
    evaluationPeriods: 1,
    metric: new MathExpression({
      // A call that was throttled is no invocation.
      expression: 'IF(throttles >= 2, 100 * throttles / (throttles + FILL(calls, 0)), 0)',
      usingMetrics: {
        throttles: lambda.metricThrottles({ statistic: 'Sum', ...hour }),
        calls: lambda.metricInvocations({ statistic: 'Sum', ...hour }),
      },
      label: 'throttled, % of all calls',
      ...hour,
    }),
    // Two, which are two runs of the canary; one in twenty, so that the burst of a launch sends no page.
    threshold: 5,
  });
}

/** Lambda counts the result "not signed in" as an error, because API Gateway requires an error for it. */
function addAuthorizerSignal(alarms: Alarms, resources: MonitoredResources): Alarm {
  const errors = resources.authorizers.map(({ function: lambda }, index): [string, IMetric] => [
    `errors${index}`,
    lambda.metricErrors({ statistic: 'Sum', ...quarterHour }),
  ]);
  const sum = errors.map(([id]) => `FILL(${id}, 0)`).join(' + ');
  return alarms.addSignal('function-errors-authorizers', {
    meaning:
      'At least 5 runs of authorizers fail in each of two periods of 15 minutes. Your own APIs refuse requests.',
    partOf: 'functions-failing',
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
      label: 'errors of the authorizers, without requests of users who are not signed in',
      ...quarterHour,
    }),
    // The two metrics may come a minute apart.
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
  alarms.add('audit-collector-silent', {
    ...shared,
    meaning: 'In an hour at least 3 users were signed in, and nothing was copied into the audit trail.',
    metric: new MathExpression({
      expression: 'IF(signed_in >= 3 AND FILL(calls, 0) < 1, signed_in, 0)',
      usingMetrics: {
        // Every one writes an audit line.
        signed_in: functionMetric(resources, 'signed_in', {}, hour),
        calls: resources.collector.function.metricInvocations({ statistic: 'Sum', ...hour }),
      },
      label: 'sign-ins, where no audit line was copied',
      ...hour,
    }),
  });
  alarms.add('audit-lines-refused', {
    ...shared,
    meaning: 'Lines that look like audit lines were left out of the audit trail.',
    metric: functionMetric(resources, 'audit_lines_refused', {}, quarterHour),
  });
}
