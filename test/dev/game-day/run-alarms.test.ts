import { describe, expect, it } from '@jest/globals';
import { MetricStore, nameMetric } from '../../../dev/game-day/cloudwatch/metric-store.ts';
import { type Resources, readAlarms } from '../../../dev/game-day/cloudwatch/read-alarms.ts';
import { runAlarms } from '../../../dev/game-day/cloudwatch/run-alarms.ts';

const key = (name: string) => nameMetric('Fire', name, {});

const page = {
  AlarmDescription: 'It burns. Act now. Runbook: https://wiki.example/fire.md',
  AlarmActions: ['topic'],
};

function metricAlarm(name: string, properties: Readonly<Record<string, unknown>> = {}): Resources {
  return {
    [name]: {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: {
        ...page,
        AlarmName: `test.${name}`,
        Namespace: 'Fire',
        MetricName: name,
        Statistic: 'Sum',
        Period: 300,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        TreatMissingData: 'notBreaching',
        ...properties,
      },
    },
  };
}

function compositeAlarm(
  name: string,
  AlarmRule: string,
  properties: Readonly<Record<string, unknown>> = {},
): Resources {
  const own = { ...page, AlarmName: `test.${name}`, AlarmRule, ...properties };
  return { [name]: { Type: 'AWS::CloudWatch::CompositeAlarm', Properties: own } };
}

/** @param values of each metric, by minute. @returns the minutes in which each alarm called */
function run(
  resources: Resources,
  values: Readonly<Record<string, Readonly<Record<number, number>>>>,
  minutes = 30,
): Readonly<Record<string, readonly number[]>> {
  const alarms = readAlarms(resources);
  const store = MetricStore.create(
    minutes,
    alarms.flatMap((alarm) => (alarm.kind === 'metric' ? [...alarm.views.values()] : [])),
  );
  for (const [name, own] of Object.entries(values)) {
    for (const [minute, value] of Object.entries(own)) store.add(Number(minute), key(name), value);
  }
  return Object.fromEntries(runAlarms(alarms, store, 0).map(({ alarm, calls }) => [alarm.id, calls]));
}

/** @returns a value for every minute: 1 in those given, else 0 */
function everyMinute(minutes: number, ones: readonly number[]): Readonly<Record<number, number>> {
  return Object.fromEntries(
    Array.from({ length: minutes }, (_, minute) => [minute, Number(ones.includes(minute))]),
  );
}

describe('an alarm on a metric', () => {
  it('calls in the minute in which the sliding window reaches the threshold, once for each time', () => {
    const alarm = metricAlarm('smoke', { Threshold: 3 });
    const values = { ...everyMinute(30, []), 3: 1, 6: 1, 7: 1, 20: 3 };

    expect(run(alarm, { smoke: values })).toEqual({ smoke: [7, 20] });
  });

  it('calls again when its metric falls silent, because older windows take the place of missing ones', () => {
    expect(run(metricAlarm('smoke', { Threshold: 3 }), { smoke: { 3: 1, 6: 1, 7: 1 } })).toEqual({
      smoke: [7, 12, 17],
    });
  });

  it('looks at earlier windows when it needs several', () => {
    const alarm = metricAlarm('smoke', { EvaluationPeriods: 3, DatapointsToAlarm: 2 });

    expect(run(alarm, { smoke: { 7: 1, 14: 1 } })).toEqual({ smoke: [14] });
  });

  it('calls at silence when missing data are breaching, after the window and those before have ended', () => {
    const alarm = metricAlarm('smoke', {
      TreatMissingData: 'breaching',
      Threshold: 0,
      ComparisonOperator: 'LessThanThreshold',
    });

    expect(run(alarm, { smoke: { 0: 1, 3: 1 } })).toEqual({ smoke: [18] });
  });

  it.each([
    [86_400, 7],
    [43_200, 7],
  ])(
    'with a period of %i seconds is evaluated every minute while it looks back a day at most',
    (Period, minute) => {
      expect(run(metricAlarm('smoke', { Period }), { smoke: { 7: 1 } }, 100)).toEqual({ smoke: [minute] });
    },
  );

  it('is evaluated once an hour when it looks back more than a day', () => {
    const alarm = metricAlarm('smoke', { Period: 86_400, EvaluationPeriods: 2, DatapointsToAlarm: 1 });

    expect(run(alarm, { smoke: { 7: 1 } }, 100)).toEqual({ smoke: [60] });
  });

  it('keeps its state while a percentile has few samples, if it shall', () => {
    const values = { smoke: { 2: 5, 3: 5 } };
    const percentile = { Statistic: undefined, ExtendedStatistic: 'p90' };

    expect(run(metricAlarm('smoke', percentile), values)).toEqual({ smoke: [2] });
    expect(
      run(metricAlarm('smoke', { ...percentile, EvaluateLowSampleCountPercentile: 'ignore' }), values),
    ).toEqual({ smoke: [] });
  });

  it('sends no message without actions, or when they are off', () => {
    expect(run(metricAlarm('smoke', { AlarmActions: [] }), { smoke: { 7: 1 } })).toEqual({ smoke: [] });
    expect(run(metricAlarm('smoke', { ActionsEnabled: false }), { smoke: { 7: 1 } })).toEqual({ smoke: [] });
  });
});

describe('a composite alarm', () => {
  const silent = { AlarmActions: [], Period: 60 };
  const parts = { ...metricAlarm('smoke', silent), ...metricAlarm('heat', silent) };

  it('calls when its rule comes true, whatever the order in the template', () => {
    const fire = compositeAlarm('fire', 'ALARM("smoke") AND NOT (ALARM("heat"))');
    const values = { smoke: everyMinute(30, [5, 15, 16]), heat: everyMinute(30, [15]) };

    expect(run({ ...fire, ...parts }, values)['fire']).toEqual([5, 16]);
  });

  const withSuppressor = compositeAlarm('fire', 'ALARM("smoke")', {
    ActionsSuppressor: { 'Fn::GetAtt': ['heat', 'Arn'] },
    ActionsSuppressorWaitPeriod: 120,
    ActionsSuppressorExtensionPeriod: 60,
  });

  it.each([
    ['waits for a suppressor that does not start', [], [7]],
    ['does not wait longer than it should', [8, 9], [7]],
    ['is held back when its suppressor was active before', [3, 4, 5, 6, 7, 8], [10]],
    ['is held back when its suppressor starts while it waits', [6, 7, 8], [10]],
  ])('%s', (_, heat, expected) => {
    const smoke = everyMinute(30, [5, 6, 7, 8, 9, 10, 11, 12, 13]);

    expect(run({ ...parts, ...withSuppressor }, { smoke, heat: everyMinute(30, heat) })['fire']).toEqual(
      expected,
    );
  });

  it('sends no message when it is over before its suppressor is', () => {
    const values = { smoke: everyMinute(30, [5, 6, 7]), heat: everyMinute(30, [4, 5, 6, 7, 8]) };

    expect(run({ ...parts, ...withSuppressor }, values)['fire']).toEqual([]);
  });
});
