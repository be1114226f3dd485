import { withSignal } from './core/flow/with-signal.ts';
import type { Clock } from './core/ports.ts';

/** Whatever is not done by then is left to the first request. */
const limitMilliseconds = 500;

/**
 * Does what the first request would otherwise wait for, such as opening connections. Lambda loads a function before its first request, often
 * minutes before. Resolves after half a second at the latest. Errors are ignored: the request meets them as well.
 *
 * @param clock measures the half second
 * @param work begun at once, with a signal that is aborted when the time is over
 */
export async function primeFunction(
  clock: Pick<Clock, 'wait'>,
  ...work: readonly ((signal: AbortSignal) => Promise<unknown>)[]
): Promise<void> {
  const end = new AbortController();
  const limit = withSignal({ clock }, end.signal).clock.wait(limitMilliseconds);
  await Promise.race([Promise.allSettled(work.map(async (each) => each(end.signal))), limit]);
  end.abort();
}
