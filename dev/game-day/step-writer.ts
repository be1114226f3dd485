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
  canary: 1_500,
  'refresh-jwks': 250,
  'refresh-did': 200,
  'collect-audit': 20,
};

/** How long the others take: authorizers, and API Gateway itself, for our keys and in addition to a function. */
const fewMilliseconds = 20;

/** The names of metrics, each built once: there are a million values. */
export class MetricKeys {
  readonly #owners = new Map<string, (metric: string) => MetricKey>();

  /** @returns a function from a metric of the owner to its key */
  get(owner: string, build: (metric: string) => MetricKey): (metric: string) => MetricKey {
    const known = this.#owners.get(owner);
    if (known !== undefined) return known;
    const keys = new Map<string, MetricKey>();
    const find = (metric: string) => {
      const key = keys.get(metric) ?? build(metric);
      keys.set(metric, key);
      return key;
    };
    this.#owners.set(owner, find);
    return find;
  }
}

/** Writes the metrics of recorded steps: those of the logs, and what AWS would have counted. */
export class StepWriter {
  readonly #deployment: WatchedDeployment;
  readonly #store: MetricStore;
  readonly #random: Random;
  readonly #keys: MetricKeys;

  /** @param keys that writers of the same deployment share */
  constructor(deployment: WatchedDeployment, store: MetricStore, random: Random, keys: MetricKeys) {
    this.#deployment = deployment;
    this.#store = store;
    this.#random = random;
    this.#keys = keys;
  }

  /** @returns the responses that came as recorded. Unless all came, the step's log lines are missing */
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
    const key = this.#keys.get('own', (each) => this.#deployment.ownMetric(each))(name);
    this.#store.add(minute, key, value, times);
  }

  /** @returns whether the response came as recorded */
  #answer(answer: RecordedAnswer, context: StepContext): boolean {
    const { route, function: name } = answer;
    for (const change of context.changes) {
      if (!concernsLot(change, context.lot)) continue;
      if ('gateway' in change && isOurs(route) && (change.route?.test(route) ?? true)) {
        if (change.inFront !== true) this.#count(route, change.gateway, fewMilliseconds, context);
        return false;
      }
      if (!('function' in change) || change.function !== name) continue;
      if (change.fails === 'throttled') this.#addFunction(name, 'Throttles', 1, context);
      else this.#invoke(name, 1, context);
      // What API Gateway makes of both.
      this.#count(route, change.fails === 'throttled' ? 500 : 502, fewMilliseconds, context);
      return false;
    }
    // Lambda counts "not signed in" as an error, because API Gateway requires one for it.
    const failed = Number(!isOurs(route) && answer.status === 401);
    const duration =
      name === undefined
        ? this.#drawDuration(route.endsWith('/jwks.json') ? 'our-keys' : 'gateway', context)
        : // The canary's HEAD calls no service, so it waits for none.
          this.#invoke(name, failed, route.startsWith('HEAD') ? { ...context, changes: [] } : context);
    this.#count(route, answer.status, duration + fewMilliseconds, context);
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
      drawTime(durations[name] ?? fewMilliseconds, 0.4, this.#random) + (this.#random() < 0.02 ? 400 : 0);
    for (const change of changes) {
      if ('slow' in change && change.slow === name && concernsLot(change, lot)) {
        duration = duration * (change.times ?? 1) + (change.plus ?? 0);
      }
    }
    return duration;
  }

  /** What API Gateway counts of a response, for the stage and for the route. */
  #count(route: string, status: number, latency: number, { minute, times }: StepContext): void {
    if (!isOurs(route)) return;
    for (const part of [undefined, route]) {
      const metric = this.#keys.get(part ?? 'api', (name) => this.#deployment.apiMetric(name, part));
      this.#store.add(minute, metric('Count'), 1, times);
      this.#store.add(minute, metric('4XXError'), Number(status >= 400 && status < 500), times);
      this.#store.add(minute, metric('5XXError'), Number(status >= 500), times);
      this.#store.add(minute, metric('Latency'), latency, times);
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
    const key = this.#keys.get(name, (each) => this.#deployment.functionMetric(name, each))(metric);
    this.#store.add(minute, key, value, times);
  }
}

/** Whether a route is of our API. The others are of the service's own, which calls our authorizers. */
function isOurs(route: string): boolean {
  return !route.includes(' /api/');
}

/** Whether a change concerns a user. */
export function concernsLot(change: Change, lot: number): boolean {
  return !('share' in change) || change.share === undefined || lot < change.share;
}
