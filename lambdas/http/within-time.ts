import type { Context } from 'aws-lambda';
import { RelyingPartyError } from '../core/errors.ts';

/**
 * How long before the function's own end the time of a request is over. What is left is for withdrawing what must not
 * stand, and for the answer.
 */
const reserveMilliseconds = 2_000;

/**
 * Runs what a request asks for, within the function's time.
 *
 * @param run its signal is aborted when the time is over, and also when it has come to an end: then nothing that it
 *   began goes on
 * @throws RelyingPartyError `deadline_exceeded` from what was called with the signal
 */
export async function withinTime<T>(
  context: Partial<Pick<Context, 'getRemainingTimeInMillis'>>,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const end = (message: string) => controller.abort(new RelyingPartyError('deadline_exceeded', message));
  const remaining = context.getRemainingTimeInMillis?.();
  const timer =
    remaining === undefined
      ? undefined
      : setTimeout(() => end('the function ran out of time'), Math.max(0, remaining - reserveMilliseconds));
  try {
    return await run(controller.signal);
  } finally {
    clearTimeout(timer);
    end('the request has been answered');
  }
}
