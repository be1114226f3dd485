import type { MetricKey, MetricStore } from './cloudwatch/metric-store.ts';
import type { WatchedDeployment } from './deployment.ts';
import type { Change } from './incident.ts';
import { drawTime, type Random } from './random.ts';
import type { RecordedAnswer, RecordedStep } from './recording.ts';

/** When and for whom a step is made. */
export interface StepContext {
  readonly minute: number;
  /** The changes of this minute. */
  readonly changes: readonly Change[];
  /** From 0 up to 1: which users a change concerns. */
  readonly lot: number;
  /** How often the step is made. */
  readonly times: number;
}

/** How long functions usually take, in milliseconds. */
const durations: Readonly<Record<string, number>> = {
  login: 110,
  callback: 600,
  userinfo: 30,
  logout: 50,
  'backchannel-logout': 60,
  authorizer: 30,
  canary: 1_500,
  'refresh-jwks': 250,
  'refresh-did': 200,
  'collect-audit': 20,
};

/** How long API Gateway takes for our keys, and in addition to a function. */
const gatewayMilliseconds = 15;

/** Functions that nobody calls through the API end after this many milliseconds when they crash. */
const crashMilliseconds = 40;

/** Writes the metrics of recorded steps: those of the logs, and what AWS would have counted. */
export class StepWriter {
  readonly #deployment: WatchedDeployment;
  readonly #store: MetricStore;
  readonly #random: Random;
  readonly #keys: Map<string, MetricKey>;

  /** @param keys names of metrics that are known already; writers of the same deployment share them */
  constructor(
    deployment: WatchedDeployment,
    store: MetricStore,
    random: Random,
    keys: Map<string, MetricKey>,
  ) {
    this.#deployment = deployment;
    this.#store = store;
    this.#random = random;
    this.#keys = keys;
  }

  /** @returns the answers that came as recorded; without them all, the step's log lines are missing */
  write(step: RecordedStep, context: StepContext): readonly RecordedAnswer[] {
    const { minute, changes, times } = context;
    const given = step.answers.filter((answer) => this.#answer(answer, context));
    for (const [name, outcome] of Object.entries(step.runs ?? {})) {
      this.#invoke(name, Number(outcome === 'failed'), context);
    }
    if (given.length < step.answers.length) return given;
    for (const [name, values] of Object.entries(step.metrics)) {
      for (const value of values) this.writeOwn(name, value, minute, times);
    }
    if (step.audit > 0) this.#collect(step.audit, context, changes);
    return given;
  }

  /** Writes a metric of the functions. */
  writeOwn(name: string, value: number, minute: number, times = 1): void {
    this.#add(
      this.#key(name, () => this.#deployment.ownMetric(name)),
      value,
      minute,
      times,
    );
  }

  /** @returns whether the answer came as recorded */
  #answer(answer: RecordedAnswer, context: StepContext): boolean {
    const { route, function: name } = answer;
    for (const change of context.changes) {
      if (!concernsLot(change, context.lot)) continue;
      if ('gateway' in change && (change.route?.test(route) ?? true)) {
        if (change.inFront !== true) this.#count(route, change.gateway, gatewayMilliseconds, context);
        return false;
      }
      if (!('function' in change) || change.function !== name) continue;
      if (change.fails === 'throttled') this.#addFunction(name, 'Throttles', 1, context);
      else this.#invoke(name, 1, context);
      // What API Gateway makes of both.
      this.#count(route, change.fails === 'throttled' ? 500 : 502, crashMilliseconds, context);
      return false;
    }
    // Lambda counts "nobody is signed in" as an error, because API Gateway requires one for it.
    const failed = Number(name === 'authorizer' && answer.status === 401);
    const duration =
      name === undefined ? this.#drawDuration('our-keys', context) : this.#invoke(name, failed, context);
    this.#count(route, answer.status, duration + gatewayMilliseconds, context);
    return true;
  }

  /** @returns the duration in milliseconds */
  #invoke(name: string, errors: number, context: StepContext): number {
    const duration = this.#drawDuration(name, context);
    this.#addFunction(name, 'Invocations', 1, context);
    this.#addFunction(name, 'Errors', errors, context);
    this.#addFunction(name, 'Throttles', 0, context);
    this.#addFunction(name, 'Duration', duration, context);
    return duration;
  }

  #drawDuration(name: string, { changes, lot }: StepContext): number {
    // One in fifty waits for a new instance.
    let duration =
      drawTime(durations[name] ?? gatewayMilliseconds, 0.4, this.#random) + (this.#random() < 0.02 ? 400 : 0);
    for (const change of changes) {
      if ('slow' in change && change.slow === name && concernsLot(change, lot)) {
        duration = duration * (change.times ?? 1) + (change.plus ?? 0);
      }
    }
    return duration;
  }

  /** What API Gateway counts of an answer, for the stage and for the route. */
  #count(route: string, status: number, latency: number, { minute, times }: StepContext): void {
    const values: readonly (readonly [string, number])[] = [
      ['Count', 1],
      ['4XXError', Number(status >= 400 && status < 500)],
      ['5XXError', Number(status >= 500)],
      ['Latency', latency],
    ];
    for (const [metric, value] of values) {
      this.#add(
        this.#key(metric, () => this.#deployment.apiMetric(metric)),
        value,
        minute,
        times,
      );
      const ofRoute = this.#key(`${metric} ${route}`, () => this.#deployment.apiMetric(metric, route));
      this.#add(ofRoute, value, minute, times);
    }
  }

  #collect(lines: number, context: StepContext, changes: readonly Change[]): void {
    let outcome: 'fails' | 'silent' | 'throttled' | 'works' = 'works';
    for (const change of changes) if ('collector' in change) outcome = change.collector;
    if (outcome === 'silent') return;
    const each = { ...context, times: context.times * lines };
    if (outcome === 'throttled') this.#addFunction('collect-audit', 'Throttles', 1, each);
    else this.#invoke('collect-audit', Number(outcome === 'fails'), each);
  }

  #addFunction(name: string, metric: string, value: number, { minute, times }: StepContext): void {
    const key = this.#key(`${name}:${metric}`, () => this.#deployment.functionMetric(name, metric));
    this.#add(key, value, minute, times);
  }

  #add(key: MetricKey, value: number, minute: number, times: number): void {
    this.#store.add(minute, key, value, times);
  }

  #key(name: string, create: () => MetricKey): MetricKey {
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    const key = create();
    this.#keys.set(name, key);
    return key;
  }
}

/** Whether a change concerns a user. */
export function concernsLot(change: Change, lot: number): boolean {
  return !('share' in change) || change.share === undefined || lot < change.share;
}
