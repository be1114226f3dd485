/** The median and the spread of a measure, in its unit. */
export interface Summary {
  readonly p50: number;
  readonly p99: number;
  readonly runs: number;
}

/** The smallest of the values that is not below that part of them. @param part 0.5 for the median */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(part * sorted.length) - 1] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

export function summarise(values: readonly number[]): Summary {
  return { p50: round(median(values)), p99: round(percentile(values, 0.99)), runs: values.length };
}

/** The smallest and the largest of the rounds. */
export function findSpread(values: readonly number[]): readonly [number, number] {
  return [round(Math.min(...values)), round(Math.max(...values))];
}

/** Keeps three decimal places: more would be noise. */
export function round(value: number): number {
  return Number(value.toFixed(3));
}

/** By how much the values grow from one to the next: the slope of the line with the least squares. */
export function findSlope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const product = values.reduce((sum, value, index) => sum + (index - middle) * (value - mean), 0);
  const squares = values.reduce((sum, _value, index) => sum + (index - middle) ** 2, 0);
  return product / squares;
}
