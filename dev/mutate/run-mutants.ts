import { generateKeyPairSync } from 'node:crypto';
import { dirname } from 'node:path';
import type { Instrumented, Mutant } from './instrument.ts';
import type { Loaded, Order, Outcome, Start } from './messages.ts';
import { TestProcess } from './test-process.ts';

export type Status = 'killed' | 'timed out' | 'survived' | 'not covered';

export interface Result {
  readonly mutant: Mutant;
  readonly status: Status;
  /** The test that killed it. */
  readonly by?: string;
}

export interface RunOptions {
  readonly root: string;
  readonly instrumented: Instrumented;
  /** The test files, from `root`. */
  readonly tests: readonly string[];
  /** Which mutants to run, all by default. */
  readonly mutants?: readonly Mutant[];
  /** How many processes run at the same time. */
  readonly workers: number;
  /** Called now and then with what is going on. */
  readonly report?: (progress: string) => void;
}

/** Each process keeps all modules that it has ever loaded. */
const mostReloads = 40;

/** A test file that reaches a mutant, and how. */
interface Reach {
  readonly file: string;
  /** The numbers of the tests, or nothing for all of them. */
  readonly tests: readonly number[] | undefined;
  readonly hits: number;
  /** Whether the modules must be loaded anew with the mutant. */
  readonly reload: boolean;
}

/**
 * Runs the tests with one mutant after the other, and only those that reach it.
 *
 * @throws {Error} if tests fail without a mutant
 */
export async function runMutants(options: RunOptions): Promise<readonly Result[]> {
  const { mutants = options.instrumented.mutants, report = () => undefined } = options;
  const start = createStart(options);
  const files = new Map<string, Loaded>();
  await inParallel(options.tests, options.workers, async (test) => {
    using process = await TestProcess.start(start(test));
    files.set(test, process.loaded);
    report(`${files.size} of ${options.tests.length} test files pass without a mutant`);
  });
  const results = new Map<string, Result>();
  const reached = rankReach(options.instrumented.mutants, files);
  for (const mutant of mutants) {
    if (!reached.has(mutant.id)) results.set(mutant.id, { mutant, status: 'not covered' });
  }
  // The best test file kills most, then the next two. All others have little left.
  for (const [from, to] of [[0, 1], [1, 3], [3]] as const) {
    const jobs = new Map<string, Job[]>();
    for (const mutant of mutants) {
      if (results.has(mutant.id)) continue;
      for (const each of (reached.get(mutant.id) ?? []).slice(from, to))
        addTo(jobs, each.file, { mutant, reach: each });
    }
    await runJobs(jobs);
  }
  return mutants.map((mutant) => results.get(mutant.id) ?? { mutant, status: 'survived' });

  async function runJobs(jobs: ReadonlyMap<string, readonly Job[]>): Promise<void> {
    let done = 0;
    const byCost = [...jobs].sort(([a], [b]) => sum(files.get(a)?.times) - sum(files.get(b)?.times));
    await inParallel(byCost, options.workers, async ([file, list]) => {
      const pending = list.toSorted((a, b) => Number(a.reach.reload) - Number(b.reach.reload));
      const known = files.get(file);
      await runFile({ ...start(file), ...(known && { known }) }, pending, results);
      done += 1;
      report(`${results.size} of ${mutants.length} mutants decided, ${done} of ${jobs.size} test files`);
    });
  }
}

interface Job {
  readonly mutant: Mutant;
  readonly reach: Reach;
}

/** Runs one test file with the mutants that are still undecided, in as few processes as it can. */
async function runFile(start: Start, jobs: readonly Job[], results: Map<string, Result>): Promise<void> {
  let process: TestProcess | undefined;
  let reloads = 0;
  try {
    for (const { mutant, reach } of jobs) {
      if (results.has(mutant.id)) continue;
      let outcome: Outcome | Failed = { kind: 'spoiled' };
      // If the state of a process spoils the outcome, a new one decides: with all tests, and modules of its own.
      for (let attempt = 0; attempt < 3 && isDoubtful(outcome, attempt); attempt += 1) {
        if (attempt > 0 || reloads >= mostReloads) {
          process?.[Symbol.dispose]();
          process = undefined;
        }
        if (process === undefined) {
          process = await TestProcess.start(start);
          reloads = 0;
        }
        const order = createOrder(mutant, attempt < 2 ? reach : { ...reach, tests: undefined, reload: true });
        if (order.reload) reloads += 1;
        outcome = await process.examine(order, findTimeLimit(process.loaded, order));
      }
      if (typeof outcome === 'string') {
        process?.[Symbol.dispose]();
        process = undefined;
      }
      const status = findStatus(outcome);
      if (status === 'survived') continue;
      const by = typeof outcome !== 'string' && outcome.kind === 'killed' ? outcome.by : String(outcome);
      results.set(mutant.id, { mutant, status, by: `${start.test}: ${by}` });
    }
  } finally {
    process?.[Symbol.dispose]();
  }
}

