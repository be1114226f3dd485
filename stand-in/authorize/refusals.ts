import { pageRefusal } from '../pages/plain-pages.ts';
import { jsonAnswer, redirectAnswer } from '../server/message.ts';
import { Refusal } from '../server/refusal.ts';
import { type AuthorizationError, authorizationErrors } from '../sign-in/authorization-errors.ts';

const {
  ACCESS_DENIED,
  INVALID_REQUEST,
  INVALID_SCOPE,
  UNAUTHORIZED_CLIENT,
  UNMET_AUTHENTICATION_REQUIREMENTS,
  UNSUPPORTED_RESPONSE_TYPE,
} = authorizationErrors;

/** The `invalid_request` of RFC 6749, 4.1.2.1 with another description. */
const invalid = (error_description: string) => ({ ...INVALID_REQUEST, error_description });

const jarRequired = 'JAR required for client but request does not contain Request Object';

/** The faults for which One Login redirects to the service: the error there, and the reason for the developer. */
const redirectedFaults = {
  request_object_missing: [{ ...ACCESS_DENIED, error_description: jarRequired }, jarRequired],
  state_missing: [invalid('Request is missing state parameter'), 'the request object has no state'],
  client_id_differs: [UNAUTHORIZED_CLIENT, 'client_id in the request object differs from the outer one'],
  request_object_nested: [INVALID_REQUEST, 'the request object contains request or request_uri'],
  request_object_aud_unexpected: [ACCESS_DENIED, '"aud" is not the authorization endpoint'],
  request_object_iss_unexpected: [UNAUTHORIZED_CLIENT, '"iss" is not the client id'],
  response_type_unsupported: [UNSUPPORTED_RESPONSE_TYPE, 'response_type in the request object is not code'],
  scope_without_openid: [INVALID_SCOPE, 'scope lacks openid'],
  scope_differs: [INVALID_SCOPE, 'scope in the request object differs from the outer one'],
  scope_not_registered: [INVALID_SCOPE, 'the service is not registered for a scope'],
  claims_refused: [invalid('Request contains invalid claims'), 'claims is not valid'],
  nonce_missing: [invalid('Request is missing nonce parameter'), 'the request object has no nonce'],
  code_challenge_missing: [
    invalid('Request is missing code_challenge parameter, but PKCE is enforced.'),
    'code_challenge is missing, and PKCE is enforced',
  ],
  code_challenge_invalid: [
    invalid('Invalid value for code_challenge parameter.'),
    'code_challenge is not the 43 base64url characters of a SHA-256',
  ],
  code_challenge_method_missing: [
    invalid(
      'Request is missing code_challenge_method parameter. ' +
        'code_challenge_method is required when code_challenge is present.',
    ),
    'code_challenge_method is missing',
  ],
  code_challenge_method_unsupported: [
    invalid('Invalid value for code_challenge_method parameter.'),
    'code_challenge_method is not S256',
  ],
  vtr_not_valid: [invalid('Request vtr not valid'), 'vtr is not valid'],
  vtr_not_permitted: [invalid('Request vtr is not permitted'), 'the service is not registered for the vtr'],
  ui_locales_invalid: [invalid('ui_locales parameter is invalid'), 'ui_locales is neither en nor cy'],
  max_age_invalid: [
    invalid('Max age could not be parsed to an integer'),
    'max_age is not a whole number of seconds',
  ],
  max_age_negative: [invalid('Max age is negative in request object'), 'max_age is negative'],
  login_hint_invalid: [
    invalid('login_hint parameter is invalid'),
    'login_hint is not a string of at most 256 characters',
  ],
  prompt_unsupported: [UNMET_AUTHENTICATION_REQUIREMENTS, 'One Login has no prompt=select_account'],
  id_token_hint_invalid: [
    invalid('Unable to validate id_token_hint'),
    'id_token_hint is not an ID token signed with ES256 by a key of the stand-in (it does not accept RS256)',
  ],
  id_token_hint_of_other_client: [
    invalid('Invalid id_token_hint for client'),
    'id_token_hint was issued to another client',
  ],
} satisfies Record<string, readonly [AuthorizationError, reason: string]>;
type RedirectedFault = keyof typeof redirectedFaults;

/** Thrown for a fault of a request whose redirect URI is registered, so that the error goes to the service. */
export class RedirectedError extends Error {
  override readonly name = 'RedirectedError';
  readonly code: RedirectedFault;

  /** @param reason more exact than that of the table */
  constructor(code: RedirectedFault, reason = redirectedFaults[code][1]) {
    super(reason);
    this.code = code;
  }

  /** @param state undefined when the request had none */
  toRefusal(redirectUri: string, state: string | undefined): Refusal {
    const [error] = redirectedFaults[this.code];
    return new Refusal(this.code, this.message, redirectAnswer(redirectUri, { ...error, state }));
  }
}

/** A page of One Login with the status 400. */
export function badRequest(code: string, reason: string): Refusal {
  return pageRefusal(400, 'Invalid request', code, reason);
}

/** The response of the infrastructure when the real One Login fails on something that it does not expect. */
export function crash(code: string, reason: string): Refusal {
  return new Refusal(code, reason, jsonAnswer(502, { message: 'Internal server error' }));
}
