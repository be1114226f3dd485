/** The parameters of a request object with their own syntax. */
import type { JWTPayload } from 'jose';
import { type ClientRegistration, knownClaims } from '../registration.ts';
import { crash, invalidRequest, type RefuseByRedirect } from './refusals.ts';

/**
 * Reads the `claims` parameter (OIDC Core 5.5): a JSON string, or an object, which the real One Login accepts as well.
 *
 * @returns the names of the requested userinfo claims
 */
export function readClaims(
  parameters: JWTPayload,
  client: ClientRegistration,
  refuse: RefuseByRedirect,
): readonly string[] {
  const value = parameters['claims'];
  if (value === undefined) return [];
  const refuseClaims = (reason: string) =>
    refuse('claims_refused', reason, invalidRequest('Request contains invalid claims'));
  const claims = readObject(typeof value === 'string' ? parseClaims(value) : value, 'claims');
  const others = Object.keys(claims).filter((member) => member !== 'userinfo');
  if (others.length > 0) throw refuseClaims(`claims has ${others.join(', ')}; only userinfo is supported`);
  const names = Object.keys(readObject(claims['userinfo'] ?? {}, 'claims.userinfo'));
  const unknown = names.find((name) => !knownClaims.includes(name));
  if (unknown !== undefined) throw refuseClaims(`One Login has no claim ${unknown}`);
  const unregistered = names.find((name) => !client.claims.includes(name));
  if (unregistered === undefined) return names;
  throw refuseClaims(`the service is not registered for the claim ${unregistered}`);
}

function parseClaims(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw crash('claims_unreadable', 'claims is a string that is not JSON');
  }
}

function readObject(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw crash('claims_unreadable', `${name} is not a JSON object`);
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

/** @returns seconds. A string of digits is accepted as well */
export function readMaxAge(claims: JWTPayload, refuse: RefuseByRedirect): number | undefined {
  const value = claims['max_age'];
  if (value === undefined) return undefined;
  const seconds = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  if (!Number.isSafeInteger(seconds)) {
    throw refuse(
      'max_age_invalid',
      'max_age is not a whole number of seconds',
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
