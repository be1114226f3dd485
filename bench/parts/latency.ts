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
  /** Measured / floor: of the medians, and of the 99th percentiles. */
  readonly ratio: number;
  readonly ratioP99: number;
  /** The smallest and the largest ratio of a round. */
  readonly spread: readonly [number, number];
  /** How many milliseconds the median is over the floor's. */
  readonly over: number;
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
} as const satisfies Readonly<Record<string, LatencyVariant>>;
export type LatencyVariantName = keyof typeof latencyVariants;

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
      const floorEvent = buildFloorEvent(route, stage.ground, fresh);
      const runPair = async (event: unknown) => [
        (await floorProcess.invoke(floorEvent)).milliseconds,
        (await invokeRoute(route, routeProcess, event)).milliseconds,
      ];
      for (const event of await stage.prepare(route, warmUp)) await runPair(event);
      const floors: number[][] = [];
      const times: number[][] = [];
      for (let round = 0; round < rounds; round += 1) {
        const events = await stage.prepare(route, pairs);
        await stage.ground.behave({ delayed: true, closing: fresh });
        const measured: number[][] = [];
        for (const event of events) measured.push(await runPair(event));
        floors.push(measured.map(([floor = Number.NaN]) => floor));
        times.push(measured.map(([, time = Number.NaN]) => time));
      }
      return compare(floors, times);
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
  // The floor has a share of its own size, but not the same one: they take turns.
  return withProcess(describeFloorClient(stage.ground), share, (floor) =>
    withProcess(stage.findFunction(route.functionName), share, (measured) => work(floor, measured)),
  );
}

function compare(floors: readonly number[][], times: readonly number[][]): RouteLatency {
  const floor = summarise(floors.flat());
  const measured = summarise(times.flat());
  return {
    floor,
    measured,
    ratio: round(measured.p50 / floor.p50),
    ratioP99: round(measured.p99 / floor.p99),
    spread: findSpread(times.map((time, index) => median(time) / median(floors[index] ?? []))),
    over: round(measured.p50 - floor.p50),
  };
}