/** How a process failed. */
type Failed = 'took too long' | 'ended';

/** @param attempts how many there have been. A test that takes too long runs once more: other programs may have slowed it */
function isDoubtful(outcome: Outcome | Failed, attempts: number): boolean {
  if (typeof outcome === 'string') return outcome === 'took too long' && attempts === 1;
  return outcome.kind === 'spoiled';
}

function findStatus(outcome: Outcome | Failed): Status {
  // A process ends when its test waits for nothing that can come, or has used all memory.
  if (typeof outcome === 'string') return 'timed out';
  if (outcome.kind === 'killed') return outcome.endless ? 'timed out' : 'killed';
  return 'survived';
}

function createOrder(mutant: Mutant, { tests, hits, reload }: Reach): Order {
  return { mutant: mutant.id, ...(tests && { tests }), hitLimit: 1000 + 100 * hits, reload };
}

/** In milliseconds: more than each test needs on a machine that is as busy as when it ran without a mutant. */
function findTimeLimit({ times, loading }: Loaded, { tests = [...times.keys()], reload }: Order): number {
  return 3000 + 6 * Math.max(reload ? loading : 0, ...tests.map((test) => times[test] ?? 0));
}

/** Which test files reach each mutant, those first that are most likely to kill it. */
function rankReach(
  mutants: readonly Mutant[],
  files: ReadonlyMap<string, Loaded>,
): Map<string, readonly Reach[]> {
  const sources = new Map(mutants.map(({ id, file }) => [id, file]));
  const found = new Map<string, Reach[]>();
  /** By source and test file, how many mutants the tests reach. */
  const concern = new Map<string, number>();
  for (const [file, loaded] of files) {
    const inTests = new Set(Object.values(loaded.coverage.perTest).flatMap(Object.keys));
    for (const [id, reach] of readReach(file, loaded)) {
      const source = sources.get(id);
      if (source === undefined) continue;
      addTo(found, id, reach);
      const key = `${source} ${file}`;
      if (inTests.has(id)) concern.set(key, (concern.get(key) ?? 0) + 1);
    }
  }
  const count = (source: string, { file }: Reach): number => concern.get(`${source} ${file}`) ?? 0;
  const rank = (source: string, reach: Reach): number =>
    findCloseness(source, reach.file) * count(source, reach);
  return new Map(
    mutants.flatMap((mutant) => {
      const all = found.get(mutant.id)?.sort((a, b) => rank(mutant.file, b) - rank(mutant.file, a));
      if (all === undefined) return [];
      // Nearly every file loads nearly every module. Those whose tests then run nothing of it have no part in it.
      const concerned = all.filter((each) => count(mutant.file, each) > 0);
      const reach = concerned.length > 0 ? concerned : all;
      return [[mutant.id, reach] as const];
    }),
  );
}

/** How much likelier a test file kills mutants of a source than one elsewhere: it stands where the source stands, or beside. */
function findCloseness(source: string, test: string): number {
  const mirror = `test/${source.replace(/\.ts$/, '.test.ts')}`;
  return test === mirror ? 1e6 : dirname(test) === dirname(mirror) ? 1.5 : 1;
}

function readReach(file: string, { coverage, repeatable }: Loaded): Map<string, Reach> {
  const reach = new Map<string, { tests: number[] | undefined; hits: number }>();
  for (const [test, counts] of Object.entries(coverage.perTest)) {
    for (const [id, hits] of Object.entries(counts)) {
      const known = reach.get(id) ?? { tests: [], hits: 0 };
      const tests = test === 'all' ? undefined : known.tests && [...known.tests, Number(test)];
      reach.set(id, { tests, hits: known.hits + hits });
    }
  }
  for (const [id, hits] of Object.entries(coverage.static)) {
    reach.set(id, { tests: undefined, hits: hits + (reach.get(id)?.hits ?? 0) });
  }
  return new Map(
    [...reach].map(([id, each]) => [id, { file, ...each, reload: !repeatable || id in coverage.static }]),
  );
}

function createStart({ root, instrumented, tests }: RunOptions): (test: string) => Start {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  // As `test/synthesis/start.mjs` does.
  const environment = { TEST_SIGNING_KEY: String(privateKey.export({ type: 'pkcs8', format: 'pem' })) };
  if (tests.length === 0) throw new Error('There are no test files.');
  return (test) => ({ root, test, code: instrumented.code, environment });
}

/** Works through a list, several at a time. */
async function inParallel<Item>(
  items: readonly Item[],
  workers: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: workers }, worker));
}

function addTo<Item>(lists: Map<string, Item[]>, key: string, item: Item): void {
  const list = lists.get(key) ?? [];
  list.push(item);
  lists.set(key, list);
}

function sum(values: readonly (number | undefined)[] = []): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}
