import { execFileSync } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../lib/package-root.ts';
import { makeCpuShare } from './function/cpu-share.ts';
import { countCalls, type RouteCalls } from './parts/calls.ts';
import { type CpuAmount, type CpuStep, cpuSteps, measureCpu, type StepCpu } from './parts/cpu.ts';
import {
  type LatencyAmount,
  type LatencyVariantName,
  latencyVariants,
  measureLatency,
  type RouteLatency,
} from './parts/latency.ts';
import { bundleReference, describeReference } from './reference/reference.ts';
import { type Route, routes } from './routes.ts';
import type { Selection } from './selection.ts';
import { openStage, type Stage } from './stage.ts';

/** How much is measured. */
export interface BenchAmounts {
  readonly latency: LatencyAmount;
  readonly cpu: CpuAmount;
}

/** What takes some minutes. */
export const usualAmounts: BenchAmounts = {
  latency: { rounds: 4, pairs: 20, warmUp: 40 },
  cpu: { rounds: 6, perRound: 50, warmUp: 200 },
};

type ByRoute<Value> = Readonly<Record<string, Value>>;

/** Everything that was measured. What was not chosen is absent. */
export interface BenchResults {
  readonly machine: Machine;
  readonly latency?: Readonly<Record<LatencyVariantName, ByRoute<RouteLatency>>>;
  readonly calls?: ByRoute<RouteCalls>;
  readonly cpu?: Readonly<Partial<Record<CpuStep, StepCpu>>>;
}

/** Where and when it was measured. */
interface Machine {
  readonly day: string;
  /** The commit, with a plus if files have changed since. */
  readonly revision: string;
  readonly node: string;
  readonly cpus: string;
  /** Processes that wanted a CPU in the minute before, others included: about 0 on a quiet machine. */
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
    const wanted = (name: keyof BenchAmounts | 'calls') => selection.parts.includes(name);
    const chosen = routes.filter(({ name, functionName }) => selection.includes(name, functionName));
    return {
      machine,
      ...(wanted('calls') ? { calls: await countAll(stage, chosen, log) } : {}),
      ...(wanted('latency') ? { latency: await measureLatencies(stage, chosen, amounts.latency, log) } : {}),
      ...(wanted('cpu') ? { cpu: await measureSteps(stage, selection, amounts.cpu, log) } : {}),
    };
  } finally {
    await stage.close();
  }
}

type Log = (line: string) => void;

async function countAll(stage: Stage, chosen: readonly Route[], log: Log) {
  const counted: Record<string, RouteCalls> = {};
  for (const route of chosen) {
    log(`calls: ${route.name}`);
    counted[route.name] = await countCalls(stage, route);
  }
  return counted;
}

async function measureLatencies(stage: Stage, chosen: readonly Route[], amount: LatencyAmount, log: Log) {
  const measured: Record<LatencyVariantName, Record<string, RouteLatency>> = { warm: {}, deployed: {} };
  for (const name of ['warm', 'deployed'] as const) {
    for (const route of chosen) {
      log(`latency, ${name}: ${route.name}`);
      measured[name][route.name] = await measureLatency(stage, route, latencyVariants[name], amount);
    }
  }
  return measured;
}

async function measureSteps(stage: Stage, selection: Selection, amount: CpuAmount, log: Log) {
  const bundle = bundleReference(join(stage.ground.directory, 'reference'));
  const reference = describeReference(bundle, stage.ground);
  const measured: Partial<Record<CpuStep, StepCpu>> = {};
  for (const step of cpuSteps) {
    if (!selection.includes(step)) continue;
    log(`cpu: ${step}`);
    measured[step] = await measureCpu(stage, reference, step, amount);
  }
  return measured;
}

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
