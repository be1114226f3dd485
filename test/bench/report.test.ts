import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { compareWithGoals } from '../../bench/goals.ts';
import { flatGrowth } from '../../bench/parts/memory.ts';
import { drawBars } from '../../bench/report/draw-bars.ts';
import { formatResults } from '../../bench/report/format-results.ts';
import { renderPage, resultsFile } from '../../bench/report/write-page.ts';
import { type BenchResults, usualAmounts } from '../../bench/run-bench.ts';
import { findSlope, percentile } from '../../bench/statistics.ts';

const published: BenchResults = JSON.parse(readFileSync(resultsFile, 'utf8'));
const { machine } = published;

describe('the page about performance', () => {
  test('has the figures and pictures of the results beside it', () => {
    for (const [file, contents] of renderPage(published)) expect(readFileSync(file, 'utf8')).toBe(contents);
  });

  test('has a row for each goal', () => {
    expect(published.machine.sharesCpu).toBe(true);
    expect(compareWithGoals(published)).toHaveLength(40);
  });
});

describe('the results', () => {
  test('leave out what was not measured', () => {
    const text = formatResults({ machine, calls: { userinfo: { calls: ['GetItem'], floor: 1 } } });
    expect(text).toContain('| userinfo |      1 |    1 | GetItem |');
    expect(text.match(/^## .*$/gm)).toEqual(['## Calls']);
  });

  test('show when this user could not limit CPU shares', () => {
    expect(formatResults({ machine: { ...machine, sharesCpu: false } })).toContain('can’t limit CPU shares');
    expect(formatResults({ machine: { ...machine, sharesCpu: true } })).not.toContain('CPU shares');
  });
});

describe('a heap', () => {
  const grow = (growth: number) =>
    formatResults({ machine, memory: { login: { invocations: 20, heap: [9], growth, process: 100 } } });

  test('is flat when it grows by less than the limit', () => {
    expect(grow(flatGrowth - 1)).toMatch(/\| login .*\| yes /);
    expect(grow(flatGrowth)).toMatch(/\| login .*\| no /);
  });
});

describe('a 99th percentile with a goal', () => {
  test('comes from at least 300 pairs', () => {
    const { latency, roundsForP99 } = usualAmounts;
    expect((roundsForP99['callback'] ?? 0) * latency.deployed.pairs).toBeGreaterThanOrEqual(300);
  });
});

describe('a goal', () => {
  const logout = (count: number) => ({
    machine,
    calls: { logout: { calls: Array.from({ length: count }, () => 'DeleteItem'), floor: 1 } },
  });

  test('is reached at its limit, and not above it', () => {
    expect(compareWithGoals(logout(1))).toMatchObject([{ limit: 1, measured: 1, reached: true }]);
    expect(compareWithGoals(logout(3))).toMatchObject([{ limit: 1, measured: 3, reached: false }]);
  });

  test('of cost also stands for users that a service remembers, if that was estimated', () => {
    const cost = { currency: 'USD', signIns: 1_000_000, lines: {}, traffic: 139.71, total: 199.04 };
    expect(compareWithGoals({ machine, cost })).toHaveLength(1);
    const remembered = { '2 minutes': 75.01, '3 minutes': 75 };
    expect(compareWithGoals({ machine, cost: { ...cost, remembered } })).toMatchObject([
      { limit: 140, reached: true },
      { limit: 75, reached: false },
      { limit: 75, reached: true },
    ]);
  });

  test('that is missed is shown with how far off it is', () => {
    expect(formatResults(logout(3))).toMatch(/\| calls \| +1 \| +3\(\+2\) \|/);
  });
});

describe('a bar chart', () => {
  const chart = {
    title: 'Bytes < of all',
    legend: ['ours', 'theirs'],
    unit: 'KB',
    bars: [
      { label: 'login & more', parts: [10, 30] },
      { label: 'callback', parts: [20, 60] },
    ],
  };

  test('names itself, its parts, and each bar with its sum', () => {
    const svg = drawBars(chart);
    expect(svg).toContain('role="img"');
    expect(svg).toContain('<title>Bytes &lt; of all</title>');
    for (const text of ['ours', 'theirs', 'login &amp; more', '40 KB', '80 KB'])
      expect(svg).toContain(`>${text}</text>`);
  });

  test('has the longest bar fill its width, and the others in proportion', () => {
    const widths = [...drawBars(chart).matchAll(/width="([\d.]+)" height="16"/g)].map(([, width]) =>
      Number(width),
    );
    expect(widths).toEqual([52.5, 157.5, 105, 315]);
  });
});

describe('the statistics', () => {
  test('find the value that is not below that part of all', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(percentile(values, 0.5)).toBe(50);
    expect(percentile(values, 0.99)).toBe(99);
  });

  test('find by how much values grow', () => {
    expect(findSlope([5, 7, 9, 11])).toBe(2);
    expect(findSlope([5, 5, 5])).toBe(0);
  });
});
