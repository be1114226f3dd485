import { RelyingPartyError, type StartAgain } from '../errors.ts';

/** Tells an error of ours where "start again" leads. @returns the error */
export function withStartAgain(error: unknown, { purpose, returnTo, language }: StartAgain): unknown {
  if (error instanceof RelyingPartyError) error.startAgain = { purpose, returnTo, language };
  return error;
}
