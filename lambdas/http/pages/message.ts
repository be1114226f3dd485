import type { ErrorPage } from '../../core/errors.ts';
import type { LoginPurpose } from '../../core/flow/login-attempt.ts';
import type { ReturnAddress } from '../../core/flow/return-to.ts';
import { buildStartUrl, returnToParameter } from '../../core/flow/start-again.ts';
import { type Language, otherLanguage } from '../../core/language.ts';
import type { PageName } from './page-file.ts';
import type { Pages } from './pages.ts';

/** What a page says that answers a request which can't be made once more: all that it takes to show it again. */
export interface Message {
  readonly page: PageName;
  readonly language: Language;
  /** Of the request that it answered, see `shortenRequestId`; absent on a page that tells of no error. */
  readonly reference?: string;
  /** What the user was doing, as far as it is known: there "start again" leads. */
  readonly startAgain?: { readonly purpose: LoginPurpose; readonly returnTo: ReturnAddress };
}

/** @returns the whole HTML page, whose one action leads on, and which links to itself in the other language */
export function renderMessage(pages: Pages, publicUrl: string, message: Message): string {
  const { page, language, reference } = message;
  return pages.render(page, language, {
    ...(reference === undefined ? {} : { reference }),
    actionUrl: startAgainUrl(publicUrl, message),
    languageUrl: messageUrl(publicUrl, { ...message, language: otherLanguage(language) }),
  });
}

/** Where the message can be had without anything happening: see `login/read-message.ts`. */
function messageUrl(publicUrl: string, { page, language, reference, startAgain }: Message): string {
  const query = new URLSearchParams({
    page,
    ...(reference === undefined ? {} : { reference }),
    ...(startAgain === undefined ? {} : { purpose: startAgain.purpose, ...returnToParameter(startAgain) }),
    lang: language,
  });
  return `${publicUrl}/message?${query}`;
}

function startAgainUrl(publicUrl: string, { startAgain, language }: Message): string {
  return startAgain === undefined
    ? `${publicUrl}/login?lang=${language}`
    : buildStartUrl(publicUrl, { ...startAgain, language });
}

/**
 * The page in its variant for what the user was doing.
 *
 * @param signsOut whether it is signing out that failed
 */
export function errorPageFor(
  page: ErrorPage,
  { signsOut, purpose }: { readonly signsOut: boolean; readonly purpose: LoginPurpose | undefined },
): PageName {
  // Nobody may leave in the belief that they are signed out.
  if (signsOut && page !== 'not-found') return 'sign-out-problem';
  return page === 'denied' && purpose === 'prove-identity' ? 'identity-denied' : page;
}
