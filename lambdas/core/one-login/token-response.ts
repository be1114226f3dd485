import { type ErrorCode, RelyingPartyError } from '../errors.ts';
import { parseJsonObject } from './json-object.ts';
import type { ProviderResponse, Validated } from './messages.ts';

/** The tokens as the token endpoint sent them. They are not validated yet. */
export type TokenResponse = Validated<
  'token_response',
  { readonly access_token: string; readonly id_token: string }
>;

/** A little wider than an Authorization header allows (RFC 6750, 2.1), because the token is opaque. */
const accessTokenShape = /^[\x21-\x7e]+$/;

/** The errors that mean that our request, assertion or registration is wrong (RFC 6749, 5.2). */
const requestErrors: ReadonlySet<unknown> = new Set([
  'invalid_client',
  'invalid_request',
  'invalid_scope',
  'unauthorized_client',
  'unsupported_grant_type',
]);

/**
 * Our error codes by how One Login's `error_description` begins, whatever the `error`. The descriptions come from its
 * source code. They are not documented and may change: then the `error` decides.
 *
 * @see https://github.com/govuk-one-login/authentication-api
 */
const descriptions: ReadonlyMap<string, readonly [code: ErrorCode, message: string]> = new Map([
  ['Failed to fetch or parse JWKS', ['token_jwks_unreadable', 'the token endpoint could not read our JWKS']],
  [
    'Invalid signature in private_key_jwt',
    ['token_signature_refused', 'the token endpoint has no key of ours that verifies the client assertion'],
  ],
  [
    'Client is not registered to use private_key_jwt',
    ['token_auth_method_refused', 'the client is not registered for private_key_jwt'],
  ],
  [
    'Invalid token authentication method used',
    ['token_auth_method_refused', 'the client is not registered for private_key_jwt'],
  ],
  ['private_key_jwt has expired', ['token_assertion_expired', 'the client assertion had expired']],
]);

/**
 * Validates the response to `buildTokenRequest` (OIDC Core 3.1.3.3, RFC 6749 5.1 and 5.2).
 *
 * @throws RelyingPartyError `token_grant_refused` (the code is used, expired or of another attempt),
 *   `token_request_refused` and those of {@link descriptions} (our request, key or registration is at fault),
 *   `token_endpoint_failed`, `token_response_malformed`
 */
export function validateTokenResponse(response: ProviderResponse): TokenResponse {
  if (response.status !== 200) throw buildTokenEndpointError(response);

  const body = parseJsonObject(response.body);
  if (body === undefined) throw malformed('not a JSON object');
  const { access_token, id_token, token_type } = body;
  if (typeof access_token !== 'string' || !accessTokenShape.test(access_token)) {
    throw malformed('"access_token" is missing or not printable');
  }
  if (typeof token_type !== 'string' || token_type.toLowerCase() !== 'bearer') {
    throw malformed('"token_type" is not "Bearer"');
  }
  if (typeof id_token !== 'string' || id_token === '') throw malformed('"id_token" is missing');
  return { access_token, id_token } as TokenResponse;
}

/**
 * One Login sends errors with status 400, the simulator also with 401 and 500, and the infrastructure in front of it with
 * 5xx and another body.
 */
function buildTokenEndpointError(response: ProviderResponse): RelyingPartyError {
  const { error, error_description } = parseJsonObject(response.body) ?? {};
  const description = typeof error_description === 'string' ? error_description : '';
  const status = `status ${response.status}`;
  const known = [...descriptions].find(([beginning]) => description.startsWith(beginning))?.[1];
  if (known !== undefined) return new RelyingPartyError(known[0], `${known[1]}, ${status}`);
  if (response.status < 500 && error === 'invalid_grant') {
    // One Login also sends invalid_grant for a wrong assertion: then the user's code is not at fault.
    return /private_key_jwt|assertion/i.test(description)
      ? new RelyingPartyError(
          'token_request_refused',
          `the token endpoint refused the client assertion, ${status}`,
        )
      : new RelyingPartyError('token_grant_refused', `the token endpoint refused the code, ${status}`);
  }
  if (response.status < 500 && requestErrors.has(error)) {
    return new RelyingPartyError(
      'token_request_refused',
      `the token endpoint responded with ${error}, ${status}`,
    );
  }
  return new RelyingPartyError('token_endpoint_failed', `the token endpoint failed, ${status}`);
}

function malformed(reason: string): RelyingPartyError {
  return new RelyingPartyError('token_response_malformed', `malformed token response: ${reason}`);
}
