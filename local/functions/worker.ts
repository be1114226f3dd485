/**
 * Runs in a worker thread in place of Lambda's Node runtime: loads the bundle, then passes it one event at a time.
 * Everything that the function wrote has arrived before its result is sent.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';
import type { FunctionError, WorkerInvocation, WorkerMessage, WorkerStart } from './worker-messages.ts';

type Handler = (event: unknown, context: unknown) => unknown;

const port = parentPort;
if (port === null) throw new Error('this module runs in a worker thread only');

// V8 frees buffers late: each of many threads would keep tens of megabytes that are not used.
const eventsPerCleanUp = 200;
setFlagsFromString('--expose-gc');
const cleanUp: () => void = runInNewContext('gc');

const handler = await load(workerData);
if (handler) {
  let events = 0;
  port.on('message', async (invocation: WorkerInvocation) => {
    const answer = await handle(handler, invocation);
    await Promise.all([flush(process.stdout), flush(process.stderr)]);
    port.postMessage(answer);
    events += 1;
    if (events % eventsPerCleanUp === 0) cleanUp();
  });
  post({ kind: 'ready' });
}

async function load({ moduleUrl, exportName, reroute }: WorkerStart): Promise<Handler | undefined> {
  if (reroute) rerouteFetch(reroute);
  try {
    const module: Record<string, unknown> = await import(moduleUrl);
    const exported = module[exportName];
    if (typeof exported === 'function') return exported as Handler;
    post({
      kind: 'failed',
      error: { errorType: 'Runtime.HandlerNotFound', errorMessage: `there is no export ${exportName}` },
    });
  } catch (error) {
    post({ kind: 'failed', error: describe(error) });
  }
  return undefined;
}

function rerouteFetch({ from, to }: NonNullable<WorkerStart['reroute']>): void {
  const { fetch } = globalThis;
  globalThis.fetch = (input, init) => {
    const isMoved = typeof input === 'string' && input.startsWith(`${from}/`);
    return fetch(isMoved ? `${to}${input.slice(from.length)}` : input, init);
  };
}

async function handle(handler: Handler, invocation: WorkerInvocation): Promise<WorkerMessage> {
  const { event, awsRequestId, deadline, identity } = invocation;
  const context = {
    ...identity,
    awsRequestId,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(deadline - Date.now(), 0),
  };
  try {
    return { kind: 'returned', payload: JSON.stringify((await handler(event, context)) ?? null) };
  } catch (error) {
    return { kind: 'failed', error: describe(error) };
  }
}

function describe(error: unknown): FunctionError {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error) };
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
}

function flush(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()));
}

function post(message: WorkerMessage): void {
  port?.postMessage(message);
}
