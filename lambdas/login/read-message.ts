import { RelyingPartyError } from '../core/errors.ts';
import type { LoginSettings } from '../core/flow/begin-login.ts';
import { loginPurposes } from '../core/flow/login-attempt.ts';
import { type ReturnPolicy, validateReturnTo } from '../core/flow/return-to.ts';
import { preferredLanguage } from '../http/accept-language.ts';
import type { Message } from '../http/pages/message.ts';
import { errorPages } from '../http/pages/page-file.ts';
import { type HttpRequest, languageParameter, queryParameter } from '../http/request.ts';
import { isReference } from '../http/request-id.ts';

/**
 * Reads which page `GET /auth/message` shows: one of our own, with a reference in our form and a validated `return_to`. So a
 * made-up link can't add words or addresses to the page.
 *
 * @throws RelyingPartyError `not_found` for any other query
 */
export function readMessage(
  request: HttpRequest,
  policy: ReturnPolicy & Pick<LoginSettings, 'journeys'>,
): Message {
  const page = queryParameter(request, 'page');
  const language = languageParameter(request, 'lang') ?? preferredLanguage(request);
  if (page === 'identity-not-proved') return { page, language };

  const errorPage = errorPages.find((name) => name === page);
  const reference = queryParameter(request, 'reference');
  if (errorPage === undefined || reference === undefined || !isReference(reference)) {
    throw new RelyingPartyError('not_found', 'there is no such message');
  }
  const purpose = loginPurposes.find((name) => name === queryParameter(request, 'purpose'));
  if (purpose === undefined) return { page: errorPage, language, reference };
  const returnTo = validateReturnTo(queryParameter(request, 'return_to'), policy);
  const journey = queryParameter(request, 'journey') ?? '';
  const startAgain = { purpose, ...(policy.journeys.has(journey) ? { journey } : {}), returnTo };
  return { page: errorPage, language, reference, startAgain };
}
