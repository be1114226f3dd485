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
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { Duration } from 'aws-cdk-lib/core';
import type { Alarms, SignalProps } from './alarms.ts';
import {
  apiMetric,
  day,
  fiveMinutes,
  functionMetric,
  halfHour,
  hour,
  type MetricView,
  type MonitoredResources,
  minute,
  quarterHour,
  sixHours,
} from './metrics.ts';

/**
 * The objective: 99.5% of sign-ins succeed, without those that the user or a stranger ends. The budget is the rest, in
 * percent. See docs/decisions/0049-alarms-by-what-users-suffer.md.
 */
const budget = 0.5;
/** At this rate, an hour uses a fiftieth of a month's budget. */
const fast = 14.4 * budget;
/** At this rate, six hours use a twentieth. */
const slow = 6 * budget;

/**
 * Adds the alarms on sign-ins that fail: one for each fault, which starts when too many fail and some of them by this fault.
 *
 * @param burning whether too many fail
 * @param heldBackBy alarms that name the cause of a fault of One Login more exactly
 */
export function addFailureAlarms(
  alarms: Alarms,
  resources: MonitoredResources,
  burning: IAlarmRule,
  heldBackBy: readonly AlarmBase[],
): readonly AlarmBase[] {
  const faults = [
    ['provider', 'One Login does not respond, or its responses are invalid'],
    ['aws', 'DynamoDB or KMS refuses requests, or does not respond in time'],
    ['configuration', 'the config, registration or code is wrong'],
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

/**
 * Adds the signals of the burn rates, and an alarm for what burns slowly.
 *
 * @returns whether too many sign-ins fail
 */
export function addBurnSignals(alarms: Alarms, resources: MonitoredResources): IAlarmRule {
  const shared = { partOf: 'sign-ins-failing-*', runbook: 'sign-in-budget' } as const;
  const addLong = (name: string, window: MetricView, percent: number, failures: number) =>
    alarms.addSignal(`sign-ins-failing-${name}`, {
      ...shared,
      meaning: `At least ${failures} sign-ins, ${percent} % of all, failed in the window ${name}.`,
      metric: failureShare(resources, failures, window),
      threshold: percent,
      evaluationPeriods: 1,
    });
  // Three windows, one of which counts: otherwise the alarm would end and start again in each pause between two users.
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
    // Twenty users: with two hundred an hour these are six minutes, and a failure of four sends no page.
    AlarmRule.allOf(addLong('1h', hour, fast, 20), addShort('5m', fiveMinutes, fast)),
    // Five users: for a service with fifteen an hour it starts after twenty minutes.
    AlarmRule.allOf(addLong('6h', sixHours, slow, 5), addShort('30m', halfHour, slow)),
    AlarmRule.allOf(...addFewSignals(alarms, resources, shared)),
  );
  alarms.add('sign-in-budget-day', {
    urgency: 'next-working-day',
    runbook: 'sign-in-budget',
    meaning: `In a day at least 5 sign-ins failed, ${budget} % of all. The objective allows fewer.`,
    metric: failureShare(resources, 5, day),
    threshold: budget,
    evaluationPeriods: 1,
  });
  return rates;
}

/**
 * Adds the signals for a service with few users, where most sign-ins fail. Together with the signal of a fault these are three
 * verified failures, which callers cannot cause. Minutes without a sign-in change neither, so that the alarm does not end
 * and start again in each pause.
 */
function addFewSignals(
  alarms: Alarms,
  resources: MonitoredResources,
  shared: Pick<SignalProps, 'partOf' | 'runbook'>,
): readonly Alarm[] {
  const add = (name: string, meaning: string, window: MetricView, periods: number, failing: number) =>
    alarms.addSignal(`sign-ins-failing-${name}`, {
      ...shared,
      meaning,
      metric: functionMetric(resources, 'sign_in_failed', {}, { ...window, statistic: Stats.AVERAGE }),
      threshold: 0.5,
      evaluationPeriods: periods,
      datapointsToAlarm: failing,
      treatMissingData: TreatMissingData.IGNORE,
    });
  return [
    add('few', 'In two minutes of the last hour most sign-ins failed.', minute, 60, 2),
    add('most', 'At least half of the sign-ins in the last half-hour failed.', halfHour, 1, 1),
  ];
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
      meaning: `At least ${starts} users started to sign in ${of}, and none was signed in.`,
      metric: new MathExpression({
        // The functions write zeros as well, so that neither series has gaps where the other has values.
        expression: 'IF(signed_in < 1, started, 0)',
        usingMetrics: {
          started: functionMetric(resources, 'started', {}, window),
          signed_in: functionMetric(resources, 'signed_in', {}, window),
        },
        label: 'sign-ins started, where no user was signed in',
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
  // When a fifth gives up, eight in a row do so once in four hundred thousand times.
  const quarter = addVainSignals(alarms, resources, { of: 15, starts: 8 });
  const threeHours = addNobody('no-sign-ins-3h', { period: Duration.hours(3) }, 8, 'in 3 hours');
  // Four alone are too few. They count only where nearly all users arrive at other times. With five an hour, three out of
  // four hours have so many.
  const few = addVainSignals(alarms, resources, { of: 57, starts: 4 });
  const half = addShare('sign-in-success-low', hour, 30, {
    meaning: 'Fewer than half of the users who started in an hour were signed in.',
    otherwise: 100,
    threshold: 50,
    comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
  });
  const usual = addShare('sign-ins-usual', { period: Duration.hours(12) }, 15, {
    meaning: 'In one of the last two periods of 12 hours, at least 78% of users who started were signed in.',
    otherwise: 0,
    // Where a fifth gives up on a usual day, four in a row are little news.
    threshold: 78,
    // In the first twelve hours of an outage the earlier half shows how it was before.
    evaluationPeriods: 2,
    datapointsToAlarm: 1,
  });
  return alarms.addCombined('sign-ins-missing', {
    meaning:
      'Users start to sign in and do not arrive, or no users start any more. No function records a failure.',
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
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
}

/**
 * Adds the signals for users who start and do not arrive. Failures that we see are ends, too, and have alarms of their own.
 *
 * @param of how many minutes
 * @param starts minutes in which a user started
 */
function addVainSignals(
  alarms: Alarms,
  resources: MonitoredResources,
  { of, starts }: { readonly of: number; readonly starts: number },
): IAlarmRule {
  const shared = { partOf: 'sign-ins-missing', runbook: 'no-sign-ins' } as const;
  const window = { period: Duration.minutes(of) } as const;
  const countEnds = (view: MetricView) => ({
    ends: functionMetric(resources, 'sign_in_failed', {}, { ...view, statistic: Stats.SAMPLE_COUNT }),
    crashes: findCallback(resources).metricErrors({ ...view, statistic: Stats.SUM }),
  });
  const ends = 'FILL(ends, 0) + FILL(crashes, 0)';
  return AlarmRule.allOf(
    alarms.addSignal(`no-sign-ins-${of}m`, {
      ...shared,
      meaning: `No sign-in has ended for ${of} minutes, with success or failure.`,
      metric: new MathExpression({
        // Without a request there is no value, and CloudWatch would evaluate the one before in its place.
        expression: ends,
        usingMetrics: countEnds(window),
        label: 'sign-ins that came to an end',
        ...window,
      }),
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 1,
      evaluationPeriods: 1,
    }),
    alarms.addSignal(`starts-in-vain-${of}m`, {
      ...shared,
      meaning: `In ${starts} of ${of} minutes users started to sign in. It stays until a sign-in ends.`,
      metric: new MathExpression({
        // No value where no user starts, so that the alarm does not end in a pause between two users of an outage.
        expression: `IF(FILL(started, 0) + ${ends} > 0, IF(${ends} > 0, 0, FILL(started, 0)))`,
        usingMetrics: { started: functionMetric(resources, 'started', {}, minute), ...countEnds(minute) },
        label: 'sign-ins started, where none came to an end',
        ...minute,
      }),
      threshold: 1,
      // CloudWatch reads a little more, and no end from before these minutes may be in it.
      evaluationPeriods: of - 2,
      datapointsToAlarm: starts,
      treatMissingData: TreatMissingData.IGNORE,
    }),
  );
}

/** Adds the signals for a busy service that no users reach any more, because something in front refuses all requests. */
function addSilenceSignals(alarms: Alarms, resources: MonitoredResources): readonly Alarm[] {
  const shared = { partOf: 'sign-ins-missing', runbook: 'no-sign-ins', evaluationPeriods: 1 } as const;
  const countStarts = (window: MetricView) =>
    new MathExpression({
      // Without a request there is no value, and CloudWatch would evaluate the one before in its place.
      expression: 'FILL(started, 0)',
      usingMetrics: { started: functionMetric(resources, 'started', {}, window) },
      label: 'sign-ins started',
      ...window,
    });
  return [
    alarms.addSignal('starts-stopped', {
      ...shared,
      meaning: 'For 12 minutes no user has started to sign in.',
      metric: countStarts({ period: Duration.minutes(12) }),
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 1,
    }),
    alarms.addSignal('starts-usual', {
      ...shared,
      meaning: 'In one of the last three half-hours, at least 50 users started to sign in.',
      metric: countStarts(halfHour),
      // Then 12 minutes without any do not happen by chance. Nights have fewer, and so has a rush of a small service.
      threshold: 50,
      // So the alarm stays for an hour and more.
      evaluationPeriods: 3,
      datapointsToAlarm: 1,
    }),
  ];
}

function findCallback({ routes }: MonitoredResources): Lambda {
  const callback = routes.find(({ name }) => name === 'callback')?.function;
  if (callback === undefined) throw new Error('There is no function callback');
  return callback;
}

/** Adds the alarm on users who wait. */
export function addSlownessAlarms(
  alarms: Alarms,
  resources: MonitoredResources,
  heldBackBy: readonly AlarmBase[],
): void {
  const callback = findCallback(resources);
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
    meaning: 'In 5 of 30 minutes, one in ten users waited for at least 4 seconds to be signed in.',
    partOf: 'sign-ins-slow',
    runbook: 'sign-ins-slow',
    metric: addP90(minute, 2),
    // After 4 seconds people load the page again, and make it worse.
    threshold: 4_000,
    // Shorter waits need no action. Half an hour, because not every minute has a user who waits.
    evaluationPeriods: 30,
    datapointsToAlarm: 5,
  });
  alarms.addCombined('sign-ins-slow', {
    meaning: 'One in ten users waits for at least 4 seconds to be signed in.',
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

/**
 * Adds the signal of requests that fail with a server error.
 *
 * @param partOf the name of the alarm that it starts
 */
export function addServerErrorSignal(alarms: Alarms, resources: MonitoredResources, partOf: string): Alarm {
  return alarms.addSignal('api-5xx', {
    meaning: 'In 8 of 24 minutes, at least 5% of requests failed with a server error.',
    partOf,
    runbook: partOf === 'api-failing' ? 'api-5xx' : partOf,
    metric: new MathExpression({
      // Anyone can make a query string that leads to a server error.
      expression: 'IF(errors - FILL(claimed, 0) >= 1, 100 * (errors - FILL(claimed, 0)) / requests, 0)',
      usingMetrics: {
        errors: apiMetric(resources, '5XXError', { statistic: 'Sum', ...minute }),
        requests: apiMetric(resources, 'Count', { statistic: 'Sum', ...minute }),
        claimed: functionMetric(resources, 'claimed_5xx', {}, minute),
      },
      label: '5xx, % of all requests',
      ...minute,
    }),
    // Single failures are in the budget of sign-ins. This is for all requests, most of which request userinfo.
    threshold: 5,
    // Eight minutes, so that an alarm on the cause starts first. They need not follow each other, since only some users fail.
    evaluationPeriods: 24,
    datapointsToAlarm: 8,
  });
}

/** Adds the alarm on requests that API Gateway or the firewall refuses. */
export function addRefusalAlarm(alarms: Alarms, resources: MonitoredResources): void {
  alarms.add('requests-refused', {
    meaning: 'In 15 minutes all requests were refused (4xx), at least 20.',
    urgency: 'next-working-day',
    metric: new MathExpression({
      // Anyone can send invalid requests, and pages that were left open request userinfo. It matters when no request succeeds.
      expression: 'IF(requests - refused < 1, refused, 0)',
      usingMetrics: {
        refused: apiMetric(resources, '4XXError', { statistic: 'Sum', ...quarterHour }),
        requests: apiMetric(resources, 'Count', { statistic: 'Sum', ...quarterHour }),
      },
      label: '4xx, where no request succeeded',
      ...quarterHour,
    }),
    threshold: 20,
    evaluationPeriods: 1,
  });
}

/** Adds the alarm on identity requests where no user proves their identity. */
export function addIdentityAlarm(alarms: Alarms, resources: MonitoredResources): void {
  if (!resources.refreshers.some(({ document }) => document === 'did')) return;
  alarms.add('identity-not-proved', {
    meaning: 'In an hour at least 8 users went to prove their identity, and none has proved it.',
    urgency: 'next-working-day',
    metric: new MathExpression({
      expression: 'IF(FILL(proved, 0) < 1, started, 0)',
      usingMetrics: {
        started: functionMetric(resources, 'started', { purpose: 'prove-identity' }, hour),
        proved: functionMetric(resources, 'identity_checked', { outcome: 'proved' }, hour),
      },
      label: 'identity requests, where no user proved an identity',
      ...hour,
    }),
    // When four in ten do not pass, eight in a row happen once in fifteen hundred times.
    threshold: 8,
    evaluationPeriods: 1,
  });
}
