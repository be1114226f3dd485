import type { FunctionProcess, FunctionSource } from '../function/function-process.ts';
import { expectStatus, ReferenceClient } from '../reference/reference.ts';
import { findRoute, loginEvent, returnFromOneLogin } from '../routes.ts';
import { buildFloorEvent, describeFloorClient, invokeRoute, type Stage, withProcess } from '../stage.ts';
import { findSpread, median, round } from '../statistics.ts';

export interface CpuAmount {
  readonly rounds: number;
  /** Sign-ins, and requests for userinfo, in each round. */
  readonly perRound: number;
  /** The same before the first round. */
  readonly warmUp: number;
}

/** CPU time of a step here and in the reference, in milliseconds of all threads: the medians of the rounds. */
export interface StepCpu {
  readonly measured: number;
  readonly reference: number;
  /** The time of a client that only makes the calls that the protocol needs. */
  readonly floor: number;
  /** Measured / reference. */
  readonly ratio: number;
  /** The smallest and the largest ratio of a round. */
  readonly spread: readonly [number, number];
}

export const cpuSteps = ['sign-in', 'userinfo'] as const;
export type CpuStep = (typeof cpuSteps)[number];

/** One of those that are compared. */
interface Side {
  /** Takes a step that many times. @returns milliseconds of CPU altogether */
  run(step: CpuStep, times: number): Promise<number>;
}

/**
 * Compares CPU times. Services respond at once. The functions get events and the reference gets HTTP requests: one message each
 * way for both.
 *
 * @param reference the Express application
 */
export async function measureCpu(
  stage: Stage,
  reference: FunctionSource,
  step: CpuStep,
  { rounds, perRound, warmUp }: CpuAmount,
): Promise<StepCpu> {
  await stage.ground.behave({ delayed: false, closing: false });
  const sources = [
    ...['login', 'callback', 'userinfo'].map(stage.findFunction),
    describeFloorClient(stage.ground),
  ];
  return withProcesses(sources, ([login, callback, userinfo, floor]) =>
    withProcess(reference, undefined, async (process) => {
      const client = new ReferenceClient(process);
      const sides = [
        await describeOurs(stage, [login, callback, userinfo]),
        await describeReferenceSide(stage, client),
        describeFloorSide(stage, floor),
      ];
      const run = async (times: number) => {
        const means: number[] = [];
        for (const side of sides) means.push((await side.run(step, times)) / times);
        return means;
      };
      const measured: number[][] = [];
      await run(warmUp);
      for (let round = 0; round < rounds; round += 1) measured.push(await run(perRound));
      client.close();
      return compare(measured);
    }),
  );
}

function compare(rounds: readonly number[][]): StepCpu {
  const ratios = rounds.map(([ours = Number.NaN, other = Number.NaN]) => ours / other);
  return {
    measured: round(median(rounds.map(([ours = Number.NaN]) => ours))),
    reference: round(median(rounds.map(([, other = Number.NaN]) => other))),
    floor: round(median(rounds.map(([, , floor = Number.NaN]) => floor))),
    ratio: round(median(ratios)),
    spread: findSpread(ratios),
  };
}

type Processes = readonly (FunctionProcess | undefined)[];

async function withProcesses<Result>(
  [source, ...others]: readonly FunctionSource[],
  work: (processes: Processes) => Promise<Result>,
): Promise<Result> {
  if (source === undefined) return work([]);
  return withProcess(source, undefined, (process) =>
    withProcesses(others, (processes) => work([process, ...processes])),
  );
}

async function describeOurs(stage: Stage, [login, callback, userinfo]: Processes): Promise<Side> {
  if (!login || !callback || !userinfo) throw new Error('a function is missing');
  const [userinfoEvent] = await stage.prepare(findRoute('userinfo'), 1);
  const steps = {
    'sign-in': async () => {
      const begun = await invokeRoute(findRoute('login'), login, loginEvent);
      const event = await returnFromOneLogin(stage.ground, begun.answer);
      return begun.cpu + (await invokeRoute(findRoute('callback'), callback, event)).cpu;
    },
    userinfo: async () => (await invokeRoute(findRoute('userinfo'), userinfo, userinfoEvent)).cpu,
  };
  return {
    run: async (step, times) => {
      let total = 0;
      for (let time = 0; time < times; time += 1) total += await steps[step]();
      return total;
    },
  };
}

async function describeReferenceSide({ ground }: Stage, client: ReferenceClient): Promise<Side> {
  const cookie = await client.signIn(ground);
  const steps = {
    'sign-in': () => client.signIn(ground),
    userinfo: async () => expectStatus(await client.get('/auth/userinfo', cookie), 200),
  };
  return {
    run: async (step, times) => {
      await client.takeCpu();
      for (let time = 0; time < times; time += 1) await steps[step]();
      return client.takeCpu();
    },
  };
}

function describeFloorSide({ ground }: Stage, process: FunctionProcess | undefined): Side {
  if (!process) throw new Error('the floor is missing');
  const routes: Readonly<Record<CpuStep, readonly string[]>> = {
    'sign-in': ['login', 'callback'],
    userinfo: ['userinfo'],
  };
  return {
    run: async (step, times) => {
      const options = { closing: false, delayed: false };
      const events = routes[step].map((name) => buildFloorEvent(findRoute(name), ground, options));
      let total = 0;
      for (let time = 0; time < times; time += 1) {
        for (const event of events) total += (await process.invoke(event)).cpu;
      }
      return total;
    },
  };
}
