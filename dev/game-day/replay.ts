import { type MetricKey, MetricStore } from './cloudwatch/metric-store.ts';
import { type AlarmHistory, runAlarms } from './cloudwatch/run-alarms.ts';
import type { WatchedDeployment } from './deployment.ts';
import type { Change, Incident, ScheduleChange } from './incident.ts';
import { createRandom, drawCount, type Random } from './random.ts';
import type { RecordedStep, Recordings } from './recording.ts';
import { concernsLot, MetricKeys, type StepContext, StepWriter } from './step-writer.ts';
import { type PlannedVisit, planVisits, type Traffic } from './traffic.ts';

/** The minute in which an incident begins. A day without anything unusual goes before, as alarms look back as far. */
export const beginning = 24 * 60;

/** Alarms are evaluated this long before the incident begins, in minutes. */
export const lead = 180;

/** Replays incidents on the time lines of one deployment. */
export class Replayer {
  readonly #deployment: WatchedDeployment;
  readonly #recordings: Recordings;
  readonly #seed: number;
  readonly #keys = new MetricKeys();
  /** The usual day before, for each traffic and each hour at which an incident begins. */
  readonly #daysBefore = new Map<string, TimeLine>();

  /** Metrics that alarms read and that no replay has written so far. */
  unwritten: readonly MetricKey[];

  /** @param seed of the random times at which users come */
  constructor(deployment: WatchedDeployment, recordings: Recordings, seed: number) {
    this.#deployment = deployment;
    this.#recordings = recordings;
    this.#seed = seed;
    this.unwritten = [...new Set(deployment.views.map(({ metric }) => metric))];
  }

  /**
   * @param perHour sign-ins an hour by day
   * @returns what each alarm did
   */
  replay(incident: Incident, perHour: number): readonly AlarmHistory[] {
    return runAlarms(this.#deployment.alarms, this.write(incident, perHour), beginning - lead);
  }

  /**
   * @param perHour sign-ins an hour by day
   * @returns the metrics of the day before and of the incident
   */
  write({ beginsAt = 10, watched = 180, changes }: Incident, perHour: number): MetricStore {
    const key = `${perHour} ${beginsAt}`;
    const before = this.#daysBefore.get(key) ?? this.#runDayBefore({ perHour, beginsAt, seed: this.#seed });
    this.#daysBefore.set(key, before);
    const line = before.extend(beginning + watched);
    line.run(beginning, changes);
    this.unwritten = this.unwritten.filter((metric) => !line.store.isWritten(metric));
    return line.store;
  }

  #runDayBefore(traffic: Traffic): TimeLine {
    const store = MetricStore.create(beginning, this.#deployment.views);
    const parts = { deployment: this.#deployment, recordings: this.#recordings, keys: this.#keys, traffic };
    const line = new TimeLine(parts, store, [], new Map());
    line.run(0, []);
    return line;
  }
}

/** When schedules run: every so many minutes, from that minute of the hour on. */
const schedules = [
  ['canary', 5, 2],
  ['refresh-jwks', 5, 0],
  ['refresh-did', 5, 1],
  // One Login fetches our keys when it does not have them any more.
  ['our-keys', 10, 3],
] as const;
type ScheduleName = (typeof schedules)[number][0];

/** The documents that a schedule refreshes. */
const documents: Readonly<Partial<Record<ScheduleName, readonly string[]>>> = {
  'refresh-jwks': ['discovery', 'jwks'],
  'refresh-did': ['did'],
};

/** A document is fetched anew when it is this old. */
const freshMinutes = 50;

/** Which step of the canary examines a route. */
const canarySteps: readonly (readonly [RegExp, string])[] = [
  [/jwks\.json$/, 'jwks'],
  [/callback$/, 'callback'],
  [/./, 'login'],
];

/** After this many milliseconds One Login no longer waits for our keys, and the canary counts them as late. */
const keysInTime = 500;

const usualCertificateDays = 200;

interface Parts {
  readonly deployment: WatchedDeployment;
  readonly recordings: Recordings;
  readonly traffic: Traffic;
  readonly keys: MetricKeys;
}

/** The minutes of a deployment, one after the other. */
class TimeLine {
  readonly store: MetricStore;
  readonly #parts: Parts;
  readonly #random: Random;
  readonly #writer: StepWriter;
  /** Visits that go on after the last minute. */
  #underWay: readonly PlannedVisit[];
  /** When each schedule last fetched its documents. */
  readonly #fetched: Map<ScheduleName, number>;
  #changes: readonly Change[] = [];

  constructor(
    parts: Parts,
    store: MetricStore,
    underWay: readonly PlannedVisit[],
    fetched: ReadonlyMap<ScheduleName, number>,
  ) {
    this.#parts = parts;
    this.store = store;
    this.#underWay = underWay;
    this.#fetched = new Map(fetched);
    this.#random = createRandom(parts.traffic.seed);
    this.#writer = new StepWriter(parts.deployment, store, this.#random, parts.keys);
  }

  /** @returns a copy with more minutes */
  extend(minutes: number): TimeLine {
    return new TimeLine(this.#parts, this.store.extend(minutes), this.#underWay, this.#fetched);
  }

  /** Fills all minutes from one on. */
  run(from: number, changes: readonly Change[]): void {
    this.#changes = changes;
    const visits = [
      ...this.#underWay,
      ...planVisits(this.#parts.traffic, from, this.store.minutes, (minute) => this.#countTimes(minute)),
    ];
    this.#underWay = visits.flatMap((visit) => this.#visit(visit) ?? []);
    for (let minute = from; minute < this.store.minutes; minute += 1) this.#runMinute(minute);
  }

  #listChanges(minute: number): readonly Change[] {
    return this.#changes.filter(
      ({ from = 0, to = Number.POSITIVE_INFINITY }) => minute >= beginning + from && minute < beginning + to,
    );
  }

  #countTimes(minute: number): number {
    return this.#listChanges(minute).reduce(
      (times, each) => times * ('traffic' in each ? each.traffic : 1),
      1,
    );
  }

