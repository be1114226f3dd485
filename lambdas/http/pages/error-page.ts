import type { ErrorPage, StartAgain } from '../../core/errors.ts';
import { escapeHtml, renderPage } from './page.ts';

/** What each error page says: what happened, and what to do. */
const texts: Readonly<Record<ErrorPage, { title: string; text: string; action: string | undefined }>> = {
  problem: {
    title: 'Sorry, there is a problem with the service',
    text: 'You have not been signed in. Try again later.',
    action: 'Try again',
  },
  'temporarily-unavailable': {
    title: 'GOV.UK One Login is temporarily unavailable',
    text: 'You have not been signed in. Try again in a few minutes.',
    action: 'Try again',
  },
  'service-unavailable': {
    title: 'You cannot use this service at the moment',
    text: 'You will be able to use the service later.',
    action: undefined,
  },
  'start-again': {
    title: 'You need to sign in again',
    text: 'Your sign-in has been used already, has expired or could not be completed.',
    action: 'Sign in again',
  },
  denied: {
    title: 'You have not been signed in',
    text: 'Signing in was cancelled or could not be completed. You can try again.',
    action: 'Sign in again',
  },
  'switched-browser': {
    title: 'You need to sign in again',
    text: 'You may have started in another browser or device, or your browser may be blocking cookies. Sign in again in this browser.',
    action: 'Sign in again',
  },
  'not-found': {
    title: 'Page not found',
    text: 'If you typed the web address, check it is correct.',
    action: undefined,
  },
};

/** What they say instead where signing out failed: nobody may leave in the belief that they are signed out. */
const signOutTexts: Readonly<Partial<Record<ErrorPage, string>>> = {
  problem: 'You may still be signed in. Try again later.',
  'temporarily-unavailable': 'You may still be signed in. Try again in a few minutes.',
};

export interface ErrorPageOptions {
  readonly serviceName: string;
  readonly publicUrl: string;
  /** The request id: what the user can quote and the logs know. */
  readonly reference: string;
  readonly startAgain: StartAgain | undefined;
  /** Whether it is signing out that failed. */
  readonly signsOut: boolean;
}

/** @returns the whole HTML page, whose one action starts the sign-in, or the sign-out, again */
export function renderErrorPage(
  page: ErrorPage,
  { serviceName, publicUrl, reference, startAgain, signsOut }: ErrorPageOptions,
): string {
  const { title, action } = texts[page];
  const text = (signsOut && signOutTexts[page]) || texts[page].text;
  const url = signsOut ? `${publicUrl}/logout` : startAgainUrl(publicUrl, startAgain);
  const link = `<p><a href="${escapeHtml(url)}" role="button">${action}</a></p>\n`;
  return renderPage({
    title,
    serviceName,
    body: `<p>${text}</p>\n${action === undefined ? '' : link}<p>Reference: ${escapeHtml(reference)}</p>`,
  });
}

/** Back to the route that the attempt began at: each is named after its purpose. */
function startAgainUrl(publicUrl: string, startAgain: StartAgain | undefined): string {
  if (startAgain === undefined) return `${publicUrl}/login`;
  const { purpose, returnTo, language } = startAgain;
  const query = new URLSearchParams({
    ...(purpose === 'in-person-return' ? {} : { return_to: returnTo }),
    lang: language,
  });
  return `${publicUrl}/${purpose}?${query}`;
}
