import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Loaded, Order, Outcome, Start } from './messages.ts';

const worker = fileURLToPath(new URL('./worker.ts', import.meta.url));

/** The limit for a file that hangs without any mutant. */
const mostLoadingMilliseconds = 120_000;

/** A process with one test file in it. It must be stopped. */
export class TestProcess implements Disposable {
  readonly #child: ChildProcess;
  readonly loaded: Loaded;

  private constructor(child: ChildProcess, loaded: Loaded) {
    this.#child = child;
    this.loaded = loaded;
  }

  /** @throws {Error} if the tests fail without a mutant, twice: some have time limits that a busy machine exceeds */
  static async start(start: Start): Promise<TestProcess> {
    const first = await tryStart(start);
    const { child, loaded, failure } = first.failure === undefined ? first : await tryStart(start);
    if (loaded !== undefined && failure === undefined) return new TestProcess(child, loaded);
    throw new Error(`${start.test} fails without a mutant: ${failure}`);
  }

  /**
   * Runs tests with one mutant.
   *
   * @param milliseconds how long each test may take. After that, and if the process ends, it can't take another order.
   */
  examine(order: Order, milliseconds: number): Promise<Outcome | 'took too long' | 'ended'> {
    return exchange<Outcome>(this.#child, order, milliseconds);
  }

  [Symbol.dispose](): void {
    this.#child.kill('SIGKILL');
  }
}

async function tryStart(
  start: Start,
): Promise<{ readonly child: ChildProcess; readonly loaded?: Loaded; readonly failure: string | undefined }> {
  const child = fork(worker, {
    // What the tests print is of no interest.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: ['--no-warnings'],
    serialization: 'advanced',
  });
  const loaded = await exchange<Loaded>(child, start, mostLoadingMilliseconds);
  const failure = typeof loaded === 'string' ? `the process ${loaded}` : loaded.failure;
  if (typeof loaded !== 'string' && failure === undefined) return { child, loaded, failure };
  child.kill('SIGKILL');
  return { child, failure };
}

function exchange<Answer>(
  child: ChildProcess,
  message: Start | Order,
  milliseconds: number,
): Promise<Answer | 'took too long' | 'ended'> {
  return new Promise((resolve) => {
    const end = (result: Answer | 'took too long' | 'ended'): void => {
      clearTimeout(timer);
      child.removeAllListeners();
      resolve(result);
    };
    const timer = setTimeout(end, milliseconds, 'took too long');
    child.on('message', (answer) => (answer === 'entered' ? timer.refresh() : end(answer as Answer)));
    child.once('exit', () => end('ended'));
    child.once('error', () => end('ended'));
    child.send(message);
  });
}
