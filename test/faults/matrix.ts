import { setTimeout } from 'node:timers/promises';
import { SigningProvider } from '../support/signing-provider.ts';
import { TestClock } from '../support/test-clock.ts';
import type { DependencyCall } from './call-log.ts';
import type { CallerResponse } from './caller-response.ts';
import type { Rows } from './database.ts';
import { applies, type FaultName, faultNames, waitingFaults } from './faults.ts';
import type { FaultyBackend } from './faulty-backend.ts';
import type { Flow } from './flows.ts';
import type { SendRequest } from './requests.ts';
import { findProblems } from './rules.ts';
import { createWorld, type World } from './world.ts';

/** A flow whose request can be sent any number of times. */
export interface PreparedFlow {
  readonly flow: Flow;
  readonly provider: SigningProvider;
  readonly now: number;
  readonly rows: Rows;
  readonly cookies: ReadonlyMap<string, string>;
  readonly send: SendRequest;
  /** The calls that it makes without a fault. */
  readonly calls: readonly DependencyCall[];
}

/** One call of a flow that goes wrong in one way. */
export interface Cell {
  readonly prepared: PreparedFlow;
  readonly call: DependencyCall;
  readonly fault: FaultName;
}

/** What happened to one request. */
export interface Observed {
  readonly prepared: PreparedFlow;
  readonly world: World;
  /** Undefined when there was no response in time. */
  readonly response: CallerResponse | undefined;
  readonly lines: readonly string[];
  /** The tables when everything had settled. */
  readonly rows: Rows;
  /** Of the browser, afterwards. */
  readonly cookies: ReadonlyMap<string, string>;
  /** Calls that never ended. */
  readonly pending: readonly string[];
}

export interface CellResult extends Cell {
  /** Empty when all is well. */
  readonly problems: readonly string[];
}

/** How long a caller waits: One Login gives up earlier (OIDC Back-Channel Logout), and so do most users. */
const longest = 15_000;
/** What a busy machine adds. */
const allowance = 3_000;

/** Prepares a flow, and runs it once without a fault to see which calls it makes. */
async function prepareFlow(backend: FaultyBackend, flow: Flow): Promise<PreparedFlow> {
  const clock = new TestClock();
  const provider = new SigningProvider(() => clock.now());
  const world = await createWorld(backend, { provider, clock });
  await provider.storeDocuments(world.stores.store);
  const browser = world.browser();
  const send = await flow.prepare(world, browser);
  const rows = await world.database.rows();
  world.close();
  const prepared = { flow, provider, now: clock.now(), rows, cookies: browser.cookies, send, calls: [] };
  const observed = await observe(backend, prepared, undefined);
  const calls = [...observed.world.log.calls];
  const problems = await findProblems(observed, undefined).finally(() => observed.world.close());
  if (problems.length > 0) throw new Error(`${flow.name}, without a fault: ${problems.join('; ')}`);
  return { ...prepared, calls };
}

function listCells(prepared: PreparedFlow): readonly Cell[] {
  return prepared.calls.flatMap((call) =>
    faultNames.filter((fault) => applies(fault, call.service)).map((fault) => ({ prepared, call, fault })),
  );
}

/** Every fault in every call of these flows. */
export async function runMatrix(
  backend: FaultyBackend,
  flows: readonly Flow[],
): Promise<readonly CellResult[]> {
  const prepared: PreparedFlow[] = [];
  for (const flow of flows) prepared.push(await prepareFlow(backend, flow));
  return runCells(backend, prepared.flatMap(listCells));
}

/** Runs cells, many at once of those that mostly wait. @returns the results in the order of the cells */
async function runCells(backend: FaultyBackend, cells: readonly Cell[]): Promise<readonly CellResult[]> {
  const results = new Map<Cell, CellResult>();
  const start = oneAfterTheOther(untilCalm);
  const runAll = async (queue: Cell[], atOnce: number) => {
    const runNext = async () => {
      for (let cell = queue.shift(); cell; cell = queue.shift()) {
        await start();
        results.set(cell, await runCell(backend, cell));
      }
    };
    await Promise.all(Array.from({ length: atOnce }, runNext));
  };
  await Promise.all([
    runAll(
      cells.filter(({ fault }) => waitingFaults.has(fault)),
      64,
    ),
    runAll(
      cells.filter(({ fault }) => !waitingFaults.has(fault)),
      3,
    ),
  ]);
  // A machine that stands still for a second looks like a call that hangs, but hardly twice.
  await runAll(
    cells.filter((cell) => results.get(cell)?.problems.length !== 0),
    8,
  );
  return cells.flatMap((cell) => results.get(cell) ?? []);
}

/** Runs it for one caller at a time. */
function oneAfterTheOther(run: () => Promise<void>): () => Promise<void> {
  let last = Promise.resolve();
  return () => {
    last = last.then(run);
    return last;
  };
}

/** Cells that begin together wait for the processor together, which would look like a call that hangs. */
async function untilCalm(): Promise<void> {
  for (let delay = Number.POSITIVE_INFINITY; delay > 50; ) {
    const began = performance.now();
    await setTimeout(5);
    delay = performance.now() - began;
  }
}

async function runCell(backend: FaultyBackend, cell: Cell): Promise<CellResult> {
  const observed = await observe(backend, cell.prepared, cell);
  try {
    return { ...cell, problems: await findProblems(observed, cell) };
  } catch (error) {
    return { ...cell, problems: [`the cell itself failed: ${String(error)}`] };
  } finally {
    observed.world.close();
  }
}

/** Sends the request once, ends the fault, and waits until nothing happens any more. */
async function observe(
  backend: FaultyBackend,
  prepared: PreparedFlow,
  cell: Cell | undefined,
): Promise<Observed> {
  const { provider, now, rows } = prepared;
  const world = await createWorld(backend, { provider, clock: new TestClock(now), rows });
  const { behind, log } = world;
  const release = Promise.withResolvers<void>();
  behind.released = release.promise;
  behind.fault = cell && { call: cell.call.label, name: cell.fault };
  const browser = world.browser(prepared.cookies);
  const response = await Promise.race([
    prepared.send(world, browser),
    setTimeout(longest + allowance, undefined, { ref: false }),
  ]);
  log.answered();
  behind.fault = undefined;
  release.resolve();
  const pending = await log.settled(performance.now() + longest);
  return {
    prepared,
    world,
    response,
    lines: [...world.lines],
    rows: await world.database.rows(),
    cookies: new Map(browser.cookies),
    pending,
  };
}
