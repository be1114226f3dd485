import { RelyingPartyError } from '../core/errors.ts';
import { collect } from './collect.ts';
import type { HttpRequest } from './request.ts';

/** Far above what One Login posts, in bytes; API Gateway itself would take 10 MB. */
const longestBody = 65_536;
/** Far above the one field that One Login posts. */
const mostFields = 100;

/**
 * Reads a form (WHATWG URL, application/x-www-form-urlencoded), with every value of each field.
 *
 * @throws RelyingPartyError `content_type_unsupported`, `body_too_long`, `form_too_long`
 */
export function readForm(request: HttpRequest): ReadonlyMap<string, readonly string[]> {
  const mediaType = request.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (mediaType !== 'application/x-www-form-urlencoded') {
    throw new RelyingPartyError(
      'content_type_unsupported',
      'the Content-Type is not application/x-www-form-urlencoded',
    );
  }
  const body = request.body(longestBody);
  if (body.split('&', mostFields + 1).length > mostFields) {
    throw new RelyingPartyError('form_too_long', `the form has more than ${mostFields} fields`);
  }
  return collect(new URLSearchParams(body));
}