  /** @returns the steps after the last minute, if there are any */
  #visit(visit: PlannedVisit): PlannedVisit | undefined {
    const { recordings } = this.#parts;
    for (const [index, { step, minute }] of visit.steps.entries()) {
      if (minute >= this.store.minutes) return { ...visit, steps: visit.steps.slice(index) };
      const changes = this.#listChanges(minute);
      let kind = step === 'logout-token' ? 'logout-token' : visit.kind;
      for (const change of changes) {
        if (step !== 'logout-token' && 'users' in change && concerns(change, visit)) kind = change.users;
        if (step === 'logout-token' && 'logoutTokens' in change) kind = change.logoutTokens;
      }
      const recorded = recordings[kind]?.find((each) => each.step === step);
      if (recorded === undefined) continue;
      const given = this.#writer.write(recorded, { minute, changes, lot: visit.lot, times: 1 });
      const passed = given.length > 0 && given.every(({ status }) => status < 400);
      // Who does not get to One Login does not come back, and who is not signed in has nothing to do here.
      if (!passed && (step === 'start' || step === 'return')) return undefined;
    }
    return undefined;
  }

  #runMinute(minute: number): void {
    const changes = this.#listChanges(minute);
    for (const [name, every, offset] of schedules) {
      if (minute % every === offset) this.#runSchedule(name, minute, changes);
    }
    // Programs that look for weaknesses, and pages that were left open, are always there.
    if (minute % 4 === 0) this.#makeVisits('unknown-page', minute, changes, 1);
    if (minute % 5 === 3) this.#makeVisits('nobody-asks', minute, changes, 1);
    if (minute % 9 === 5) this.#makeVisits('session-over', minute, changes, 1);
    for (const change of changes) {
      if ('strangers' in change) {
        this.#makeVisits(
          change.strangers,
          minute,
          changes,
          drawCount(change.perMinute, this.#random),
          change.step,
        );
      }
      if (!('metric' in change)) continue;
      if (change.metric === 'foreign-signatures') {
        this.store.add(minute, this.#parts.deployment.foreignSignatures, change.value);
      } else this.#writer.writeOwn(change.metric, change.value, minute);
    }
  }

  #makeVisits(name: string, minute: number, changes: readonly Change[], times: number, only?: string): void {
    if (times === 0) return;
    for (const step of this.#findRecording(name)) {
      if (only !== undefined && step.step !== only) continue;
      this.#writer.write(step, { minute, changes, lot: this.#random(), times });
    }
  }

  #runSchedule(name: ScheduleName, minute: number, changes: readonly Change[]): void {
    const context = { minute, changes, lot: this.#random(), times: 1 };
    const isDue = minute - (this.#fetched.get(name) ?? -freshMinutes) >= freshMinutes;
    const change = changes.findLast(
      (each): each is Change & ScheduleChange =>
        'schedule' in each && each.schedule === name && (isDue || each.whenDue !== true),
    );
    if (change !== undefined && change.becomes === undefined) return;
    const [step] = this.#findRecording(change?.becomes ?? name);
    if (step === undefined) return;
    if (name === 'canary') this.#runCanary(step, context);
    else if (documents[name] === undefined) this.#writer.write(step, context);
    else {
      if (isDue && change === undefined) this.#fetched.set(name, minute);
      const age = (minute - (this.#fetched.get(name) ?? 0)) * 60;
      const ages = documents[name].map((document) => [`document_age document=${document}`, [age]] as const);
      this.#writer.write({ ...step, metrics: { ...step.metrics, ...Object.fromEntries(ages) } }, context);
    }
  }

  /** The canary finds everything that a change does to the responses that it gets. */
  #runCanary(step: RecordedStep, context: StepContext): void {
    const given = this.#writer.write(step, context);
    const failed = new Set(
      step.answers
        .filter((answer) => !given.includes(answer))
        .map(({ route }) => canarySteps.find(([pattern]) => pattern.test(route))?.[1]),
    );
    const keysAreLate = context.changes.some(
      (change) => 'slow' in change && change.slow === 'our-keys' && (change.plus ?? 0) >= keysInTime,
    );
    if (failed.size > 0) this.#writer.writeOwn('canary_failed', 1, context.minute);
    for (const each of failed) this.#writer.writeOwn(`canary_step_failed step=${each}`, 1, context.minute);
    if (keysAreLate) this.#writer.writeOwn('canary_step_failed step=jwks_in_time', 1, context.minute);
    const change = context.changes.find((each) => 'certificateDays' in each);
    this.#writer.writeOwn(
      'certificate_days',
      change?.certificateDays ?? usualCertificateDays,
      context.minute,
    );
  }

  #findRecording(name: string): readonly RecordedStep[] {
    const steps = this.#parts.recordings[name];
    if (steps === undefined) throw new Error(`there is no recording ${name}`);
    return steps;
  }
}

/** Whether a change of users concerns a visit. */
function concerns(change: Extract<Change, { readonly users: string }>, { kind, lot }: PlannedVisit): boolean {
  const provesIdentity = kind.startsWith('identity');
  if (change.only !== undefined && (change.only === 'identity') !== provesIdentity) return false;
  // Those who do not come back from One Login never get to see what changed.
  return concernsLot(change, lot);
}
