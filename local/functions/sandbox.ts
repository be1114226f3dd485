import path from 'node:path';
import type { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import type { FunctionError, WorkerInvocation, WorkerMessage, WorkerStart } from './worker-messages.ts';

export interface SandboxOptions extends WorkerStart {
  /** The whole environment of the thread: it does not see this process's. */
  readonly environment: Readonly<Record<string, string>>;
  /** Milliseconds that loading the bundle may take. */
  readonly initTimeout: number;
  readonly onLine: (line: string) => void;
}

/** Why an environment did not start, or an invocation failed. */
export interface SandboxFailure {
  readonly kind: 'failed';
  readonly error: FunctionError;
}

/** The result of an invocation. */
export type SandboxAnswer = { readonly kind: 'returned'; readonly payload: string } | SandboxFailure;

/**
 * The memory of a thread: what a function needs for one event, and several times what it needs for all. With more room V8
 * cleans up later, and every thread keeps tens of megabytes that are not used.
 */
const resourceLimits = { maxYoungGenerationSizeMb: 6, maxOldGenerationSizeMb: 128 };

/** One execution environment of a function: a worker thread which handles one event at a time. */
export class Sandbox {
  readonly #worker: Worker;
  readonly #initTimeout: number;
  #next = Promise.withResolvers<WorkerMessage>();
  #alive = true;

  constructor({ environment, initTimeout, onLine, ...start }: SandboxOptions) {
    this.#initTimeout = initTimeout;
    const extension = path.extname(import.meta.filename);
    this.#worker = new Worker(new URL(`./worker${extension}`, import.meta.url), {
      workerData: start satisfies WorkerStart,
      env: { ...environment },
      execArgv: [],
      resourceLimits,
      stdout: true,
      stderr: true,
    });
    readLines(this.#worker.stdout, onLine);
    readLines(this.#worker.stderr, onLine);
    this.#worker.on('message', (message: WorkerMessage) => this.#next.resolve(message));
    this.#worker.on('error', (error: unknown) => {
      this.#alive = false;
      this.#fail('Runtime.UnhandledError', String(error));
    });
    this.#worker.on('exit', (code) => {
      this.#alive = false;
      this.#fail('Runtime.ExitError', `the function ended its process with status ${code}`);
    });
  }

  /** Whether it can handle another event. */
  get alive(): boolean {
    return this.#alive;
  }

  /** Waits until the bundle has been loaded. @returns why it could not be */
  async start(): Promise<SandboxFailure | undefined> {
    const problem = 'loading the bundle timed out';
    const started = await this.#answerWithin(this.#initTimeout, 'Runtime.InitTimeout', problem);
    if (started.kind !== 'failed') return undefined;
    await this.stop();
    return started;
  }

  /**
   * Handles one event. Must not be called before it has started, nor again before it is settled.
   *
   * @param timeout milliseconds; then the thread is ended
   */
  async invoke(invocation: Omit<WorkerInvocation, 'deadline'>, timeout: number): Promise<SandboxAnswer> {
    this.#next = Promise.withResolvers<WorkerMessage>();
    this.#worker.postMessage({ ...invocation, deadline: Date.now() + timeout } satisfies WorkerInvocation);
    const problem = `RequestId: ${invocation.awsRequestId} Error: Task timed out after ${(timeout / 1000).toFixed(2)} seconds`;
    const answer = await this.#answerWithin(timeout, 'Sandbox.Timedout', problem);
    return answer.kind === 'ready' ? failure('Runtime.ProtocolError', 'the worker started twice') : answer;
  }

  async stop(): Promise<void> {
    this.#alive = false;
    await this.#worker.terminate();
  }

  async #answerWithin(milliseconds: number, errorType: string, errorMessage: string): Promise<WorkerMessage> {
    const timer = setTimeout(() => this.#fail(errorType, errorMessage), milliseconds);
    const answer = await this.#next.promise;
    clearTimeout(timer);
    if (answer.kind === 'failed' && answer.error.errorType === errorType) await this.stop();
    return answer;
  }

  #fail(errorType: string, errorMessage: string): void {
    this.#next.resolve(failure(errorType, errorMessage));
  }
}

export function failure(errorType: string, errorMessage: string): SandboxFailure {
  return { kind: 'failed', error: { errorType, errorMessage } };
}

/** Calls `onLine` with each line of a stream, without its line break, and at the end with the rest. */
export function readLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(onLine);
  });
  stream.on('end', () => {
    if (rest !== '') onLine(rest);
  });
}
