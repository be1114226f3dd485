import type { Series } from './metric-math.ts';

/** A metric with its dimensions, see {@link nameMetric}. */
export type MetricKey = string;

/** One view of a metric. */
export interface MetricView {
  readonly metric: MetricKey;
  /** Such as `Sum` or `p90`. */
  readonly statistic: string;
  readonly periodMinutes: number;
}

/** @returns the same name for the same metric, whatever the order of its dimensions */
export function nameMetric(
  namespace: string,
  name: string,
  dimensions: Readonly<Record<string, string>>,
): MetricKey {
  const sorted = Object.keys(dimensions).sort();
  return `${namespace} ${name} ${sorted.map((each) => `${each}=${dimensions[each]}`).join(' ')}`;
}

interface Values {
  readonly sum: Float64Array;
  readonly count: Float64Array;
  readonly least: Float64Array;
  readonly most: Float64Array;
  /** The values of each minute, each with how often it occurred. Only for metrics with a percentile. */
  readonly all: (number[] | undefined)[] | undefined;
}

/** The values of metrics, minute by minute, as CloudWatch stores them. It keeps only those that have a reader. */
export class MetricStore {
  readonly minutes: number;
  readonly #values: ReadonlyMap<MetricKey, Values>;
  readonly #views = new Map<string, Series>();

  private constructor(minutes: number, values: ReadonlyMap<MetricKey, Values>) {
    this.minutes = minutes;
    this.#values = values;
  }

  /** @param views those that will be read */
  static create(minutes: number, views: readonly MetricView[]): MetricStore {
    const withPercentile = new Set(
      views.flatMap(({ metric, statistic }) => (/^p/.test(statistic) ? metric : [])),
    );
    const metrics = new Set(views.map(({ metric }) => metric));
    const create = (metric: MetricKey): Values => ({
      sum: new Float64Array(minutes),
      count: new Float64Array(minutes),
      least: new Float64Array(minutes).fill(Number.POSITIVE_INFINITY),
      most: new Float64Array(minutes).fill(Number.NEGATIVE_INFINITY),
      all: withPercentile.has(metric) ? new Array(minutes) : undefined,
    });
    return new MetricStore(minutes, new Map([...metrics].map((metric) => [metric, create(metric)])));
  }

