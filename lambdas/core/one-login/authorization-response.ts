import { type ErrorCode, RelyingPartyError } from '../errors.ts';
import { hasStateShape } from './random-values.ts';
import type { Validated } from './validated.ts';

/** What came back to the redirect URI. Its state is one of ours by its shape; whose it is, the store knows. */
export type AuthorizationResponse = Validated<
  'authorization_response',
  | { readonly kind: 'code'; readonly code: string; readonly state: string }
  | { readonly kind: 'error'; readonly error: string; readonly state: string }
>;

/** Printable ASCII (VSCHAR, RFC 6749, A.11); the limit is ours, One Login's codes have 43 characters. */
const codeShape = /^[\x20-\x7e]{1,512}$/;

/** NQSCHAR (RFC 6749, A.7); the limit is ours. */
const errorShape = /^[\x20\x21\x23-\x5b\x5d-\x7e]{1,128}$/;

const errorCodes: ReadonlyMap<string, ErrorCode> = new Map<string, ErrorCode>([
  ['access_denied', 'authorization_access_denied'],
  ['login_required', 'authorization_login_required'],
  ['temporarily_unavailable', 'authorization_temporarily_unavailable'],
  ['unauthorized_client', 'authorization_unauthorized_client'],
  ['server_error', 'authorization_server_error'],
  ['invalid_request', 'authorization_request_refused'],
  ['invalid_scope', 'authorization_request_refused'],
  ['unsupported_response_type', 'authorization_request_refused'],
  ['request_uri_not_supported', 'authorization_request_refused'],
  ['unmet_authentication_requirements', 'authorization_request_refused'],
]);

/**
 * Validates the query of a request to the redirect URI (RFC 6749, 4.1.2). Other parameters are ignored. One Login
 * neither sends nor advertises `iss` (RFC 9207).
 *
 * @param query every value of each parameter, decoded
 * @throws RelyingPartyError `authorization_response_malformed`
 */
export function validateAuthorizationResponse(
  query: ReadonlyMap<string, readonly string[]>,
): AuthorizationResponse {
  const state = onlyValueOf(query, 'state');
  const code = onlyValueOf(query, 'code');
  const error = onlyValueOf(query, 'error');

  if (state === undefined || !hasStateShape(state)) throw malformed('"state" is not one that we made');
  if (code !== undefined && error !== undefined) throw malformed('it has both "code" and "error"');
  if (code !== undefined) {
    if (!codeShape.test(code)) throw malformed('"code" is empty, too long or not printable');
    return { kind: 'code', code, state } as AuthorizationResponse;
  }
  if (error === undefined) throw malformed('it has neither "code" nor "error"');
  if (!errorShape.test(error)) throw malformed('"error" is empty, too long or not printable');
  return { kind: 'error', error, state } as AuthorizationResponse;
}

/**
 * The error to end with when the response says `error` (RFC 6749, 4.1.2.1; OIDC Core 3.1.2.6). Its message never
 * holds `error_description`, nor an `error` which we do not know: anyone can write those into a link.
 */
export function errorOfAuthorizationResponse(error: string): RelyingPartyError {
  const code = errorCodes.get(error);
  return code === undefined
    ? new RelyingPartyError('authorization_error_unknown', 'the provider answered with an unknown "error"')
    : new RelyingPartyError(code, `the provider answered with "error" ${error}`);
}

function onlyValueOf(query: ReadonlyMap<string, readonly string[]>, name: string): string | undefined {
  const values = query.get(name) ?? [];
  if (values.length > 1) throw malformed(`"${name}" comes more than once`);
  return values[0];
}

function malformed(reason: string): RelyingPartyError {
  return new RelyingPartyError(
    'authorization_response_malformed',
    `malformed authorization response: ${reason}`,
  );
}
