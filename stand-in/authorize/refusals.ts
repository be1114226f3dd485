import { problemPage } from '../pages/problem-page.ts';
import { type Answer, jsonAnswer, redirectAnswer } from '../server/message.ts';
import { Refusal } from '../server/refusal.ts';
import { type AuthorizationError, authorizationErrors } from '../sign-in/authorization-errors.ts';

/** A page of One Login with the status 400. */
export function badRequest(code: string, reason: string): Refusal {
  return new Refusal(code, reason, problemPage(400, 'Invalid request', code, reason));
}

/** A page of One Login with the status 500, when the service's keys are not available. */
export function serverError(code: string, reason: string): Refusal {
  return new Refusal(code, reason, problemPage(500, 'Server error', code, reason));
}

/** The response of the infrastructure when the real One Login fails on something that it does not expect. */
export function crash(code: string, reason: string): Refusal {
  return new Refusal(code, reason, jsonAnswer(502, { message: 'Internal server error' }));
}

/** Refuses with a redirect to the service with an error. */
export type RefuseByRedirect = (code: string, reason: string, error: AuthorizationError) => Refusal;

/** @param state undefined when the request had none */
export function refuseByRedirectTo(redirectUri: string, state: string | undefined): RefuseByRedirect {
  return (code, reason, error) => new Refusal(code, reason, errorRedirect(redirectUri, state, error));
}

/** The `invalid_request` of RFC 6749, 4.1.2.1 with another description. */
export function invalidRequest(description: string): AuthorizationError {
  return { ...authorizationErrors.INVALID_REQUEST, error_description: description };
}

/** The redirect with an error. */
export function errorRedirect(
  redirectUri: string,
  state: string | undefined,
  error: AuthorizationError,
  status: 302 | 303 = 302,
): Answer {
  return redirectAnswer(withParameters(redirectUri, { ...error, state }), status);
}

/** Adds parameters to a URL; those that are undefined are left out. */
export function withParameters(
  url: string,
  parameters: Readonly<Record<string, string | undefined>>,
): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) query.append(name, value);
  }
  if (query.size === 0) return url;
  return `${url}${url.includes('?') ? '&' : '?'}${query}`;
}
