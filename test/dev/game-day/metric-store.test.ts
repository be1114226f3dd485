import { describe, expect, it } from '@jest/globals';
import { MetricStore, nameMetric } from '../../../dev/game-day/cloudwatch/metric-store.ts';

const missing = Number.NaN;
const metric = nameMetric('AWS/Lambda', 'Duration', { FunctionName: 'callback' });

/** Six minutes; nothing happens in the first, the fourth and the fifth. */
function read(statistic: string, periodMinutes: number): readonly number[] {
  const view = { metric, statistic, periodMinutes };
  const store = MetricStore.create(6, [view]);
  store.add(1, metric, 10);
  store.add(1, metric, 30);
  store.add(2, metric, 5, 3);
  store.add(5, metric, 1);
  return [...store.read(view)];
}

describe('a statistic over a sliding window', () => {
  it.each([
    ['Sum', 1, [missing, 40, 15, missing, missing, 1]],
    ['Sum', 2, [missing, 40, 55, 15, missing, 1]],
    ['Sum', 60, [missing, 40, 55, 55, 55, 56]],
    ['SampleCount', 2, [missing, 2, 5, 3, missing, 1]],
    ['Average', 2, [missing, 20, 11, 5, missing, 1]],
    ['Minimum', 2, [missing, 10, 5, 5, missing, 1]],
    ['Maximum', 2, [missing, 30, 30, 5, missing, 1]],
    ['p50', 2, [missing, 10, 5, 5, missing, 1]],
    ['p90', 2, [missing, 30, 30, 5, missing, 1]],
    ['p90', 60, [missing, 30, 30, 30, 30, 30]],
  ])('%s of %i minutes is missing where no minute has a value', (statistic, periodMinutes, expected) => {
    expect(read(statistic, periodMinutes)).toEqual(expected);
  });

  it('is refused when the game day does not have it', () => {
    expect(() => read('TM99', 5)).toThrow('the statistic TM99 is unknown');
  });
});

describe('a store of metrics', () => {
  const view = { metric, statistic: 'Sum', periodMinutes: 1 };

  it('leaves out values without a reader, and refuses reads that were not announced', () => {
    const store = MetricStore.create(1, [view]);
    store.add(0, 'other', 1);

    expect(() => store.read({ ...view, metric: 'other' })).toThrow('no caller announced that it reads other');
  });

  it('goes on in a copy, and does not change itself', () => {
    const store = MetricStore.create(1, [view]);
    store.add(0, metric, 1);
    const longer = store.extend(3);
    longer.add(2, metric, 2);

    expect([...longer.read(view)]).toEqual([1, missing, 2]);
    expect([...store.read(view)]).toEqual([1]);
    expect([store.isWritten(metric), MetricStore.create(1, [view]).isWritten(metric)]).toEqual([true, false]);
  });

  it('finds a metric whatever the order of its dimensions', () => {
    expect(nameMetric('OneLogin', 'refused', { deployment: 'a', fault: 'aws' })).toBe(
      nameMetric('OneLogin', 'refused', { fault: 'aws', deployment: 'a' }),
    );
  });
});
