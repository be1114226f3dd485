import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { countCalls } from '../../bench/parts/calls.ts';
import { cpuSteps, measureCpu } from '../../bench/parts/cpu.ts';
import { latencyVariants, measureLatency } from '../../bench/parts/latency.ts';
import { bundleReference, describeReference } from '../../bench/reference/reference.ts';
import { findRoute, routes } from '../../bench/routes.ts';
import { readSelection } from '../../bench/selection.ts';
import { openStage, type Stage } from '../../bench/stage.ts';

// Times are never asserted: other work on the machine changes them.
describe('the bench', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  }, 60_000);
  afterAll(() => stage.close());

  test.each(routes.map((route) => [route.name, route] as const))(
    'has the right answer of %s, which makes at least the calls of its floor',
    async (_name, route) => {
      const { calls, floor } = await countCalls(stage, route);
      expect(calls.length).toBeGreaterThanOrEqual(floor);
    },
    30_000,
  );

  test.each(['warm', 'deployed'] as const)(
    'measures a %s callback beside its floor',
    async (variant) => {
      const amount = { rounds: 1, pairs: 2, warmUp: 1 };
      const measured = await measureLatency(stage, findRoute('callback'), latencyVariants[variant], amount);
      expect(measured.floor.runs).toBe(2);
      expect(measured.measured.runs).toBe(2);
      // The delays of /token and userinfo, and of what cannot be beside them, are in both.
      expect(measured.floor.p50).toBeGreaterThanOrEqual(141);
      expect(measured.measured.p50).toBeGreaterThanOrEqual(141);
    },
    30_000,
  );

  test('ends when a route has another answer than it should', async () => {
    const refused = { ...findRoute('userinfo'), prepare: findRoute('login').prepare };
    await expect(countCalls(stage, refused)).rejects.toThrow(/userinfo: unexpected answer .*401/);
  }, 30_000);

  test.each(cpuSteps)(
    'compares the CPU of %s with the reference, which can do it too',
    async (step) => {
      const reference = describeReference(bundleReference(`${stage.ground.directory}/${step}`), stage.ground);
      const { measured, reference: other } = await measureCpu(stage, reference, step, {
        rounds: 1,
        perRound: 1,
        warmUp: 1,
      });
      expect(measured).toBeGreaterThan(0);
      expect(other).toBeGreaterThan(0);
    },
    60_000,
  );
});

describe('what --only names', () => {
  test('is everything when it names nothing', () => {
    const { parts, includes } = readSelection([]);
    expect(parts).toContain('latency');
    expect(parts).toContain('cpu');
    expect(includes('callback')).toBe(true);
  });

  test('may be a part, something that is measured, or both', () => {
    expect(readSelection(['cpu']).parts).toEqual(['cpu']);
    expect(readSelection(['cpu']).includes('sign-in')).toBe(true);
    const callback = readSelection(['callback', 'latency']);
    expect(callback.parts).toEqual(['latency']);
    expect(callback.includes('callback')).toBe(true);
    expect(callback.includes('login')).toBe(false);
  });

  test('is refused with the names that there are', () => {
    expect(() => readSelection(['cookie'])).toThrow(/there is no cookie.*latency.*callback/s);
  });
});
