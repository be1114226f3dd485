import { RelyingPartyError, type StartAgain } from '../errors.ts';

/**
 * Tells an error of ours where "start again" leads.
 *
 * @param startAgain its language counts where the error does not know a better one
 * @returns the error
 */
export function withStartAgain(error: unknown, { purpose, returnTo, language }: StartAgain): unknown {
  if (error instanceof RelyingPartyError)
    error.startAgain = { purpose, returnTo, language: error.language ?? language };
  return error;
}
