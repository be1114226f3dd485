import {
  type Alarm,
  type AlarmBase,
  AlarmRule,
  ComparisonOperator,
  type IAlarmRule,
  MathExpression,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib/core';
import type { Alarms } from './alarms.ts';
import {
  apiMetric,
  day,
  functionMetric,
  halfHour,
  hour,
  type MetricView,
  type MonitoredResources,
  quarterHour,
  sixHours,
} from './metrics.ts';

/**
 * The objective: of the sign-ins that neither the user nor a stranger ends, 99.5 % succeed. What may fail is the budget,
 * in percent. See docs/decisions/0049-alarms-by-what-users-suffer.md.
 */
const budget = 0.5;
/** So much faster than the budget allows, a fiftieth of a month's is gone in an hour. */
const fast = 14.4 * budget;
/** A twentieth in six hours. */
const slow = 6 * budget;

/**
 * Adds the alarms on sign-ins that fail: one for each fault, which rings when too many fail and some of them by this fault.
 *
 * @param heldBackBy alarms that name the cause of a fault of One Login more exactly
 */
export function addFailureAlarms(
  alarms: Alarms,
  resources: MonitoredResources,
  heldBackBy: readonly AlarmBase[],
): readonly AlarmBase[] {
  const burning = addBurnSignals(alarms, resources);
  const faults = [
    ['provider', 'One Login does not respond, or its responses are invalid'],
    ['aws', 'DynamoDB or KMS refuses our requests, or does not respond in time'],
    ['configuration', 'our configuration, registration or code is at fault'],
  ] as const;
  return faults.map(([fault, what]) => {
    const runbook = `${fault}-faults`;
    const name = `sign-ins-failing-${fault}`;
    const signal = alarms.addSignal(runbook, {
      meaning: `Requests fail because ${what}.`,
      partOf: name,
      runbook,
      // Six hours, the longest window of the burn rates, so that the page stays for as long as they burn.
      metric: functionMetric(resources, 'refused', { fault }, sixHours),
      // Fewer are accidents.
      threshold: 3,
      evaluationPeriods: 1,
    });
    return alarms.addCombined(name, {
      meaning: `Sign-ins fail: ${what}.`,
      runbook,
      rule: AlarmRule.allOf(burning, signal),
      heldBackBy: fault === 'provider' ? heldBackBy : [],
    });
  });
}

/** Adds the signals of the burn rates, and two alarms for what burns slowly. */
function addBurnSignals(alarms: Alarms, resources: MonitoredResources): IAlarmRule {
  const shared = { partOf: 'sign-ins-failing-*', runbook: 'sign-in-budget' } as const;
  const addLong = (name: string, window: MetricView, percent: number, failures: number) =>
    alarms.addSignal(`sign-ins-failing-${name}`, {
      ...shared,
      meaning: `At least ${failures} sign-ins, ${percent} % of all, failed in the window ${name}.`,
      metric: failureShare(resources, failures, window),
      threshold: percent,
      evaluationPeriods: 1,
    });
  // Three windows, one of which counts: else the alarm would end and ring again in each pause between two users.
  const addShort = (name: string, window: MetricView, percent: number) =>
    alarms.addSignal(`sign-ins-failing-${name}`, {
      ...shared,
      meaning: `Sign-ins still fail, ${percent} % of all in the window ${name}.`,
      metric: functionMetric(resources, 'sign_in_failed', {}, { ...window, statistic: Stats.AVERAGE }),
      threshold: Number((percent / 100).toFixed(4)),
      evaluationPeriods: 3,
      datapointsToAlarm: 1,
    });
  const rates = AlarmRule.anyOf(
    // Five users: for a service with fifteen an hour it rings after twenty minutes.
    AlarmRule.allOf(addLong('1h', hour, fast, 5), addShort('5m', { period: Duration.minutes(5) }, fast)),
    AlarmRule.allOf(addLong('6h', sixHours, slow, 5), addShort('30m', halfHour, slow)),
    // Three verified failures are enough where most fail: nobody outside can cause one.
    addLong('few', hour, 50, 3),
  );
  const ticket = { urgency: 'next-working-day', runbook: 'sign-in-budget', evaluationPeriods: 1 } as const;
  alarms.add('sign-in-budget-day', {
    ...ticket,
    meaning: `More sign-ins failed in a day than the objective allows: ${budget} %.`,
    metric: failureShare(resources, 5, day),
    threshold: budget,
  });
  alarms.add('sign-in-budget-6h', {
    ...ticket,
    meaning: 'Sign-ins fail three times as often as the objective allows, for hours.',
    metric: failureShare(resources, 5, sixHours),
    // Two in a hundred are noticed after four and a half hours; a day's window needs six.
    threshold: 3 * budget,
  });
  return rates;
}

/** The share of sign-ins that failed, in percent; 0 when fewer failed. */
function failureShare(resources: MonitoredResources, failures: number, window: MetricView): MathExpression {
  return new MathExpression({
    expression: `IF(failures >= ${failures}, 100 * share, 0)`,
    usingMetrics: {
      failures: functionMetric(resources, 'sign_in_failed', {}, window),
      share: functionMetric(resources, 'sign_in_failed', {}, { ...window, statistic: Stats.AVERAGE }),
    },
    label: 'sign-ins that failed, %',
    ...window,
  });
}

/**
 * Adds the alarm on users who start and do not arrive, or who no longer start: no failure is seen here, because it happens at
 * One Login, in front of the API, or to the cookies.
 */
export function addMissingSignInsAlarm(
  alarms: Alarms,
  resources: MonitoredResources,
  heldBackBy: readonly AlarmBase[],
): AlarmBase {
  const shared = { partOf: 'sign-ins-missing', runbook: 'no-sign-ins', evaluationPeriods: 1 } as const;
  const addNobody = (name: string, window: MetricView, starts: number, of: string) =>
    alarms.addSignal(name, {
      ...shared,
      meaning: `At least ${starts} users started to sign in ${of}, and nobody was signed in.`,
      metric: new MathExpression({
        // The functions write zeros as well, so that neither series has gaps where the other has values.
        expression: 'IF(signed_in < 1, started, 0)',
        usingMetrics: {
          started: functionMetric(resources, 'started', {}, window),
          signed_in: functionMetric(resources, 'signed_in', {}, window),
        },
        label: 'sign-ins started, where nobody got signed in',
        ...window,
      }),
      threshold: starts,
    });
  const addShare = (name: string, window: MetricView, starts: number, props: ShareProps) =>
    alarms.addSignal(name, {
      ...shared,
      ...props,
      metric: new MathExpression({
        expression: `IF(started >= ${starts}, 100 * signed_in / started, ${props.otherwise})`,
        usingMetrics: {
          started: functionMetric(resources, 'started', {}, window),
          signed_in: functionMetric(resources, 'signed_in', {}, window),
        },
        label: 'signed in, % of those who started',
        ...window,
      }),
    });
  // When a fifth gives up, ten in a row do so once in ten million times, and eight once in four hundred thousand.
  const quarter = addNobody('no-sign-ins', quarterHour, 10, 'in 15 minutes');
  const threeHours = addNobody('no-sign-ins-3h', { period: Duration.hours(3) }, 8, 'in 3 hours');
  // Four in a row are too few by themselves: only where nearly everybody arrives on other hours of the day.
  // With five an hour, each 48 minutes have four, so that the alarm stays.
  const few = addNobody('no-sign-ins-48m', { period: Duration.minutes(48) }, 4, 'in 48 minutes');
  const half = addShare('sign-in-success-low', hour, 20, {
    meaning: 'Fewer than half of the users who started in the last hour were signed in.',
    otherwise: 100,
    threshold: 50,
    comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
  });
  const usual = addShare('sign-ins-usual', day, 10, {
    meaning: 'Over the day, most users who started were signed in. This is how it should be.',
    otherwise: 0,
    // Where a fifth gives up on a usual day, four in a row are no news.
    threshold: 85,
  });
  return alarms.addCombined('sign-ins-missing', {
    meaning: 'Users start to sign in and do not arrive, or nobody starts any more, and we see no failure.',
    runbook: 'no-sign-ins',
    rule: AlarmRule.anyOf(
      quarter,
      threeHours,
      AlarmRule.allOf(AlarmRule.anyOf(few, half), usual),
      AlarmRule.allOf(...addSilenceSignals(alarms, resources)),
    ),
    heldBackBy,
  });
}

interface ShareProps {
  readonly meaning: string;
  /** The value when fewer have started. */
  readonly otherwise: number;
  readonly threshold: number;
  readonly comparisonOperator?: ComparisonOperator;
}

/** Adds the signals for a busy service to which nobody comes any more, because something in front refuses everybody. */
function addSilenceSignals(alarms: Alarms, resources: MonitoredResources): readonly Alarm[] {
  const shared = { partOf: 'sign-ins-missing', runbook: 'no-sign-ins', evaluationPeriods: 1 } as const;
  return [
    alarms.addSignal('starts-stopped', {
      ...shared,
      meaning: 'For 12 minutes nobody has started to sign in.',
      metric: functionMetric(resources, 'started', {}, { period: Duration.minutes(12) }),
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 1,
      // Without a request there is no value.
      treatMissingData: TreatMissingData.BREACHING,
    }),
    alarms.addSignal('starts-usual', {
      ...shared,
      meaning: 'In the last hour, at least 60 users started to sign in.',
      metric: functionMetric(resources, 'started', {}, hour),
      // One a minute: then 12 minutes without any happen by chance once in two hundred thousand times. Nights have fewer.
      threshold: 60,
    }),
  ];
}

/** Adds the alarm on users who wait. */
export function addSlownessAlarms(
  alarms: Alarms,
  resources: MonitoredResources,
  heldBackBy: readonly AlarmBase[],
): void {
  const callback = resources.routes.find(({ name }) => name === 'callback')?.function;
  if (callback === undefined) throw new Error('There is no function callback');
  const addP90 = (window: MetricView, calls: number) =>
    new MathExpression({
      // An alarm on a percentile alone would look at no value of fewer than a hundred calls.
      expression: `IF(calls >= ${calls}, p90, 0)`,
      usingMetrics: {
        p90: callback.metricDuration({ ...window, statistic: 'p90' }),
        calls: callback.metricInvocations({ ...window, statistic: 'Sum' }),
      },
      label: 'callback, ms (9 of 10 are faster)',
      ...window,
    });
  const signal = alarms.addSignal('callback-slow', {
    meaning: 'One in ten users waits for at least 4 seconds to be signed in.',
    partOf: 'sign-ins-slow',
    runbook: 'sign-ins-slow',
    metric: addP90({ period: Duration.minutes(5) }, 5),
    // After 4 seconds people load the page again, and make it worse.
    threshold: 4_000,
    // A quarter of an hour, since shorter waits end by themselves.
    evaluationPeriods: 3,
  });
  alarms.addCombined('sign-ins-slow', {
    meaning: 'One in ten users has waited for at least 4 seconds to be signed in, for a quarter of an hour.',
    rule: signal,
    heldBackBy,
  });
  alarms.add('callback-slower', {
    meaning:
      'For an hour, one in ten users has waited for 1.5 seconds to be signed in, about twice the usual time.',
    urgency: 'next-working-day',
    runbook: 'function-slow',
    metric: addP90(hour, 10),
    threshold: 1_500,
    evaluationPeriods: 1,
  });
}

/** Adds the alarms on what API Gateway answers. */
export function addApiAlarms(
  alarms: Alarms,
  resources: MonitoredResources,
  heldBackBy: readonly AlarmBase[],
): void {
  const window = { period: Duration.minutes(3) } as const;
  const signal = alarms.addSignal('api-5xx', {
    meaning: 'More than one in twenty requests fails with a server error.',
    partOf: 'api-failing',
    runbook: 'api-5xx',
    metric: new MathExpression({
      expression: 'IF(errors >= 5, 100 * errors / requests, 0)',
      usingMetrics: {
        errors: apiMetric(resources, '5XXError', { statistic: 'Sum', ...window }),
        requests: apiMetric(resources, 'Count', { statistic: 'Sum', ...window }),
      },
      label: '5xx, % of all requests',
      ...window,
    }),
    // Single failures are in the budget of sign-ins. This is for all requests, most of which ask who is signed in.
    threshold: 5,
    // Nine minutes, so that an alarm on the cause rings first.
    evaluationPeriods: 3,
  });
  alarms.addCombined('api-failing', {
    meaning:
      'More than one in twenty requests fails with a server error, and no other alarm names the cause.',
    runbook: 'api-5xx',
    rule: signal,
    heldBackBy,
  });
  alarms.add('requests-refused', {
    meaning: 'Most requests are refused (4xx, with those that come too fast), and nobody is signed in.',
    urgency: 'next-working-day',
    metric: new MathExpression({
      // Anybody can send nonsense. It matters only when no user gets through.
      expression: 'IF(refused >= 20 AND FILL(signed_in, 0) < 1, 100 * refused / requests, 0)',
      usingMetrics: {
        refused: apiMetric(resources, '4XXError', { statistic: 'Sum', ...quarterHour }),
        requests: apiMetric(resources, 'Count', { statistic: 'Sum', ...quarterHour }),
        signed_in: functionMetric(resources, 'signed_in', {}, quarterHour),
      },
      label: '4xx, % of all requests, where nobody got signed in',
      ...quarterHour,
    }),
    // When users fail for another reason, the start of each sign-in still succeeds.
    threshold: 80,
    evaluationPeriods: 1,
  });
}

/** Adds the alarm on identity requests that nobody passes. */
export function addIdentityAlarm(alarms: Alarms, resources: MonitoredResources): void {
  if (!resources.refreshers.some(({ document }) => document === 'did')) return;
  alarms.add('identity-not-proved', {
    meaning: 'Users are sent to prove their identity, and for an hour nobody has proved one.',
    urgency: 'next-working-day',
    metric: new MathExpression({
      expression: 'IF(FILL(proved, 0) < 1, started, 0)',
      usingMetrics: {
        started: functionMetric(resources, 'started', { purpose: 'prove-identity' }, hour),
        proved: functionMetric(resources, 'identity_checked', { outcome: 'proved' }, hour),
      },
      label: 'identity requests, where nobody proved an identity',
      ...hour,
    }),
    // When four in ten do not pass, eight in a row happen once in fifteen hundred times.
    threshold: 8,
    evaluationPeriods: 1,
  });
}
