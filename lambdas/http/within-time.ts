import type { Context } from 'aws-lambda';
import { RelyingPartyError } from '../core/errors.ts';

/**
 * How long before the function's deadline the time of a request is over. The rest is for withdrawing a session and for the
 * response.
 */
const reserveMilliseconds = 2_000;

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
    end('the request has its response');
  }
}
