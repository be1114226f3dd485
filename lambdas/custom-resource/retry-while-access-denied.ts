import type { Clock } from '../core/ports.ts';

/** How long a new permission may take until AWS knows of it everywhere, in milliseconds. */
const permissionsSettleWithin = 40_000;
const pauseBetweenTries = 3_000;

/**
 * Does something that a role may be too young for: it was created in the same deployment, and IAM is eventually
 * consistent. What is refused is tried again for 40 seconds.
 *
 * @param work may be called several times
 * @throws what `work` throws, when it is no refusal or the time is over
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_general.html#troubleshoot_general_eventual-consistency
 */
export async function retryWhileAccessDenied<T>(work: () => Promise<T>, clock: Clock): Promise<T> {
  const giveUpAt = clock.now() + permissionsSettleWithin;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isRefusal(error) || clock.now() + pauseBetweenTries > giveUpAt) throw error;
    }
    await clock.wait(pauseBetweenTries);
  }
}

/** AWS's own error, or one of ours with that as its cause. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'AccessDeniedException' || isRefusal(error.cause);
}
