import { execFileSync } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../lib/package-root.ts';
import { makeCpuShare } from './function/cpu-share.ts';
import type { FunctionSource } from './function/function-process.ts';
import { type BundleSize, measureBundles } from './parts/bundles.ts';
import { countCalls, type RouteCalls } from './parts/calls.ts';
import { type ColdStart, measureColdStarts } from './parts/cold-start.ts';
import { type Cost, estimateCost } from './parts/cost.ts';
import { type CpuAmount, type CpuStep, cpuSteps, measureCpu, type StepCpu } from './parts/cpu.ts';
import {
  type LatencyAmount,
  type LatencyVariantName,
  latencyVariantNames,
  latencyVariants,
  measureLatency,
  type RouteLatency,
} from './parts/latency.ts';
import { type MemoryAmount, type MemoryUse, measureMemory } from './parts/memory.ts';
import { listStarters } from './parts/starters.ts';
import { bundleReference, describeReference, ReferenceClient } from './reference/reference.ts';
import { findRoute, type Route, routes } from './routes.ts';
import type { PartName, Selection } from './selection.ts';
import { openStage, type Stage, withProcess } from './stage.ts';

/** How much is measured. */
export interface BenchAmounts {
  readonly latency: Readonly<Record<LatencyVariantName, LatencyAmount>>;
  /** Rounds of routes whose 99th percentile has a goal. */
  readonly roundsForP99: ByName<number>;
  readonly cpu: CpuAmount;
  /** How often everything starts at each memory size. */
  readonly coldStarts: number;
  readonly memory: ByName<MemoryAmount>;
}

type ByName<Value> = Readonly<Record<string, Value>>;

const manyInvocations: MemoryAmount = { invocations: 10_000, samples: 20, longest: 400_000 };
/** Each event needs a sign-in that is not measured. Less time keeps the run short. */
const someInvocations: MemoryAmount = { ...manyInvocations, longest: 200_000 };

/** What takes about 20 minutes on a quiet machine. */
export const usualAmounts: BenchAmounts = {
  latency: {
    warm: { rounds: 2, pairs: 20, warmUp: 30 },
    deployed: { rounds: 4, pairs: 20, warmUp: 30 },
  },
  roundsForP99: { callback: 15 },
  cpu: { rounds: 6, perRound: 50, warmUp: 200 },
  coldStarts: 5,
  memory: {
    login: manyInvocations,
    callback: manyInvocations,
    userinfo: manyInvocations,
    authorizer: manyInvocations,
    logout: someInvocations,
    'backchannel-logout': someInvocations,
  },
};

/** Everything that was measured. What was not chosen is absent. */
export interface BenchResults {
  readonly machine: Machine;
  readonly latency?: Readonly<Record<LatencyVariantName, ByName<RouteLatency>>>;
  readonly calls?: ByName<RouteCalls>;
  readonly cpu?: Readonly<Partial<Record<CpuStep, StepCpu>>>;
  readonly coldStart?: readonly ColdStart[];
  readonly bundles?: ByName<BundleSize>;
  readonly memory?: ByName<MemoryUse>;
  readonly cost?: Cost;
}

/** Where and when it was measured. */
export interface Machine {
  readonly day: string;
  /** The commit, with a plus if files have changed since. */
  readonly revision: string;
  readonly node: string;
  readonly cpus: string;
  /** Processes that were ready to run in the minute before, others included: about 0 on a quiet machine. */
  readonly load: number;
  /** Whether functions had the CPU share of their memory. Linux lets only some users limit it. */
  readonly sharesCpu: boolean;
}

/**
 * Measures what is selected.
 *
 * @param log called with each step that begins
 */
