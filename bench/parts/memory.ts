import { startFunctionProcess } from '../function/function-process.ts';
import type { Route } from '../routes.ts';
import { invokeRoute, type Stage } from '../stage.ts';
import { findSlope, round } from '../statistics.ts';

export interface MemoryAmount {
  readonly invocations: number;
  /** The heap is measured that often, at equal distances. */
  readonly samples: number;
  /** After that many milliseconds no more invocations begin. */
  readonly longest: number;
}

/** The heap in use after garbage collection, over many invocations, in KB. */
export interface MemoryUse {
  readonly invocations: number;
  readonly heap: readonly number[];
  /** How much it grows with each thousand invocations, in its second half: the first still fills caches. */
  readonly growth: number;
  /** All memory of the process at the end, in MB. */
  readonly process: number;
}

/**
 * A heap that grows by less is flat, in KB each 1,000 invocations: a leak would keep something of each request, and 100
 * bytes are less than the smallest event. An environment that is busy for two hours would grow by 70 MB at most.
 */
export const flatGrowth = 100;

/** Routes whose event can be repeated. The others each need a sign-in before them. */
const repeatable = ['login', 'userinfo', 'authorizer'];

/** Invokes a function again and again, with services that respond at once. */
export async function measureMemory(
  stage: Stage,
  route: Route,
  { invocations, samples, longest }: MemoryAmount,
): Promise<MemoryUse> {
  const process = await startFunctionProcess(stage.findFunction(route.functionName), { collectable: true });
  try {
    const began = performance.now();
    const perSample = Math.ceil(invocations / samples);
    const [again] = repeatable.includes(route.name) ? await stage.prepare(route, 1) : [];
    const heap: number[] = [];
    let rss = 0;
    while (heap.length < samples && (heap.length < 2 || performance.now() - began < longest)) {
      for (let run = 0; run < perSample; run += 1) {
        const [event] = again === undefined ? await stage.prepare(route, 1) : [again];
        await invokeRoute(route, process, event);
      }
      const measured = await process.measureMemory();
      heap.push(round(measured.heapUsed / 1_000));
      rss = measured.rss;
    }
    return {
      invocations: heap.length * perSample,
      heap,
      growth: round((findSlope(heap.slice(Math.floor(heap.length / 2))) / perSample) * 1_000),
      process: round(rss / 1_000_000),
    };
  } finally {
    await process.stop();
  }
}
