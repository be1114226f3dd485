import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { connect } from './peer.ts';

/** Room for what the requests of a moment need. By default V8 takes about 100 MB in each thread before it cleans up. */
const youngMegabytes = 24;

/**
 * Starts a part of the environment in a thread of its own, where it does not wait for the others.
 *
 * @param module the URL of the thread's module, without the extension
 * @param ours what the thread can call
 * @returns how to call its functions, and how to end it with its servers and connections
 */
export function startThread<Theirs extends Parameters<typeof connect>[1]>(
  module: URL,
  ours: Parameters<typeof connect>[1],
) {
  const worker = new Worker(new URL(module.href + path.extname(import.meta.filename)), {
    execArgv: [],
    resourceLimits: { maxYoungGenerationSizeMb: youngMegabytes },
  });
  return { call: connect<Theirs>(worker, ours), end: () => worker.terminate() };
}
