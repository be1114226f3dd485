import { type ErrorCode, RelyingPartyError } from '../errors.ts';
import type { Validated } from './messages.ts';
import { hasRandomValueShape } from './random-values.ts';

/** A response at the redirect URI. Its `state` has the form of ours. The store has the attempt that it belongs to. */
export type AuthorizationResponse = Validated<
  'authorization_response',
  | { readonly kind: 'code'; readonly code: string; readonly state: string }
  | {
      readonly kind: 'error';
      readonly error: string;
      /** Only compared with known descriptions: anyone can write one into a link. */
      readonly description?: string;
      readonly state: string;
    }
>;

/** Printable ASCII (VSCHAR, RFC 6749, A.11). The limit is ours: One Login's codes have 43 characters. */
const codeShape = /^[\x20-\x7e]{1,512}$/;

/** NQSCHAR (RFC 6749, A.7); the limit is ours. */
const errorShape = /^[\x20\x21\x23-\x5b\x5d-\x7e]{1,128}$/;

/**
 * Our error codes by One Login's `error`, or by `error` and `error_description` where that is more precise. The
 * descriptions come from its source code. They are not documented and may change: then the `error` alone decides.
 *
 * @see https://github.com/govuk-one-login/authentication-api
 */
const errorCodes: ReadonlyMap<string, ErrorCode> = new Map<string, ErrorCode>([
  ['access_denied', 'authorization_access_denied'],
  [
    'access_denied: Access denied for security reasons, a new authentication request may be successful',
    'authorization_interrupted',
  ],
  [
    'access_denied: JAR required for client but request does not contain Request Object',
    'authorization_request_refused',
  ],
  ['login_required', 'authorization_login_required'],
  ['temporarily_unavailable', 'authorization_temporarily_unavailable'],
  ['unauthorized_client', 'authorization_unauthorized_client'],
  ['unauthorized_client: client deactivated', 'authorization_client_deactivated'],
  ['unauthorized_client: client deprecated', 'authorization_client_deactivated'],
  ['server_error', 'authorization_server_error'],
  ['invalid_request', 'authorization_request_refused'],
  ['invalid_request: Request vtr is not permitted', 'authorization_vtr_not_permitted'],
  ['invalid_request: Request contains invalid claims', 'authorization_claims_not_permitted'],
  ['invalid_request: Unable to validate id_token_hint', 'authorization_hint_refused'],
  ['invalid_request: Invalid id_token_hint', 'authorization_hint_refused'],
  ['invalid_request: Invalid id_token_hint for client', 'authorization_hint_refused'],
  ['invalid_scope', 'authorization_scope_not_permitted'],
  ['unsupported_response_type', 'authorization_request_refused'],
  ['request_uri_not_supported', 'authorization_request_refused'],
  ['unmet_authentication_requirements', 'authorization_request_refused'],
]);

/**
 * Validates the query of a request to the redirect URI (RFC 6749, 4.1.2). Other parameters are ignored. One Login does
 * not send `iss` (RFC 9207).
 *
 * @param query every value of each parameter, decoded
 * @throws RelyingPartyError `authorization_response_malformed`
 */
export function validateAuthorizationResponse(
  query: ReadonlyMap<string, readonly string[]>,
): AuthorizationResponse {
  const state = readOnlyValue(query, 'state') ?? '';
  const code = readOnlyValue(query, 'code');
  const error = readOnlyValue(query, 'error');

  if (!hasRandomValueShape(state)) throw malformed('"state" does not have the form of ours');
  if (code !== undefined && error !== undefined) throw malformed('it has both "code" and "error"');
  if (code !== undefined) {
    if (!codeShape.test(code)) throw malformed('"code" is empty, too long or not printable');
    return { kind: 'code', code, state } as AuthorizationResponse;
  }
  if (error === undefined) throw malformed('it has neither "code" nor "error"');
  if (!errorShape.test(error)) throw malformed('"error" is empty, too long or not printable');
  const [description, another] = query.get('error_description') ?? [];
  const described = description === undefined || another !== undefined ? {} : { description };
  return { kind: 'error', error, ...described, state } as AuthorizationResponse;
}

/**
 * Builds the error for a response with `error` (RFC 6749, 4.1.2.1; OIDC Core 3.1.2.6). Its message never contains
 * `error_description` or an unknown `error`: anyone can write those into a link.
 *
 * @param asked for an identity request, whether return codes were requested. Undefined for any other request
 */
export function buildAuthorizationError(
  { error, description }: { readonly error: string; readonly description?: string },
  asked: { readonly returnCodes: boolean } | undefined,
): RelyingPartyError {
  const known = errorCodes.get(`${error}: ${description}`) ?? errorCodes.get(error);
  const code = asked === undefined ? known : codeForIdentityRequest(known, asked);
  return code === undefined
    ? new RelyingPartyError('authorization_error_unknown', 'the provider responded with an unknown "error"')
    : new RelyingPartyError(code, `the provider responded with "error" ${error}`);
}

/**
 * Finds the error with which One Login's authorization endpoint sends a browser back at once.
 *
 * @param location where its response redirects to, empty if it does not redirect
 * @returns undefined when it redirects elsewhere, or without an error
 */
export function findAuthorizationError(location: string, redirectUri: string): RelyingPartyError | undefined {
  const { searchParams } = new URL(location.startsWith(`${redirectUri}?`) ? location : redirectUri);
  const error = searchParams.get('error');
  const description = searchParams.get('error_description') ?? '';
  return error === null ? undefined : buildAuthorizationError({ error, description }, undefined);
}

/** Two errors have another meaning for an identity request. */
function codeForIdentityRequest(
  code: ErrorCode | undefined,
  { returnCodes }: { readonly returnCodes: boolean },
): ErrorCode | undefined {
  if (code === 'authorization_temporarily_unavailable') return 'authorization_no_identity_capacity';
  // With return codes, insufficient evidence is returned as a return code, not as an error.
  return code === 'authorization_access_denied' && returnCodes ? 'authorization_interrupted' : code;
}

function readOnlyValue(query: ReadonlyMap<string, readonly string[]>, name: string): string | undefined {
  const values = query.get(name) ?? [];
  if (values.length > 1) throw malformed(`"${name}" appears more than once`);
  return values[0];
}

function malformed(reason: string): RelyingPartyError {
  return new RelyingPartyError(
    'authorization_response_malformed',
    `malformed authorization response: ${reason}`,
  );
}
