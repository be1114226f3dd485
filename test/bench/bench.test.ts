import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { FunctionProcess } from '../../bench/function/function-process.ts';
import { measureBundles } from '../../bench/parts/bundles.ts';
import { countCalls } from '../../bench/parts/calls.ts';
import { measureColdStarts } from '../../bench/parts/cold-start.ts';
import { cpuSteps, measureCpu } from '../../bench/parts/cpu.ts';
import { latencyVariants, measureLatency } from '../../bench/parts/latency.ts';
import { measureMemory } from '../../bench/parts/memory.ts';
import { listStarters, waitedFor } from '../../bench/parts/starters.ts';
import { bundleReference, describeReference, ReferenceClient } from '../../bench/reference/reference.ts';
import { findRoute, routes } from '../../bench/routes.ts';
import { readSelection } from '../../bench/selection.ts';
import { invokeRoute, openStage, type Stage, withProcess } from '../../bench/stage.ts';

// Times are never asserted: other work on the machine changes them.
describe('the bench', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  }, 60_000);
  afterAll(() => stage.close());

  test.each(routes.map((route) => [route.name, route] as const))(
    'has the right response of %s, which makes at least the calls of its floor',
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

  test('ends when a route has a wrong response', async () => {
    const refused = { ...findRoute('userinfo'), prepare: findRoute('login').prepare };
    await expect(countCalls(stage, refused)).rejects.toThrow(/userinfo: unexpected response .*401/);
  }, 30_000);

  test.each(cpuSteps)(
    'compares the CPU of %s with the reference, which can do it too',
    async (step) => {
      const reference = describeReference(
        await bundleReference(`${stage.ground.directory}/${step}`),
        stage.ground,
      );
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

describe('a cold start', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  }, 60_000);
  afterAll(() => stage.close());

  test('has the right responses of a function, of its bundle by the CDK’s defaults, and of the reference', async () => {
    const reference = describeReference(
      await bundleReference(`${stage.ground.directory}/cold`),
      stage.ground,
    );
    const measured = await withProcess(reference, undefined, async (process) => {
      const running = new ReferenceClient(process);
      const starters = await listStarters(stage, reference, running, (name) => name === 'callback');
      const starts = await measureColdStarts(starters, 1);
      running.close();
      return starts;
    });
    expect([...new Set(measured.map(({ kind }) => kind))]).toEqual([
      'deployed',
      'floor',
      'defaults',
      'reference',
      'empty',
    ]);
    for (const { whole, imported, first } of measured) {
      expect(imported).toBeGreaterThan(0);
      expect(whole).toBeGreaterThan(first);
    }
  }, 60_000);

  test.each([
    ['login', ['Query']],
    ['callback', ['Query']],
    ['logout', ['GetItem', 'Query']],
    ['userinfo', ['GetItem']],
    ['authorizer', ['GetItem']],
    ['backchannel-logout', ['Query']],
  ])('of %s primes it by %s before its first request', async (name, calls) => {
    await stage.ground.takeCalls();
    await withProcess(stage.findFunction(name), undefined, async () => {
      expect((await stage.ground.takeCalls()).map((made) => made.name).sort()).toEqual(calls);
    });
  });

  /** Handles a first request in a new process. @returns what the function did while it loaded, and what during the request */
  async function recordFirstRequest(routeName: string) {
    const route = findRoute(routeName);
    const { environment, ...source } = stage.findFunction(route.functionName);
    const record = join(stage.ground.directory, 'priming');
    const recorded = {
      ...environment,
      NODE_OPTIONS: `--require ${join(import.meta.dirname, 'record-priming.cjs')}`,
      PRIMING_RECORD: record,
    };
    const services = Object.entries(stage.ground.urls);
    const readLines = async () => {
      const lines = (await readFile(record, 'utf8')).trim().split('\n');
      return lines.map((line) =>
        line.replace(
          /^connection (\d+)$/,
          (_, port) => services.find(([, url]) => url.endsWith(`:${port}`))?.[0] ?? line,
        ),
      );
    };
    // Before the start: One Login's connection is kept for three seconds.
    const [event] = await stage.prepare(route, 1);
    await writeFile(record, '');
    return withProcess({ ...source, environment: recorded }, undefined, async (process) => {
      const loading = await readLines();
      await invokeRoute(route, process, event);
      return { loading, request: (await readLines()).slice(loading.length) };
    });
  }

  test.each([
    ['login', ['dynamodb', 'kms'], []],
    ['callback', ['dynamodb', 'kms', 'oneLogin'], []],
    ['logout', ['dynamodb', 'dynamodb'], []],
    ['userinfo', ['dynamodb'], []],
    ['authorizer', ['dynamodb'], []],
    ['backchannel-logout', ['dynamodb'], []],
  ])('of %s opens its connections before its first request', async (name, before, during) => {
    const { loading, request } = await recordFirstRequest(name);
    expect(loading.filter((line) => line !== 'key').sort()).toEqual(before);
    expect(request).toEqual(during);
  });

  test.each(['callback with identity', 'backchannel-logout'])(
    'of %s imports One Login’s keys before its first request',
    async (name) => {
      const { loading, request } = await recordFirstRequest(name);
      expect(loading).toContain('key');
      expect(request).not.toContain('key');
    },
  );

  test('of every function has a bundle by the CDK’s defaults that gives the right responses', async () => {
    const unused = { file: '', exportName: '', environment: {} };
    const running = new ReferenceClient({} as FunctionProcess);
    const starters = await listStarters(stage, unused, running, () => true);
    const defaults = starters.filter(({ kind }) => kind === 'defaults');
    expect(defaults.map(({ name }) => name)).toEqual(waitedFor);
    for (const { source, prepare } of defaults) {
      const visits = await prepare();
      await withProcess(source, undefined, async (process) => {
        for (const visit of visits) await visit(process);
      });
    }
  }, 60_000);

  test('leaves a function that can be invoked as often as its memory is to be measured', async () => {
    const amount = { invocations: 20, samples: 4, longest: 60_000 };
    const { invocations, heap } = await measureMemory(stage, findRoute('userinfo'), amount);
    expect(invocations).toBe(20);
    expect(heap).toHaveLength(4);
  }, 60_000);
});

describe('the bytes of a bundle', () => {
  test('are all somebody’s', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'bench-bundles-'));
    const { callback } = await measureBundles(directory, (name) => name === 'callback');
    await rm(directory, { recursive: true });
    if (callback === undefined) throw new Error('the callback was not bundled');
    const { bytes, defaults, owners } = callback;
    expect(Object.values(owners).reduce((sum, part) => sum + part, 0)).toBe(bytes);
    expect(owners.ours).toBeGreaterThan(0);
    expect(owners.others).toBe(0);
    expect(defaults).toBeGreaterThan(bytes);
  });
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
