/** The parameters of a request object that have a syntax of their own. */
import type { JWTPayload } from 'jose';
import type { ClientRegistration } from '../registration.ts';
import type { RequestedTrust } from './authorization-request.ts';
import { crash, invalidRequest, type RefuseByRedirect } from './refusals.ts';
import { ClaimsRefused, ClaimsUnreadable, readRequestedClaims } from './requested-claims.ts';
import { readVtr, VtrRefused } from './vectors-of-trust.ts';

/** @returns the userinfo claims asked for */
export function readClaims(
  claims: JWTPayload,
  client: ClientRegistration,
  refuse: RefuseByRedirect,
): readonly string[] {
  try {
    return readRequestedClaims(claims['claims'], client.claims);
  } catch (error) {
    if (error instanceof ClaimsUnreadable) throw crash('claims_unreadable', error.message);
    if (!(error instanceof ClaimsRefused)) throw error;
    throw refuse('claims_refused', error.message, invalidRequest('Request contains invalid claims'));
  }
}

/** @returns the PKCE challenge (RFC 7636, 4.2); S256 is the only method */
export function readCodeChallenge(claims: JWTPayload, refuse: RefuseByRedirect): string {
  const challenge = claims['code_challenge'];
  const method = claims['code_challenge_method'];
  if (challenge === undefined) {
    throw refuse(
      'code_challenge_missing',
      'code_challenge is missing, and PKCE is enforced',
      invalidRequest('Request is missing code_challenge parameter, but PKCE is enforced.'),
    );
  }
  if (typeof challenge !== 'string' || !/^[\w-]{43}$/.test(challenge)) {
    throw refuse(
      'code_challenge_invalid',
      'code_challenge is not the 43 base64url characters of a SHA-256',
      invalidRequest('Invalid value for code_challenge parameter.'),
    );
  }
  if (method === undefined) {
    throw refuse(
      'code_challenge_method_missing',
      'code_challenge_method is missing',
      invalidRequest(
        'Request is missing code_challenge_method parameter. ' +
          'code_challenge_method is required when code_challenge is present.',
      ),
    );
  }
  if (method !== 'S256') {
    throw refuse(
      'code_challenge_method_unsupported',
      'code_challenge_method is not S256',
      invalidRequest('Invalid value for code_challenge_method parameter.'),
    );
  }
  return challenge;
}

/** @returns what `vtr` asks for */
export function readTrust(
  claims: JWTPayload,
  client: ClientRegistration,
  refuse: RefuseByRedirect,
): RequestedTrust {
  try {
    return readVtr(claims['vtr'], client.clientLoCs);
  } catch (error) {
    if (!(error instanceof VtrRefused)) throw error;
    const description = error.kind === 'not_valid' ? 'Request vtr not valid' : 'Request vtr is not permitted';
    throw refuse(`vtr_${error.kind}`, error.message, invalidRequest(description));
  }
}

/** @returns `en`, `cy`, or several of them */
export function readUiLocales(claims: JWTPayload, refuse: RefuseByRedirect): string | undefined {
  const locales = claims['ui_locales'];
  if (locales === undefined) return undefined;
  if (typeof locales === 'string' && /^(en|cy)( (en|cy))*$/.test(locales)) return locales;
  throw refuse(
    'ui_locales_invalid',
    'ui_locales is neither en nor cy',
    invalidRequest('ui_locales parameter is invalid'),
  );
}

/** @returns seconds; a string of digits is taken as well */
export function readMaxAge(claims: JWTPayload, refuse: RefuseByRedirect): number | undefined {
  const value = claims['max_age'];
  if (value === undefined) return undefined;
  const seconds = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  if (!Number.isSafeInteger(seconds)) {
    throw refuse(
      'max_age_invalid',
      'max_age is no whole number of seconds',
      invalidRequest('Max age could not be parsed to an integer'),
    );
  }
  if ((seconds as number) < 0) {
    throw refuse(
      'max_age_negative',
      'max_age is negative',
      invalidRequest('Max age is negative in request object'),
    );
  }
  return seconds as number;
}
