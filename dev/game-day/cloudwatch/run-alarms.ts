import { type AlarmState, comparisons, countPointsRead, evaluatePoints } from './alarm-state.ts';
import type { Series } from './metric-math.ts';
import type { MetricStore } from './metric-store.ts';
import type { Alarm, CompositeAlarm, MetricAlarm } from './read-alarms.ts';

/** What an alarm did. */
export interface AlarmHistory {
  readonly alarm: Alarm;
  /** The state in each minute. */
  readonly states: readonly AlarmState[];
  /** The minutes in which its actions for ALARM ran. */
  readonly calls: readonly number[];
}

/** An alarm that reads more than a day is evaluated once an hour, each other one every minute. */
const minutesOfDay = 24 * 60;

/**
 * Evaluates alarms minute by minute. Each is OK at first, as in a deployment that has run for long.
 *
 * @param alarms composite alarms after those that they read
 * @param from the first minute in which they are evaluated
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
 */
export function runAlarms(
  alarms: readonly Alarm[],
  store: MetricStore,
  from: number,
): readonly AlarmHistory[] {
  const histories = new Map<string, AlarmHistory>();
  for (const alarm of alarms) {
    const states =
      alarm.kind === 'metric'
        ? listMetricStates(alarm, store, from)
        : listCompositeStates(alarm, store.minutes, from, histories);
    histories.set(alarm.id, { alarm, states, calls: listCalls(alarm, states, histories) });
  }
  return [...histories.values()];
}

function listMetricStates(alarm: MetricAlarm, store: MetricStore, from: number): readonly AlarmState[] {
  const { periodMinutes, evaluationPeriods, threshold, fewestSamples } = alarm;
  const values = readSeries(alarm, alarm.result, store);
  const compare = comparisons[alarm.comparison];
  const samples = fewestSamples === 0 ? undefined : readSampleCounts(alarm, store);
  const read = countPointsRead(alarm);
  const every = periodMinutes * evaluationPeriods > minutesOfDay ? 60 : 1;
  const states: AlarmState[] = new Array(store.minutes).fill('OK');
  const points: (boolean | undefined)[] = new Array(read);
  for (let minute = from; minute < store.minutes; minute += 1) {
    const before = states[minute - 1] ?? 'OK';
    states[minute] = before;
    if (minute % every !== 0 || (samples?.[minute] ?? fewestSamples) < fewestSamples) continue;
    for (let back = 0; back < read; back += 1) {
      const value = values[minute - back * periodMinutes] ?? Number.NaN;
      points[read - 1 - back] = Number.isNaN(value) ? undefined : compare(value, threshold);
    }
    states[minute] = evaluatePoints(points, alarm, before);
  }
  return states;
}

function readSeries(alarm: MetricAlarm, id: string, store: MetricStore): Series {
  const view = alarm.views.get(id);
  if (view !== undefined) return store.read(view);
  const expression = alarm.expressions.get(id);
  if (expression === undefined) throw new Error(`${alarm.id} has no ${id}`);
  return expression.evaluate((each) => readSeries(alarm, each, store));
}

/** The samples in all evaluation periods together. */
function readSampleCounts({ views, result, evaluationPeriods }: MetricAlarm, store: MetricStore): Series {
  const view = views.get(result);
  if (view === undefined) throw new Error('an expression has no samples');
  return store
    .read({ ...view, statistic: 'SampleCount', periodMinutes: view.periodMinutes * evaluationPeriods })
    .map((count) => (Number.isNaN(count) ? 0 : count));
}

type Histories = ReadonlyMap<string, AlarmHistory>;

function listCompositeStates(
  { rule }: CompositeAlarm,
  minutes: number,
  from: number,
  histories: Histories,
): readonly AlarmState[] {
  return Array.from({ length: minutes }, (_, minute) =>
    minute >= from && rule.evaluate((id) => histories.get(id)?.states[minute] ?? 'OK') ? 'ALARM' : 'OK',
  );
}

/**
 * SNS actions run once for each change of the state to ALARM, unless a suppressor holds them back.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create_Composite_Alarm_Suppression.html
 */
function listCalls(alarm: Alarm, states: readonly AlarmState[], histories: Histories): readonly number[] {
  if (alarm.calls === undefined) return [];
  const starts = states.flatMap((state, minute) =>
    state === 'ALARM' && states[minute - 1] !== 'ALARM' ? [minute] : [],
  );
  if (alarm.kind === 'metric' || alarm.suppressor === undefined) return starts;
  const { waitMinutes, extensionMinutes, alarm: suppressor } = alarm.suppressor;
  const suppresses = histories.get(suppressor)?.states ?? [];
  return starts.flatMap((start) => {
    let ready = start + waitMinutes;
    for (let minute = start; states[minute] === 'ALARM'; minute += 1) {
      if (suppresses[minute] === 'ALARM') ready = minute + 1 + extensionMinutes;
      else if (minute >= ready) return [minute];
    }
    return [];
  });
}
