import { type CpuShare, makeCpuShare } from '../function/cpu-share.ts';
import type { FunctionProcess } from '../function/function-process.ts';
import type { Route } from '../routes.ts';
import { buildFloorEvent, describeFloorClient, invokeRoute, type Stage, withProcess } from '../stage.ts';
import { findSpread, median, round, type Summary, summarise } from '../statistics.ts';

/** How much is measured. */
export interface LatencyAmount {
  readonly rounds: number;
  /** Pairs of a floor and an invocation in each round. */
  readonly pairs: number;
  /** Invocations before the first round. */
  readonly warmUp: number;
}

/** A route beside its floor. Times in milliseconds. */
export interface RouteLatency {
  readonly floor: Summary;
  readonly measured: Summary;
  /** Measured / floor, for the medians and the 99th percentiles. */
  readonly ratio: number;
  readonly ratioP99: number;
  /** The smallest and the largest ratio of a round. */
  readonly spread: readonly [number, number];
  /** How many milliseconds the median is over the floor's. */
  readonly over: number;
  /** The median of the CPU time of an invocation. */
  readonly cpu: number;
}

/** Where a function runs. */
export interface LatencyVariant {
  /** In MB, whose share of a CPU it has; undefined for a whole machine. */
  readonly memory?: number;
  /** Whether each callback needs a new connection to One Login. */
  readonly fresh: boolean;
}

export const latencyVariants = {
  /** Nothing is scarce, and all connections are kept. */
  warm: { fresh: false },
  /** As deployed for a service without much traffic. */
  deployed: { memory: 1_024, fresh: true },
} as const satisfies Readonly<Record<LatencyVariantName, LatencyVariant>>;
export const latencyVariantNames = ['warm', 'deployed'] as const;
export type LatencyVariantName = (typeof latencyVariantNames)[number];

/** Measures a route and its floor in pairs, so that a busy moment of the machine affects both. */
export async function measureLatency(
  stage: Stage,
  route: Route,
  { memory, fresh }: LatencyVariant,
  { rounds, pairs, warmUp }: LatencyAmount,
): Promise<RouteLatency> {
  const share = memory === undefined ? undefined : makeCpuShare(memory);
  try {
    return await withProcesses(stage, route, share, async (floorProcess, routeProcess) => {
      const floorEvent = buildFloorEvent(route, stage.ground, { closing: fresh, delayed: true });
      const runPair = async (event: unknown): Promise<Pair> => {
        const { milliseconds: floor } = await floorProcess.invoke(floorEvent);
        const { milliseconds: time, cpu } = await invokeRoute(route, routeProcess, event);
        return { floor, time, cpu };
      };
      for (const event of await stage.prepare(route, warmUp)) await runPair(event);
      const measured: Pair[][] = [];
      for (let round = 0; round < rounds; round += 1) {
        const events = await stage.prepare(route, pairs);
        await stage.ground.behave({ delayed: true, closing: fresh });
        const inRound: Pair[] = [];
        for (const event of events) inRound.push(await runPair(event));
        measured.push(inRound);
      }
      return compare(measured);
    });
  } finally {
    await stage.ground.behave({ delayed: false, closing: false });
    share?.remove();
  }
}

function withProcesses<Result>(
  stage: Stage,
  route: Route,
  share: CpuShare | undefined,
  work: (floor: FunctionProcess, route: FunctionProcess) => Promise<Result>,
): Promise<Result> {
  // Both have the same share: they take turns.
  return withProcess(describeFloorClient(stage.ground), share, (floor) =>
    withProcess(stage.findFunction(route.functionName), share, (measured) => work(floor, measured)),
  );
}

/** One invocation and its floor, in milliseconds. */
interface Pair {
  readonly floor: number;
  readonly time: number;
  readonly cpu: number;
}

function compare(rounds: readonly (readonly Pair[])[]): RouteLatency {
  const pairs = rounds.flat();
  const floor = summarise(pairs.map((pair) => pair.floor));
  const measured = summarise(pairs.map(({ time }) => time));
  const findRatio = (round: readonly Pair[]) =>
    median(round.map(({ time }) => time)) / median(round.map((pair) => pair.floor));
  return {
    floor,
    measured,
    ratio: round(measured.p50 / floor.p50),
    ratioP99: round(measured.p99 / floor.p99),
    spread: findSpread(rounds.map(findRatio)),
    over: round(measured.p50 - floor.p50),
    cpu: round(median(pairs.map(({ cpu }) => cpu))),
  };
}
