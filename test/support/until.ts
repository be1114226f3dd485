import { setTimeout } from 'node:timers/promises';

/** The time limit, in milliseconds. */
const limit = 20_000;

/**
 * Resolves as soon as something has happened.
 *
 * @param what for the message when it does not
 * @throws Error when it has not after 20 seconds
 */
export async function until(what: string, happened: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + limit;
  while (!(await happened())) {
    if (performance.now() > end) throw new Error(`this did not happen: ${what}`);
    await setTimeout(5);
  }
}
