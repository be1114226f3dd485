import { randomUUID } from 'node:crypto';
import { failure, Sandbox, type SandboxAnswer, type SandboxFailure } from './sandbox.ts';
import type { FunctionIdentity, WorkerStart } from './worker-messages.ts';

export interface LocalFunctionOptions extends WorkerStart {
  readonly logicalId: string;
  readonly identity: FunctionIdentity;
  readonly environment: Readonly<Record<string, string>>;
  /** Milliseconds that an invocation may take. */
  readonly timeout: number;
  /** Milliseconds that loading the bundle may take. @default 10 s, as in Lambda */
  readonly initTimeout?: number;
  /** How many events are handled at once; others wait. */
  readonly maximumConcurrency: number;
  /** Called with each line that the function writes, and with a line for each invocation that fails. */
  readonly onLine: (line: string) => void;
  /** Called for each execution environment that starts: Lambda opens a log stream for it. */
  readonly onStart?: () => void;
}

/** The outcome of an invocation: the parsed result, or the error as Lambda reports it. */
export type InvocationResult =
  | { readonly kind: 'returned'; readonly payload: unknown }
  | { readonly kind: 'failed'; readonly errorType: string; readonly errorMessage: string };

/** A function and its execution environments: one for each event at the same time, up to a limit. */
export class LocalFunction {
  readonly logicalId: string;
  readonly identity: FunctionIdentity;
  readonly #options: LocalFunctionOptions;
  readonly #idle: Sandbox[] = [];
  readonly #all = new Set<Sandbox>();
  /** The events that wait, in their order. Each gets an environment, or the reason why it gets none. */
  readonly #waiting: ((acquired: Sandbox | SandboxFailure) => void)[] = [];
  #starting = 0;
  #closed = false;

  constructor(options: LocalFunctionOptions) {
    this.logicalId = options.logicalId;
    this.identity = options.identity;
    this.#options = options;
  }

  /** Handles an event, which is converted to JSON and back as in Lambda. Never rejects. */
  async invoke(event: unknown): Promise<InvocationResult> {
    const awsRequestId = randomUUID();
    const acquired = await this.#acquire();
    const answer = 'kind' in acquired ? acquired : await this.#handle(acquired, event, awsRequestId);
    if (answer.kind === 'returned') return { kind: 'returned', payload: JSON.parse(answer.payload) };
    this.#logFailure(answer, awsRequestId);
    return { kind: 'failed', errorType: answer.error.errorType, errorMessage: answer.error.errorMessage };
  }

  /** Ends every execution environment. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#startForWaiting();
    await Promise.all([...this.#all].map((sandbox) => sandbox.stop()));
  }

  async #acquire(): Promise<Sandbox | SandboxFailure> {
    for (let sandbox = this.#idle.pop(); sandbox; sandbox = this.#idle.pop()) {
      if (sandbox.alive) return sandbox;
      this.#all.delete(sandbox);
    }
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#startForWaiting();
    });
  }

  async #handle(sandbox: Sandbox, event: unknown, awsRequestId: string): Promise<SandboxAnswer> {
    const invocation = {
      event: JSON.parse(JSON.stringify(event ?? null)),
      awsRequestId,
      identity: this.identity,
    };
    const answer = await sandbox.invoke(invocation, this.#options.timeout);
    this.#release(sandbox);
    return answer;
  }

  /** Gives an environment to the event that has waited longest, whichever event it was started for. */
  #release(sandbox: Sandbox): void {
    if (!sandbox.alive) {
      this.#all.delete(sandbox);
      this.#startForWaiting();
      return;
    }
    const next = this.#waiting.shift();
    if (next) next(sandbox);
    else this.#idle.push(sandbox);
  }

  /** Starts an environment if more events wait than environments are starting, up to the limit. */
  #startForWaiting(): void {
    if (this.#closed) {
      for (const give of this.#waiting.splice(0)) give(failure('Runtime.Ended', 'the function was removed'));
    } else if (this.#starting < this.#waiting.length && this.#all.size < this.#options.maximumConcurrency) {
      void this.#start();
    }
  }

  async #start(): Promise<void> {
    const {
      moduleUrl,
      exportName,
      reroute,
      environment,
      initTimeout = 10_000,
      onLine,
      onStart,
    } = this.#options;
    onStart?.();
    const sandbox = new Sandbox({ moduleUrl, exportName, reroute, environment, initTimeout, onLine });
    this.#all.add(sandbox);
    this.#starting += 1;
    const problem = await sandbox.start();
    this.#starting -= 1;
    if (problem === undefined) {
      this.#release(sandbox);
      return;
    }
    this.#all.delete(sandbox);
    const next = this.#waiting.shift();
    if (next) next(problem);
    else if (!this.#closed) this.#logFailure(problem);
    this.#startForWaiting();
  }

  /** Writes Lambda's line for an uncaught error. */
  #logFailure({ error }: SandboxFailure, requestId?: string): void {
    const { errorType, errorMessage, trace = [] } = error;
    const fields = { level: 'ERROR', requestId, errorType, errorMessage, stackTrace: trace };
    this.#options.onLine(JSON.stringify({ timestamp: new Date().toISOString(), ...fields }));
  }
}
