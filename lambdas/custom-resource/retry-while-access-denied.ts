import type { Clock } from '../core/ports.ts';

/** Milliseconds until a new permission applies everywhere in AWS. */
const permissionsSettleWithin = 40_000;
const pauseBetweenTries = 3_000;

/**
 * Retries for 40 seconds while AWS does not accept the role, because the role was created in the same deployment, and IAM is eventually
 * consistent.
 *
 * @param work may be called several times
 * @throws the error of `work`, when it is another one or the time is over
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_general.html#troubleshoot_general_eventual-consistency
 */
export async function retryWhileAccessDenied<T>(work: () => Promise<T>, clock: Clock): Promise<T> {
  const giveUpAt = clock.now() + permissionsSettleWithin;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isAccessDenied(error) || clock.now() + pauseBetweenTries > giveUpAt) throw error;
    }
    await clock.wait(pauseBetweenTries);
  }
}

/** AWS returns the second for the credentials of a role that was created moments ago. */
const errorsOfYoungRoles = ['AccessDeniedException', 'UnrecognizedClientException'];

/** Whether it is AWS's error, or one of ours with that as its cause. */
function isAccessDenied(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return errorsOfYoungRoles.includes(error.name) || isAccessDenied(error.cause);
}
