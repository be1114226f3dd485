import type { ErrorPage, StartAgain } from '../../core/errors.ts';
import type { LoginPurpose } from '../../core/flow/login-attempt.ts';
import { buildStartUrl, startParameters } from '../../core/flow/start-again.ts';
import { type Language, otherLanguage } from '../../core/language.ts';
import type { PageName } from './page-file.ts';
import type { Pages } from './pages.ts';

/** A page in response to a request that can't be repeated, with everything that is needed to show it again. */
export interface Message {
  readonly page: PageName;
  readonly language: Language;
  /** See `shortenRequestId`. Absent on a page that is not about an error. */
  readonly reference?: string;
  /** The target of "start again", as far as it is known. */
  readonly startAgain?: Omit<StartAgain, 'language'>;
}

/** Renders the page with a link to itself in the other language. */
export function renderMessage(pages: Pages, publicUrl: string, message: Message): string {
  const { page, language, reference } = message;
  return pages.render(page, language, {
    ...(reference === undefined ? {} : { reference }),
    actionUrl: buildStartAgainUrl(publicUrl, message),
    languageUrl: buildMessageUrl(publicUrl, { ...message, language: otherLanguage(language) }),
  });
}

/** The URL that shows the message again without any effect, see `login/read-message.ts`. */
function buildMessageUrl(publicUrl: string, { page, language, reference, startAgain }: Message): string {
  const query = new URLSearchParams({
    page,
    ...(reference === undefined ? {} : { reference }),
    ...(startAgain === undefined ? {} : { purpose: startAgain.purpose, ...startParameters(startAgain) }),
    lang: language,
  });
  return `${publicUrl}/message?${query}`;
}

function buildStartAgainUrl(publicUrl: string, { startAgain, language }: Message): string {
  return startAgain === undefined
    ? `${publicUrl}/login?lang=${language}`
    : buildStartUrl(publicUrl, { ...startAgain, language });
}

/**
 * Chooses the variant of the page for what the user was doing.
 *
 * @param signsOut whether signing out failed
 */
export function chooseErrorPage(
  page: ErrorPage,
  { signsOut, purpose }: { readonly signsOut: boolean; readonly purpose: LoginPurpose | undefined },
): PageName {
  // The page must not suggest that the user is signed out.
  if (signsOut && page !== 'not-found') return 'sign-out-problem';
  return page === 'denied' && purpose === 'prove-identity' ? 'identity-denied' : page;
}
