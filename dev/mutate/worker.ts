/**
 * A process that loads one test file with instrumented sources, and runs its tests with one mutant after the other, as
 * `TestProcess` orders.
 */
import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { join, relative } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Loaded, Order, Outcome, Start } from './messages.ts';
import type { Failure, RegisteredTests } from './registered-tests.ts';

/** How often mutants were passed, see `Coverage`. */
interface Counted {
  readonly static: Record<string, number>;
  readonly perTest: Record<string, Record<string, number>>;
}

/** What instrumented code reads and counts. */
const stryker: {
  activeMutant: string | null;
  currentTestId?: string;
  mutantCoverage?: Counted;
  hitCount: number;
  hitLimit: number;
} = { activeMutant: null, hitCount: 0, hitLimit: Number.POSITIVE_INFINITY };
Object.assign(globalThis, { __stryker__: stryker });

let strayError: unknown;
const keepStrayError = (error: unknown): void => {
  strayError ??= error ?? new Error('rejected with nothing');
};
process.on('uncaughtException', keepStrayError);
process.on('unhandledRejection', keepStrayError);

const globals = new URL('./jest-globals.ts', import.meta.url).href;
const { jest, registerAnew }: typeof import('./jest-globals.ts') = await import(globals);
let loads = 0;
let start: Start;
/** The modules that all orders without `reload` share. */
let shared: RegisteredTests;
let repeatable = false;

// Nothing is left to do when the driver has gone.
process.once('disconnect', () => process.exit());
process.on('message', async (message: Start | Order) => {
  // A test that waits for nothing that can come ends the process, at once.
  process.channel?.unref();
  const outcome = 'root' in message ? await begin(message) : await examine(message);
  process.channel?.ref();
  process.send?.(outcome);
});

/** Loads the test file, and runs it twice without a mutant: to see what each test reaches, and whether it does so again. */
async function begin(message: Start): Promise<Loaded> {
  start = message;
  Object.assign(process.env, start.environment);
  serveInstrumented(start);
  const begun = performance.now();
  const coverage: Counted = { static: {}, perTest: {} };
  stryker.mutantCoverage = coverage;
  shared = await load();
  const loading = performance.now() - begun;
  if (start.known) {
    repeatable = start.known.repeatable;
    stryker.currentTestId = 'later';
    return start.known;
  }
  const times: number[] = [];
  let entered: { test: number | undefined; at: number } | undefined;
  const failure = await runTests(shared, undefined, (test) => {
    const now = performance.now();
    if (entered?.test !== undefined) times[entered.test] = now - entered.at;
    entered = { test, at: now };
    // Without a test, the instrumented code counts for the whole file.
    stryker.currentTestId = test === undefined ? 'all' : String(test);
  });
  const reached = structuredClone(coverage);
  const again = await runTests(shared, undefined, (test) => {
    stryker.currentTestId = test === undefined ? 'again all' : `again ${test}`;
  });
  // What a test does not reach again is in code that runs once. Its result is kept, so that it counts as part of loading.
  for (const [test, counts] of Object.entries(reached.perTest)) {
    for (const [id, hits] of Object.entries(counts)) {
      if (!coverage.perTest[`again ${test}`]?.[id]) reached.static[id] = hits + (reached.static[id] ?? 0);
    }
  }
  // The instrumented code goes on counting, without an effect.
  stryker.currentTestId = 'later';
  repeatable = again === undefined;
  const why =
    failure && `${failure.title}\n${failure.error instanceof Error ? failure.error.stack : failure.error}`;
  return { kind: 'loaded', failure: why, loading, times, repeatable, coverage: reached };
}

async function examine({ mutant, tests: numbers, hitLimit, reload }: Order): Promise<Outcome> {
  const only = numbers === undefined ? undefined : new Set(numbers);
  const first = await runWith(mutant, hitLimit, reload, only);
  if (first === undefined) return { kind: 'survived' };
  const { failure, endless } = first;
  // A test that fails may leave its spies behind.
  jest.restoreAllMocks();
  // The mutant is the reason if the same test passes without it, and fails with it again.
  const again = new Set([failure.test]);
  if ((await runWith(null, hitLimit, !repeatable, again)) !== undefined) return { kind: 'spoiled' };
  if (!reload && !endless && (await runWith(mutant, hitLimit, false, again)) === undefined)
    return { kind: 'spoiled' };
  return { kind: 'killed', by: failure.title, endless };
}

async function runWith(
  mutant: string | null,
  hitLimit: number,
  reload: boolean,
  only: ReadonlySet<number> | undefined,
): Promise<{ failure: Failure; endless: boolean } | undefined> {
  Object.assign(stryker, { activeMutant: mutant, hitCount: 0, hitLimit });
  let tests = shared;
  let failure: Failure | undefined;
  try {
    if (reload) tests = await load();
    failure = await runTests(tests, only, () => process.send?.('entered'));
  } catch (error) {
    failure = { test: -1, title: `loading: ${String(error)}`, error };
  }
  const endless = stryker.hitCount > hitLimit;
  stryker.activeMutant = null;
  if (tests !== shared) await tests.close();
  return failure && { failure, endless };
}

/** Loads the test file and all of the project that it imports as new modules. */
async function load(): Promise<RegisteredTests> {
  loads += 1;
  const tests = registerAnew();
  await import(`${pathToFileURL(join(start.root, start.test)).href}?load=${loads}`);
  await tests.open();
  return tests;
}

async function runTests(
  tests: RegisteredTests,
  only?: ReadonlySet<number>,
  enter: (test: number | undefined) => void = () => undefined,
): Promise<Failure | undefined> {
  const takeStrayError = (): unknown => {
    const error = strayError;
    strayError = undefined;
    return error;
  };
  takeStrayError();
  return tests.run({ only, enter, takeStrayError });
}

function serveInstrumented({ root, code }: Start): void {
  const texts = new Map<string, string>();
  const rootUrl = `${pathToFileURL(root).href}/`;
  const belongsToProject = (url: string): boolean =>
    url.startsWith(rootUrl) && !url.includes('/node_modules/');
  registerHooks({
    resolve(specifier, context, nextResolve) {
      if (specifier === '@jest/globals') return { url: globals, shortCircuit: true };
      const resolved = nextResolve(specifier, context);
      const query = context.parentURL === undefined ? undefined : /\?load=\d+$/.exec(context.parentURL)?.[0];
      const isNew = query !== undefined && resolved.url.endsWith('.ts') && belongsToProject(resolved.url);
      return isNew ? { ...resolved, url: `${resolved.url}${query}` } : resolved;
    },
    load(url, context, nextLoad) {
      if (!/\.ts\?load=\d+$/.test(url)) return nextLoad(url, context);
      const path = fileURLToPath(url);
      const text =
        texts.get(path) ?? code[relative(root, path)] ?? stripTypeScriptTypes(readFileSync(path, 'utf8'));
      texts.set(path, text);
      // Stack traces name the file as they do elsewhere.
      const source = `${text}\n//# sourceURL=${url.replace(/\?.*/, '')}`;
      return { format: 'module', source, shortCircuit: true };
    },
  });
}
