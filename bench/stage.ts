import { join } from 'node:path';
import type { CpuShare } from './function/cpu-share.ts';
import {
  type FunctionProcess,
  type FunctionSource,
  type Invocation,
  startFunctionProcess,
} from './function/function-process.ts';
import type { DeployedFunction } from './ground/messages.ts';
import { type Ground, startGround } from './ground/start-ground.ts';
import type { FloorCall, Invoke, Route } from './routes.ts';

/** The ground, and a warm process of each function, which prepares what is measured elsewhere. */
export interface Stage {
  readonly ground: Ground;
  findFunction(name: string): DeployedFunction;
  /** Makes events of a route, without delays. */
  prepare(route: Route, count: number): Promise<readonly unknown[]>;
  readonly invoke: Invoke;
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const ground = await startGround();
  const processes = new Map<string, Promise<FunctionProcess>>();
  const findFunction = (name: string) => {
    const found = ground.functions.find((each) => each.name === name);
    if (found === undefined) throw new Error(`there is no function ${name}`);
    return found;
  };
  const find = (name: string) => {
    const started = processes.get(name) ?? startFunctionProcess(findFunction(name));
    processes.set(name, started);
    return started;
  };
  const invoke: Invoke = async (name, event) => (await (await find(name)).invoke(event)).answer;
  return {
    ground,
    findFunction,
    invoke,
    prepare: async (route, count) => {
      await ground.behave({ delayed: false, closing: false });
      const events: unknown[] = [];
      for (let made = 0; made < count; made += 1) events.push(await route.prepare(ground, invoke));
      return events;
    },
    close: async () => {
      const started = await Promise.allSettled(processes.values());
      await Promise.all(started.map((each) => each.status === 'fulfilled' && each.value.stop()));
      await ground.close();
    },
  };
}

/** Runs one event. @throws Error if the response is wrong: then its time means nothing */
export async function invokeRoute(
  route: Pick<Route, 'name' | 'accepts'>,
  process: FunctionProcess,
  event: unknown,
): Promise<Invocation> {
  const invocation = await process.invoke(event);
  if (route.accepts(invocation.answer)) return invocation;
  throw new Error(`${route.name}: unexpected response ${JSON.stringify(invocation.answer).slice(0, 500)}`);
}

/** The bare client that makes the calls of a floor. */
export function describeFloorClient(ground: Ground): FunctionSource {
  const [{ environment = {} } = {}] = ground.functions;
  const { NODE_EXTRA_CA_CERTS = '' } = environment;
  return {
    file: join(import.meta.dirname, 'function', 'floor.cjs'),
    exportName: 'handler',
    environment: { NODE_EXTRA_CA_CERTS },
  };
}

/**
 * @param closing whether One Login closes the connection after the last call
 * @param delayed whether services take their time
 */
export function buildFloorEvent({ floor }: Route, { urls }: Ground, { closing, delayed }: FloorOptions) {
  const addOptions = ({ to, milliseconds }: FloorCall) => ({
    to,
    milliseconds: delayed ? milliseconds : 0,
    url: `${urls[to]}/`,
    closing,
  });
  return { stages: floor.map((stage) => stage.map(addOptions)) };
}

interface FloorOptions {
  readonly closing: boolean;
  readonly delayed: boolean;
}

/** Starts a process for the time of some work. */
export async function withProcess<Result>(
  source: FunctionSource,
  share: CpuShare | undefined,
  work: (process: FunctionProcess) => Promise<Result>,
): Promise<Result> {
  const process = await startFunctionProcess(source, { share });
  try {
    return await work(process);
  } finally {
    await process.stop();
  }
}
