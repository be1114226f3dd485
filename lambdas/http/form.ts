import { RelyingPartyError } from '../core/errors.ts';
import type { HttpRequest } from './request.ts';

/** Far above what One Login posts; API Gateway itself would take 10 MB. */
const longestBody = 65_536;

/**
 * Reads a form (WHATWG URL, application/x-www-form-urlencoded), with every value of each field.
 *
 * @throws RelyingPartyError `content_type_unsupported`, `body_too_long`
 */
export function readForm(request: HttpRequest): ReadonlyMap<string, readonly string[]> {
  const mediaType = request.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (mediaType !== 'application/x-www-form-urlencoded') {
    throw new RelyingPartyError(
      'content_type_unsupported',
      'the Content-Type is not application/x-www-form-urlencoded',
    );
  }
  if (request.body.length > longestBody) {
    throw new RelyingPartyError('body_too_long', `the body has more than ${longestBody} characters`);
  }
  const parameters = new URLSearchParams(request.body);
  return new Map([...new Set(parameters.keys())].map((name) => [name, parameters.getAll(name)]));
}
