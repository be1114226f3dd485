import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { CpuShare } from './cpu-share.ts';

/** What a process loads and handles events with. */
export interface FunctionSource {
  /** An absolute path. */
  readonly file: string;
  readonly exportName: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface ProcessOptions {
  /** @default all of the machine */
  readonly share?: CpuShare | undefined;
  /** Lets {@link FunctionProcess.measureMemory} collect garbage. @default false */
  readonly collectable?: boolean;
}

/** What handling an event came to. */
export interface Invocation {
  readonly answer: unknown;
  /** From the event to the response, within the process. */
  readonly milliseconds: number;
  /** CPU time of the process since the invocation before, or since its start, in milliseconds: of all its threads. */
  readonly cpu: number;
}

/** A function in a process of its own. */
export interface FunctionProcess {
  /** Milliseconds that the import took. */
  readonly imported: number;
  invoke(event: unknown): Promise<Invocation>;
  /** Bytes of the heap in use after garbage collection, and of the whole process. */
  measureMemory(): Promise<{ readonly heapUsed: number; readonly rss: number }>;
  stop(): Promise<void>;
}

interface CpuUsage {
  readonly user: number;
  readonly system: number;
}

interface Message {
  readonly imported?: number;
  readonly answer?: string;
  readonly milliseconds?: number;
  readonly cpu?: CpuUsage;
  readonly memory?: { readonly heapUsed: number; readonly rss: number };
}

const script = join(import.meta.dirname, 'process.cjs');

/** Starts a process. Resolves when the module is loaded. @throws Error if the process ends */
export async function startFunctionProcess(
  { file, exportName, environment }: FunctionSource,
  { share, collectable = false }: ProcessOptions = {},
): Promise<FunctionProcess> {
  const node = [process.execPath, ...(collectable ? ['--expose-gc'] : []), script, file, exportName];
  const [command = '', ...args] =
    share === undefined ? node : ['sh', '-c', 'echo $$ > "$0" && exec "$@"', share.processesFile, ...node];
  const child = spawn(command, args, {
    env: {
      ...environment,
      PATH: process.env['PATH'] ?? '',
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const receive = createReceiver(child);
  let used = 0;
  const countCpu = ({ user, system }: CpuUsage) => {
    const since = (user + system) / 1000 - used;
    used += since;
    return since;
  };
  const { imported = Number.NaN, cpu: started } = await receive();
  if (started) countCpu(started);
  const ask = (message: object) => {
    child.send(message);
    return receive();
  };
  return {
    imported,
    invoke: async (event) => {
      const { answer, milliseconds, cpu } = await ask({ event: JSON.stringify(event) });
      if (answer === undefined || milliseconds === undefined || cpu === undefined) {
        throw new Error('the process did not respond');
      }
      return { answer: JSON.parse(answer), milliseconds, cpu: countCpu(cpu) };
    },
    measureMemory: async () => {
      const { memory } = await ask({ memory: true });
      if (memory === undefined) throw new Error('the process did not measure its memory');
      return memory;
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function createReceiver(child: ChildProcess): () => Promise<Message> {
  let next = Promise.withResolvers<Message>();
  child.on('message', (message: Message) => next.resolve(message));
  child.on('exit', (code, signal) => {
    next.reject(new Error(`the function's process ended with ${code ?? signal}`));
    // There may be no caller that waits.
    next.promise.catch(() => undefined);
  });
  return async () => {
    const message = await next.promise;
    next = Promise.withResolvers();
    return message;
  };
}