  /** @returns a copy with more minutes. Values of the minutes so far must not be added to either any more */
  extend(minutes: number): MetricStore {
    const extendArray = (array: Float64Array, filler: number) => {
      const longer = new Float64Array(minutes).fill(filler, this.minutes);
      longer.set(array);
      return longer;
    };
    const copy = ({ sum, count, least, most, all }: Values): Values => ({
      sum: extendArray(sum, 0),
      count: extendArray(count, 0),
      least: extendArray(least, Number.POSITIVE_INFINITY),
      most: extendArray(most, Number.NEGATIVE_INFINITY),
      all: all && [...all],
    });
    return new MetricStore(
      minutes,
      new Map([...this.#values].map(([metric, values]) => [metric, copy(values)])),
    );
  }

  /** Whether a metric has a value. */
  isWritten(metric: MetricKey): boolean {
    return this.#values.get(metric)?.count.some((each) => each > 0) ?? false;
  }

  /** @param times how often the value occurred in that minute */
  add(minute: number, metric: MetricKey, value: number, times = 1): void {
    const values = this.#values.get(metric);
    if (values === undefined || minute < 0 || minute >= this.minutes || times === 0) return;
    const { sum, count, least, most, all } = values;
    sum[minute] = (sum[minute] ?? 0) + value * times;
    count[minute] = (count[minute] ?? 0) + times;
    least[minute] = Math.min(least[minute] ?? 0, value);
    most[minute] = Math.max(most[minute] ?? 0, value);
    if (all === undefined) return;
    const own = all[minute] ?? [];
    all[minute] = own;
    own.push(value, times);
  }

  /** @returns the data point of the period that ends with each minute; the window slides by a minute */
  read(view: MetricView): Series {
    const key = `${view.metric} ${view.statistic} ${view.periodMinutes}`;
    const known = this.#views.get(key);
    if (known !== undefined) return known;
    const values = this.#values.get(view.metric);
    if (values === undefined) throw new Error(`no caller announced that it reads ${view.metric}`);
    const series = this.#aggregate(values, view);
    this.#views.set(key, series);
    return series;
  }

  #aggregate(values: Values, { statistic, periodMinutes }: MetricView): Series {
    const counts = slideSum(values.count, periodMinutes);
    const onlyWithData = (calculate: (minute: number) => number) =>
      counts.map((count, minute) => (count === 0 ? Number.NaN : calculate(minute)));
    const sums = () => slideSum(values.sum, periodMinutes);
    switch (statistic) {
      case 'SampleCount':
        return onlyWithData((minute) => counts[minute] ?? 0);
      case 'Sum': {
        const sum = sums();
        return onlyWithData((minute) => sum[minute] ?? 0);
      }
      case 'Average': {
        const sum = sums();
        return onlyWithData((minute) => (sum[minute] ?? 0) / (counts[minute] ?? 1));
      }
      case 'Minimum':
        return onlyWithData((minute) => slideOver(values.least, minute, periodMinutes, Math.min));
      case 'Maximum':
        return onlyWithData((minute) => slideOver(values.most, minute, periodMinutes, Math.max));
      default: {
        const percent = Number(/^p(\d+(?:\.\d+)?)$/.exec(statistic)?.[1]);
        if (Number.isNaN(percent)) throw new Error(`the statistic ${statistic} is unknown`);
        return slidePercentile(values.all ?? [], this.minutes, periodMinutes, percent);
      }
    }
  }
}

function slideSum(values: Float64Array, length: number): Float64Array {
  const result = new Float64Array(values.length);
  let sum = 0;
  for (let minute = 0; minute < values.length; minute += 1) {
    sum += (values[minute] ?? 0) - (values[minute - length] ?? 0);
    // What is left of a sum of fractions is no value.
    result[minute] = Math.abs(sum) < 1e-9 ? 0 : sum;
  }
  return result;
}

function slideOver(
  values: Float64Array,
  minute: number,
  length: number,
  choose: (left: number, right: number) => number,
): number {
  let chosen = values[minute] ?? 0;
  for (let past = Math.max(0, minute - length + 1); past < minute; past += 1) {
    chosen = choose(chosen, values[past] ?? 0);
  }
  return chosen;
}

/** Keeps the values of the window sorted, as sorting them anew each minute would take most of the time. */
function slidePercentile(
  all: readonly (readonly number[] | undefined)[],
  minutes: number,
  length: number,
  percent: number,
): Series {
  const result = new Float64Array(minutes).fill(Number.NaN);
  const sorted: { value: number; times: number }[] = [];
  let total = 0;
  const change = (pairs: readonly number[] | undefined, sign: 1 | -1) => {
    for (let index = 0; index < (pairs?.length ?? 0); index += 2) {
      const [value = 0, times = 0] = [pairs?.[index], pairs?.[index + 1]];
      let place = sorted.findIndex((entry) => entry.value >= value);
      if (place < 0) place = sorted.length;
      const entry = sorted[place];
      total += sign * times;
      if (entry?.value !== value) sorted.splice(place, 0, { value, times });
      else entry.times += sign * times;
      if (sorted[place]?.times === 0) sorted.splice(place, 1);
    }
  };
  for (let minute = 0; minute < minutes; minute += 1) {
    change(all[minute], 1);
    change(all[minute - length], -1);
    result[minute] = findRank(sorted, Math.ceil((total * percent) / 100));
  }
  return result;
}

function findRank(
  sorted: readonly { readonly value: number; readonly times: number }[],
  rank: number,
): number {
  let left = rank;
  for (const { value, times } of sorted) {
    left -= times;
    if (left <= 0) return value;
  }
  return Number.NaN;
}
