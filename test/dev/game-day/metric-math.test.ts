import { describe, expect, it } from '@jest/globals';
import { parseExpression } from '../../../dev/game-day/cloudwatch/metric-math.ts';

const missing = Number.NaN;

function evaluate(text: string, series: Readonly<Record<string, readonly number[]>>): readonly number[] {
  return [...parseExpression(text).evaluate((id) => Float64Array.from(series[id] ?? []))];
}

describe('an expression of metric math', () => {
  it.each([
    ['1 + 2 * a', { a: [3] }, [7]],
    ['(1 + 2) * a', { a: [3] }, [9]],
    ['a - 1 - 1', { a: [3] }, [1]],
    ['100 * a / b', { a: [1, 1], b: [4, 5] }, [25, 20]],
    ['a >= 3 AND b < 1', { a: [3, 3, 2], b: [0, 1, 0] }, [1, 0, 0]],
    ['a >= 3 && b < 1 || a == 0', { a: [3, 0, 2], b: [0, 1, 0] }, [1, 1, 0]],
    ['a != 1 OR a <= 1', { a: [1, 2] }, [1, 1]],
  ])('%s has the value that mathematics has', (text, series, expected) => {
    expect(evaluate(text, series)).toEqual(expected);
  });

  it('has a data point only where both sides of an operator have one', () => {
    expect(evaluate('a + b', { a: [1, missing, 1], b: [1, 1, missing] })).toEqual([2, missing, missing]);
    expect(evaluate('a < 1', { a: [0, missing] })).toEqual([1, missing]);
    expect(evaluate('a < 1 OR b < 1', { a: [0, 0], b: [missing, 0] })).toEqual([missing, 1]);
  });

  it('has no data point for a division by zero', () => {
    expect(evaluate('1 / a', { a: [0, 2] })).toEqual([missing, 0.5]);
  });

  it('fills gaps with FILL', () => {
    expect(evaluate('FILL(a, 0) + FILL(b, 7)', { a: [1, missing], b: [missing, missing] })).toEqual([8, 7]);
  });

  it('has no data point where the condition of an IF without a third argument is false', () => {
    expect(evaluate('IF(a > 3, b)', { a: [5, 1, 4], b: [7, 7, missing] })).toEqual([7, missing, missing]);
  });

  it('reads only the branch of IF that is taken, and needs a condition', () => {
    const series = { a: [5, 1, missing], b: [missing, missing, 1], c: [1, 2, 3] };

    expect(evaluate('IF(a > 3, c, b)', series)).toEqual([1, missing, missing]);
    expect(evaluate('IF(a > 3, 100 * c / 0, 0)', series)).toEqual([missing, 0, missing]);
  });

  it('lists the metrics that it reads', () => {
    expect(parseExpression('IF(a > 3, b, FILL(c, 0))').ids).toEqual(['a', 'b', 'c']);
  });

  it.each([
    ['RATE(a)', 'the function RATE is unknown'],
    ["SEARCH('x', 'Sum', 300)", "unexpected 'x'"],
    ['FILL(a, REPEAT)', 'the function REPEAT is unknown'],
    ['FILL(a, b)', 'FILL takes a number'],
    ['IF(a)', 'IF takes 2 or 3 arguments'],
    ['a ^ 2', 'unexpected ^ 2'],
    ['a +', 'expected more, found the end'],
    ['a b', 'unexpected b'],
    ['(a', 'expected ), found the end'],
  ])('%s is refused, because the game day does not understand it', (text, message) => {
    expect(() => parseExpression(text)).toThrow(`metric math: ${message}`);
  });

  it('is refused without a metric, which gives no time series', () => {
    expect(() => evaluate('1 + 1', {})).toThrow('no time series');
  });
});
