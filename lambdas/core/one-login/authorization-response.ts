import { type ErrorCode, RelyingPartyError } from '../errors.ts';
import type { Validated } from './messages.ts';
import { hasStateShape } from './random-values.ts';

/** What came back to the redirect URI. Its state is one of ours by its shape; whose it is, the store knows. */
export type AuthorizationResponse = Validated<
  'authorization_response',
  | { readonly kind: 'code'; readonly code: string; readonly state: string }
  | {
      readonly kind: 'error';
      readonly error: string;
      /** Only to be compared with what we know: anyone can write one into a link. */
      readonly description?: string;
      readonly state: string;
    }
>;

/** Printable ASCII (VSCHAR, RFC 6749, A.11); the limit is ours, One Login's codes have 43 characters. */
const codeShape = /^[\x20-\x7e]{1,512}$/;

/** NQSCHAR (RFC 6749, A.7); the limit is ours. */
const errorShape = /^[\x20\x21\x23-\x5b\x5d-\x7e]{1,128}$/;

/**
 * What One Login answers with, by `error`, or by `error` and `error_description` where that says more. The descriptions
 * are those of its source; they are in no documentation, so that one may change: then the `error` decides.
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
 * Validates the query of a request to the redirect URI (RFC 6749, 4.1.2). Other parameters are ignored. One Login
 * neither sends nor advertises `iss` (RFC 9207).
 *
 * @param query every value of each parameter, decoded
 * @throws RelyingPartyError `authorization_response_malformed`
 */
export function validateAuthorizationResponse(
  query: ReadonlyMap<string, readonly string[]>,
): AuthorizationResponse {
  const state = readOnlyValue(query, 'state');
  const code = readOnlyValue(query, 'code');
  const error = readOnlyValue(query, 'error');

  if (state === undefined || !hasStateShape(state)) throw malformed('"state" is not one that we made');
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
 * The error to end with when the response says `error` (RFC 6749, 4.1.2.1; OIDC Core 3.1.2.6). Its message never
 * holds `error_description`, nor an `error` which we do not know: anyone can write those into a link.
 *
 * @param asked for an identity request, whether return codes were asked for; undefined for any other request
 */
export function errorOfAuthorizationResponse(
  { error, description }: { readonly error: string; readonly description?: string },
  asked: { readonly returnCodes: boolean } | undefined,
): RelyingPartyError {
  const known = errorCodes.get(`${error}: ${description}`) ?? errorCodes.get(error);
  const code = asked === undefined ? known : codeForIdentityRequest(known, asked);
  return code === undefined
    ? new RelyingPartyError('authorization_error_unknown', 'the provider answered with an unknown "error"')
    : new RelyingPartyError(code, `the provider answered with "error" ${error}`);
}

/** Two errors mean something else to an identity request. */
function codeForIdentityRequest(
  code: ErrorCode | undefined,
  { returnCodes }: { readonly returnCodes: boolean },
): ErrorCode | undefined {
  if (code === 'authorization_temporarily_unavailable') return 'authorization_no_identity_capacity';
  // With return codes, evidence that does not suffice comes back as a return code.
  return code === 'authorization_access_denied' && returnCodes ? 'authorization_interrupted' : code;
}

function readOnlyValue(query: ReadonlyMap<string, readonly string[]>, name: string): string | undefined {
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
