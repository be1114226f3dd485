import type { MessagePort, Worker } from 'node:worker_threads';

// biome-ignore lint/suspicious/noExplicitAny: each function has parameters of its own
type Functions = Readonly<Record<string, (...args: any[]) => unknown>>;

/** Calls a function of the other thread. Rejects with its error, of which the message and the code are left. */
export type Call<Theirs extends Functions> = <Name extends keyof Theirs & string>(
  name: Name,
  ...args: Parameters<Theirs[Name]>
) => Promise<Awaited<ReturnType<Theirs[Name]>>>;

type Message =
  | { readonly id: number; readonly name: string; readonly args: readonly unknown[] }
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: { readonly message: string; readonly code: unknown } };

/**
 * Connects two threads, each of which can call functions of the other.
 *
 * @param ours what the other thread can call. Arguments and results are copied
 */
export function connect<Theirs extends Functions>(
  port: MessagePort | Worker | null,
  ours: Functions,
): Call<Theirs> {
  if (port === null) throw new Error('this module runs in a worker thread only');
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let count = 0;
  port.on('message', async (message: Message) => {
    if ('name' in message) {
      port.postMessage(await run(ours, message.id, message.name, message.args));
      return;
    }
    const call = waiting.get(message.id);
    waiting.delete(message.id);
    if ('error' in message) call?.reject(Object.assign(new Error(message.error.message), message.error));
    else call?.resolve(message.value);
  });
  return (name, ...args) => {
    count += 1;
    const call = Promise.withResolvers<Awaited<ReturnType<Theirs[typeof name]>>>();
    waiting.set(count, call as PromiseWithResolvers<unknown>);
    port.postMessage({ id: count, name, args } satisfies Message);
    return call.promise;
  };
}

async function run(ours: Functions, id: number, name: string, args: readonly unknown[]): Promise<Message> {
  try {
    return { id, value: await ours[name]?.(...args) };
  } catch (error) {
    const { message, code }: { message?: unknown; code?: unknown } = Object(error);
    return { id, error: { message: String(message ?? error), code } };
  }
}
