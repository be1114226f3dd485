import assert from 'node:assert/strict';
import { errorTable, RelyingPartyError } from '../../lambdas/core/errors.ts';
import { leaksIn } from '../../test/support/leaks.ts';
import { mark } from './hostile-values.ts';

/**
 * Runs a function of the core on hostile input. It may refuse by the project's error class only, with a code of the table, and
 * its message contains nothing of the input.
 *
 * @param codes how the code must begin
 * @returns the result, or undefined if it was refused
 */
export async function expectRefusalOrResult<Result>(
  run: () => Result | Promise<Result>,
  codes: RegExp,
): Promise<Result | undefined> {
  try {
    return await run();
  } catch (error) {
    assert(
      error instanceof RelyingPartyError,
      `it threw ${error instanceof Error ? error.stack : String(error)}`,
    );
    assert(error.code in errorTable && codes.test(error.code), `it threw ${error.code}`);
    assert.deepEqual(leaksIn(error.message, { mark }), [], 'the message contains what was sent');
    return undefined;
  }
}
