import { join } from 'node:path';
import { synthesiseTemplate } from '../../../bin/synthesise-template.ts';
import { loadConfig } from '../../../lib/config/load-config.ts';
import { packageRoot } from '../../../lib/package-root.ts';
import type { AlarmState } from '../../game-day/cloudwatch/alarm-state.ts';
import type { MetricKey, MetricStore } from '../../game-day/cloudwatch/metric-store.ts';
import type { Resources } from '../../game-day/cloudwatch/read-alarms.ts';
import { runAlarms } from '../../game-day/cloudwatch/run-alarms.ts';
import { readDeployment } from '../../game-day/deployment.ts';
import { incidents } from '../../game-day/incidents/index.ts';
import { readRecordings } from '../../game-day/recording.ts';
import { beginning, lead, Replayer } from '../../game-day/replay.ts';
import { usualSeed } from '../../game-day/run-game-day.ts';
import { readDashboard, type ShownMetric, type Widget } from './read-dashboard.ts';

/** The incident that the picture shows: One Login's token endpoint responds with 502. At this many sign-ins an hour. */
const incidentName = 'token-502';
const perHour = 200;

/** Minutes that the graphs show, before and after the beginning of the incident. */
const [before, after] = [90, 30];

/** A data point has the sum of so many minutes. */
export const periodMinutes = 5;

/** A dashboard in a minute of an incident. */
export interface DashboardView {
  readonly widgets: readonly Widget[];
  /** The codes that occurred. */
  readonly codes: readonly ShownMetric[];
  /** Minutes since the incident began, at each data point. */
  readonly times: readonly number[];
  readonly minutesSinceSignIn: number;
  /** @returns the sums of a metric, at each of the times */
  readSums(metric: MetricKey): readonly number[];
  /** @returns the sum of the last quarter of an hour */
  readLastQuarter(metric: MetricKey): number;
  /** Logical id → name and state. */
  readonly alarms: ReadonlyMap<string, { readonly name: string; readonly state: AlarmState }>;
}

/** Replays an incident of the game day, with the metrics that the dashboard of the production example shows. */
export function replayDashboard(): DashboardView {
  const incident = incidents.find(({ name }) => name === incidentName);
  if (incident === undefined) throw new Error(`the game day has no incident ${incidentName}`);
  const config = loadConfig(join(packageRoot, 'config/production.example.json'));
  const { Resources: resources } = synthesiseTemplate<{ readonly Resources: Resources }>(config);
  const deployment = readDeployment(resources, config.name);
  const widgets = readDashboard(resources);
  const recordings = readRecordings();
  const codes = listCodes(recordings).map((code) => ({
    label: code,
    metric: deployment.ownMetric(`refused code=${code}`),
  }));
  const shown = [...widgets.flatMap(listMetrics), ...codes.map(({ metric }) => metric)];
  const views = shown.map((metric) => ({ metric, statistic: 'Sum', periodMinutes }));
  const replayer = new Replayer(
    { ...deployment, views: [...deployment.views, ...views] },
    recordings,
    usualSeed,
  );
  const store = replayer.write({ ...incident, watched: after }, perHour);
  const histories = runAlarms(deployment.alarms, store, beginning - lead);
  const last = beginning + after - 1;
  const signedIn = store.read({
    metric: deployment.ownMetric('signed_in'),
    statistic: 'Sum',
    periodMinutes: 1,
  });
  const count = (before + after) / periodMinutes;
  const times = Array.from({ length: count }, (_, index) => (index + 1) * periodMinutes - before);
  const readSums = (metric: MetricKey) =>
    times.map((time) => readSum(store, metric, periodMinutes, beginning + time - 1));
  return {
    widgets,
    codes: codes.filter(({ metric }) => readSums(metric).some((sum) => sum > 0)),
    times,
    minutesSinceSignIn: last - signedIn.findLastIndex((sum) => sum > 0),
    readSums,
    readLastQuarter: (metric) => readSum(store, metric, 15, last),
    alarms: new Map(
      histories.map(({ alarm, states }) => [
        alarm.id,
        { name: alarm.name, state: states[last] ?? 'INSUFFICIENT_DATA' },
      ]),
    ),
  };
}

function readSum(store: MetricStore, metric: MetricKey, minutes: number, minute: number): number {
  const sum = store.read({ metric, statistic: 'Sum', periodMinutes: minutes })[minute] ?? Number.NaN;
  return Number.isNaN(sum) ? 0 : sum;
}

function listCodes(recordings: ReturnType<typeof readRecordings>): readonly string[] {
  const names = Object.values(recordings).flatMap((steps) =>
    steps.flatMap(({ metrics }) => Object.keys(metrics)),
  );
  const codes = names.flatMap((name) => /^refused code=(\S+)$/.exec(name)?.[1] ?? []);
  return [...new Set(codes)].sort();
}

function listMetrics(widget: Widget): readonly MetricKey[] {
  if ('metrics' in widget) return widget.metrics.map(({ metric }) => metric);
  return 'part' in widget ? [widget.part, widget.whole] : [];
}
