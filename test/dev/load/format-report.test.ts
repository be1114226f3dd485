import { describe, expect, it } from '@jest/globals';
import { formatReport, isGood } from '../../../dev/load/format-report.ts';
import { measureSlope } from '../../../dev/load/sample-memory.ts';

/** Samples of one a minute. */
const memory = (...values: readonly number[]) => values.map((megabytes, minutes) => ({ minutes, megabytes }));

const report = {
  users: 2,
  visits: 100,
  seconds: 12,
  times: new Map([
    ['GET /auth/userinfo', Array.from({ length: 200 }, (_, index) => 200 - index)],
    ['GET /auth/callback', [7]],
  ]),
  errors: new Map<string, number>(),
  memory: memory(100, 200, 300, 400, 500, 504, 508, 512, 516, 520),
};

describe('the report of a load', () => {
  it('has the percentiles of each route, the visits a second and the memory', () => {
    expect(formatReport(report)).toBe(
      `
100 visits of 2 users in 12 s: 8.3 visits a second

milliseconds        requests  p50  p95  p99  longest
GET /auth/callback         1    7    7    7        7
GET /auth/userinfo       200  100  190  198      200

memory: 520 MB at the end, at most 520 MB
pass  memory is flat: a visit of the second half leaves 8.2 KB (4.0 MB a minute)
pass  0 of 100 visits went wrong`.trim(),
    );
  });

  it('names each error and how often it occurred', () => {
    const errors = new Map([
      ['Error: a', 2],
      ['Error: b', 1],
    ]);
    const lines = formatReport({ ...report, errors, memory: [] }).split('\n');
    expect(isGood({ ...report, errors })).toBe(false);
    expect(lines.slice(-4)).toEqual([
      'memory: not measured',
      'FAIL  2 times: Error: a',
      'FAIL  1 times: Error: b',
      'FAIL  3 of 100 visits went wrong',
    ]);
  });
});

describe('the memory of a load', () => {
  it('is judged by the second half, in which every function has started', () => {
    expect(measureSlope(memory(0, 1000, 900, 700, 700, 700))).toBe(0);
  });

  it('has the slope that fits samples best that go up and down', () => {
    expect(measureSlope(memory(0, 0, 0, 0, 10, 8, 12, 10))).toBeCloseTo(0.4);
  });

  it.each([
    [4.8, true, 'pass  memory is flat: a visit of the second half leaves 9.8 KB (4.8 MB a minute)'],
    [
      4.9,
      false,
      'FAIL  memory grows: a visit of the second half leaves 10.0 KB (4.9 MB a minute), more than 10',
    ],
  ])('may grow by 10 KB a visit: with %f MB a minute it is %j', (growth, good, line) => {
    const grown = {
      ...report,
      memory: memory(...Array.from({ length: 10 }, (_, minute) => minute * growth)),
    };
    expect(isGood(grown)).toBe(good);
    expect(formatReport(grown).split('\n')).toContain(line);
  });

  it('is not judged before nine minutes', () => {
    const short = { ...report, memory: memory(0, 100, 200, 300, 400, 500, 600, 700, 800) };
    expect(isGood(short)).toBe(true);
    expect(formatReport(short)).toContain(
      'memory is judged after 9 minutes: a visit of the second half leaves 204.8 KB',
    );
  });
});
