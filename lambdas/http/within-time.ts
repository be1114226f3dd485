import type { Context } from 'aws-lambda';
import { RelyingPartyError } from '../core/errors.ts';

/**
 * How long before the function's deadline the time of a request is over. The rest is for withdrawing a session and for the
 * response.
 */
const reserveMilliseconds = 2_000;

/** Made once: each error records where it was made, which takes longer than the rest of this function. */
const responded = new RelyingPartyError('deadline_exceeded', 'the request has its response');

/**
 * Runs a request within the function's time.
 *
 * @param run its signal is aborted when the time is over, and also when it has ended, so that nothing that it began goes on
 * @throws RelyingPartyError `deadline_exceeded` from calls with the signal
 */
export async function withinTime<T>(
  context: Partial<Pick<Context, 'getRemainingTimeInMillis'>>,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const outOfTime = () =>
    controller.abort(new RelyingPartyError('deadline_exceeded', 'the function ran out of time'));
  const remaining = context.getRemainingTimeInMillis?.();
  const timer =
    remaining === undefined ? undefined : setTimeout(outOfTime, Math.max(0, remaining - reserveMilliseconds));
  try {
    return await run(controller.signal);
  } finally {
    clearTimeout(timer);
    controller.abort(responded);
  }
}
