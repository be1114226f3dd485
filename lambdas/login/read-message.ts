import { RelyingPartyError } from '../core/errors.ts';
import { loginPurposes } from '../core/flow/login-attempt.ts';
import { type ReturnPolicy, validateReturnTo } from '../core/flow/return-to.ts';
import { preferredLanguage } from '../http/accept-language.ts';
import type { Message } from '../http/pages/message.ts';
import { errorPages } from '../http/pages/page-file.ts';
import { type HttpRequest, languageParameter, queryParameter } from '../http/request.ts';
import { isReference } from '../http/request-id.ts';

/**
 * Reads what `GET /auth/message` is to show: one of our own pages, with a reference that looks like one of ours, and an
 * action that leads where `return_to` may lead from anywhere else. Whoever makes up such a link gets no words and no
 * address of their own into it.
 *
 * @throws RelyingPartyError `not_found` for everything else
 */
export function readMessage(request: HttpRequest, policy: ReturnPolicy): Message {
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
  return { page: errorPage, language, reference, startAgain: { purpose, returnTo } };
}
