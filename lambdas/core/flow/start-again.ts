import { RelyingPartyError, type StartAgain } from '../errors.ts';

/** Marks a request that the callback makes once more by itself. Whoever adds it to a link gets no second repetition. */
export const repeatParameter = 'repeat';

/**
 * Adds to an error of ours where "start again" leads.
 *
 * @param startAgain its language counts where the error has no better one
 */
export function withStartAgain(error: unknown, { purpose, returnTo, language }: StartAgain): unknown {
  if (!(error instanceof RelyingPartyError)) return error;
  return error.with({ startAgain: { purpose, returnTo, language: error.context.language ?? language } });
}

/**
 * The route that an attempt began at, which is named after its purpose, with what was asked of it.
 *
 * @param publicUrl the outside URL up to and with `/auth`
 */
export function buildStartUrl(
  publicUrl: string,
  startAgain: StartAgain,
  more: Readonly<Record<string, string>> = {},
): string {
  const { purpose, language } = startAgain;
  const query = new URLSearchParams({ ...returnToParameter(startAgain), lang: language, ...more });
  return `${publicUrl}/${purpose}?${query}`;
}

/** The service decides where a return after an in-person check ends, not the request. */
export function returnToParameter({
  purpose,
  returnTo,
}: Pick<StartAgain, 'purpose' | 'returnTo'>): Record<string, string> {
  return purpose === 'in-person-return' ? {} : { return_to: returnTo };
}
