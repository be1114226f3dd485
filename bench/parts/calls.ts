import type { Route } from '../routes.ts';
import { invokeRoute, type Stage, withProcess } from '../stage.ts';

/** The calls of a route with One Login's documents in memory. */
export interface RouteCalls {
  readonly calls: readonly string[];
  /** How many the protocol needs. */
  readonly floor: number;
}

/** Counts what a route calls: its second invocation, when the documents are in memory. */
export async function countCalls(stage: Stage, route: Route): Promise<RouteCalls> {
  return withProcess(stage.findFunction(route.functionName), undefined, async (process) => {
    const events = await stage.prepare(route, 2);
    for (const event of events) {
      await stage.ground.takeCalls();
      await invokeRoute(route, process, event);
    }
    const calls = (await stage.ground.takeCalls()).map(({ name }) => name);
    return { calls, floor: route.floor.flat().length };
  });
}