export async function runBench(
  selection: Selection,
  amounts: BenchAmounts,
  log: (line: string) => void,
): Promise<BenchResults> {
  const machine = describeMachine();
  log('starting DynamoDB, KMS, One Login and the deployment');
  const stage = await openStage();
  try {
    const context: Context = {
      stage,
      selection,
      amounts,
      log,
      routes: routes.filter(({ name, functionName }) => selection.includes(name, functionName)),
      reference: describeReference(
        await bundleReference(join(stage.ground.directory, 'reference')),
        stage.ground,
      ),
    };
    const measured: Record<string, unknown> = {};
    for (const part of selection.parts) Object.assign(measured, await measurePart[part](context));
    return { machine, ...measured };
  } finally {
    await stage.close();
  }
}

/** What the parts share. */
interface Context {
  readonly stage: Stage;
  readonly selection: Selection;
  readonly amounts: BenchAmounts;
  readonly log: (line: string) => void;
  /** Those that are selected. */
  readonly routes: readonly Route[];
  readonly reference: FunctionSource;
}

/** Part → measures it, and returns its results. */
const measurePart: Readonly<Record<PartName, (context: Context) => Promise<Partial<BenchResults>>>> = {
  latency: async ({ stage, routes, amounts, log }) => {
    const latency: Record<LatencyVariantName, Record<string, RouteLatency>> = { warm: {}, deployed: {} };
    for (const name of latencyVariantNames) {
      for (const route of routes) {
        log(`latency, ${name}: ${route.name}`);
        const amount = amounts.latency[name];
        const rounds = (name === 'deployed' && amounts.roundsForP99[route.name]) || amount.rounds;
        latency[name][route.name] = await measureLatency(stage, route, latencyVariants[name], {
          ...amount,
          rounds,
        });
      }
    }
    return { latency };
  },
  calls: async ({ stage, routes, log }) => {
    const calls: Record<string, RouteCalls> = {};
    for (const route of routes) {
      log(`calls: ${route.name}`);
      calls[route.name] = await countCalls(stage, route);
    }
    return { calls };
  },
  cpu: async ({ stage, selection, amounts, reference, log }) => {
    const cpu: Partial<Record<CpuStep, StepCpu>> = {};
    for (const step of cpuSteps) {
      if (!selection.includes(step)) continue;
      log(`cpu: ${step}`);
      cpu[step] = await measureCpu(stage, reference, step, amounts.cpu);
    }
    return { cpu };
  },
  'cold-start': ({ stage, selection, amounts, reference, log }) =>
    withProcess(reference, undefined, async (process) => {
      log('cold starts');
      const running = new ReferenceClient(process);
      const starters = await listStarters(stage, reference, running, (name) => selection.includes(name));
      const coldStart = await measureColdStarts(starters, amounts.coldStarts);
      running.close();
      return { coldStart };
    }),
  bundles: async ({ stage, selection, log }) => {
    log('bundles');
    return { bundles: await measureBundles(stage.ground.directory, (name) => selection.includes(name)) };
  },
  memory: async ({ stage, selection, amounts, log }) => {
    const memory: Record<string, MemoryUse> = {};
    for (const [name, amount] of Object.entries(amounts.memory)) {
      if (!selection.includes(name)) continue;
      log(`memory: ${name}`);
      memory[name] = await measureMemory(stage, findRoute(name), amount);
    }
    return { memory };
  },
  cost: async ({ log }) => {
    log('cost');
    return { cost: await estimateCost() };
  },
};

function describeMachine(): Machine {
  const [processor] = cpus();
  const share = makeCpuShare(1_024);
  share?.remove();
  return {
    day: new Date().toISOString().slice(0, 10),
    revision: readRevision(),
    node: process.version,
    cpus: `${cpus().length} × ${processor?.model ?? 'unknown'}`,
    load: Number((loadavg()[0] ?? Number.NaN).toFixed(1)),
    sharesCpu: share !== undefined,
  };
}

function readRevision(): string {
  const git = (...args: string[]) =>
    execFileSync('git', args, {
      cwd: packageRoot,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  try {
    return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain', '-uno') === '' ? '' : '+'}`;
  } catch {
    return 'unknown';
  }
}
