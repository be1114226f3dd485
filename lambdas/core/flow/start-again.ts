import { RelyingPartyError, type StartAgain } from '../errors.ts';

/** Marks a request that the callback repeats. With it, the callback does not repeat the request again. */
export const repeatParameter = 'repeat';

/**
 * Adds the target of "start again" to an error of ours.
 *
 * @param startAgain its language is used when the error has none
 */
export function withStartAgain(
  error: unknown,
  { purpose, journey, returnTo, language }: StartAgain,
): unknown {
  if (!(error instanceof RelyingPartyError)) return error;
  return error.with({
    startAgain: {
      purpose,
      ...(journey === undefined ? {} : { journey }),
      returnTo,
      language: error.context.language ?? language,
    },
  });
}

/**
 * The URL of the route at which an attempt began, which is named after its purpose.
 *
 * @param publicUrl the outside URL up to and with `/auth`
 */
export function buildStartUrl(
  publicUrl: string,
  startAgain: StartAgain,
  more: Readonly<Record<string, string>> = {},
): string {
  const { purpose, language } = startAgain;
  const query = new URLSearchParams({ ...startParameters(startAgain), lang: language, ...more });
  return `${publicUrl}/${purpose}?${query}`;
}

/** After an in-person check the config, not the request, decides where the user goes. */
export function startParameters({
  purpose,
  journey,
  returnTo,
}: Omit<StartAgain, 'language'>): Record<string, string> {
  if (purpose === 'in-person-return') return {};
  return { ...(journey === undefined ? {} : { journey }), return_to: returnTo };
}
