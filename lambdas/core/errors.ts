import type { LoginPurpose } from './flow/login-attempt.ts';
import type { ReturnAddress } from './flow/return-to.ts';

/**
 * Every way in which a request can go wrong, in one table. An expected outcome (a user who is not signed in,
 * a session that has expired) is returned by the functions of `core`; a violation is thrown as a
 * {@link RelyingPartyError} whose code is a key of this table, and one middleware turns the code into a response.
 *
 * `fault` says whose it is and so who acts on it: `caller` (the browser or whoever calls us; a 4xx),
 * `provider` (One Login), `aws`, `configuration` (our registration or config: someone must be called).
 * `page` is the page that a browser is shown. `retryAfter` is in seconds (RFC 9110, 10.2.3).
 */
export const errorTable = {
  // --- what a caller sent -------------------------------------------------------------------------------
  not_found: { fault: 'caller', status: 404, page: 'not-found' },
  identity_not_configured: { fault: 'caller', status: 404, page: 'not-found' },
  content_type_unsupported: { fault: 'caller', status: 415, page: 'problem' },
  body_too_long: { fault: 'caller', status: 413, page: 'problem' },
  form_too_long: { fault: 'caller', status: 413, page: 'problem' },
  authorization_response_malformed: { fault: 'caller', status: 400, page: 'start-again' },
  browser_cookie_missing: { fault: 'caller', status: 400, page: 'switched-browser' },
  attempt_unknown: { fault: 'caller', status: 400, page: 'start-again' },
  attempt_expired: { fault: 'caller', status: 400, page: 'start-again' },
  attempt_consumed: { fault: 'caller', status: 400, page: 'start-again' },
  redirect_circle: { fault: 'caller', status: 400, page: 'sent-back' },
  attempt_of_other_browser: { fault: 'caller', status: 400, page: 'switched-browser' },

  // --- errors of the authorization endpoint, RFC 6749 4.1.2.1, OIDC Core 3.1.2.6 ----------------------------
  authorization_access_denied: { fault: 'caller', status: 403, page: 'denied' },
  authorization_interrupted: { fault: 'caller', status: 403, page: 'denied' },
  authorization_login_required: { fault: 'caller', status: 403, page: 'start-again' },
  authorization_temporarily_unavailable: {
    fault: 'provider',
    status: 503,
    page: 'temporarily-unavailable',
    retryAfter: 120,
  },
  authorization_no_identity_capacity: {
    fault: 'provider',
    status: 503,
    page: 'identity-unavailable',
    retryAfter: 120,
  },
  authorization_client_deactivated: {
    fault: 'configuration',
    status: 503,
    page: 'service-unavailable',
    retryAfter: 3600,
  },
  authorization_unauthorized_client: {
    fault: 'configuration',
    status: 503,
    page: 'service-unavailable',
    retryAfter: 3600,
  },
  authorization_server_error: {
    fault: 'provider',
    status: 502,
    page: 'temporarily-unavailable',
    retryAfter: 60,
  },
  authorization_vtr_not_permitted: { fault: 'configuration', status: 500, page: 'problem' },
  authorization_claims_not_permitted: { fault: 'configuration', status: 500, page: 'problem' },
  authorization_scope_not_permitted: { fault: 'configuration', status: 500, page: 'problem' },
  authorization_hint_refused: { fault: 'configuration', status: 500, page: 'problem' },
  authorization_request_refused: { fault: 'configuration', status: 500, page: 'problem' },
  authorization_error_unknown: {
    fault: 'provider',
    status: 502,
    page: 'temporarily-unavailable',
    retryAfter: 60,
  },

  // --- our own requests -----------------------------------------------------------------------------------
  authorization_request_too_long: { fault: 'configuration', status: 500, page: 'problem' },

  // --- the token endpoint, RFC 6749 5.2 ---------------------------------------------------------------------
  token_grant_refused: { fault: 'caller', status: 400, page: 'start-again' },
  token_jwks_unreadable: { fault: 'configuration', status: 502, page: 'problem', retryAfter: 60 },
  token_signature_refused: { fault: 'configuration', status: 502, page: 'problem', retryAfter: 60 },
  token_auth_method_refused: { fault: 'configuration', status: 502, page: 'problem', retryAfter: 60 },
  token_assertion_expired: { fault: 'configuration', status: 502, page: 'problem', retryAfter: 60 },
  token_request_refused: { fault: 'configuration', status: 502, page: 'problem', retryAfter: 60 },
  token_endpoint_failed: {
    fault: 'provider',
    status: 502,
    page: 'temporarily-unavailable',
    retryAfter: 60,
  },
  token_response_malformed: {
    fault: 'provider',
    status: 502,
    page: 'temporarily-unavailable',
    retryAfter: 60,
  },

  // --- the ID token, OIDC Core 3.1.3.7 ----------------------------------------------------------------------
  id_token_malformed: { fault: 'provider', status: 502, page: 'problem', retryAfter: 60 },
  id_token_alg_unexpected: { fault: 'provider', status: 502, page: 'problem', retryAfter: 60 },
  id_token_key_unknown: { fault: 'provider', status: 502, page: 'problem', retryAfter: 60 },
  id_token_signature_invalid: { fault: 'provider', status: 502, page: 'problem', retryAfter: 60 },
  id_token_iss_unexpected: { fault: 'provider', status: 502, page: 'problem', retryAfter: 60 },
  id_token_aud_unexpected: { fault: 'provider', status: 502, page: 'problem', retryAfter: 60 },
  id_token_sub_invalid: { fault: 'provider', status: 502, page: 'problem', retryAfter: 60 },
  id_token_expired: { fault: 'provider', status: 502, page: 'problem', retryAfter: 60 },
  id_token_from_the_future: { fault: 'provider', status: 502, page: 'problem', retryAfter: 60 },
  id_token_nonce_unexpected: { fault: 'provider', status: 502, page: 'problem', retryAfter: 60 },
  id_token_vot_insufficient: { fault: 'provider', status: 502, page: 'problem', retryAfter: 60 },
  id_token_auth_time_missing: { fault: 'provider', status: 502, page: 'problem', retryAfter: 60 },
  id_token_auth_time_too_old: { fault: 'caller', status: 400, page: 'start-again' },
  max_age_ignored: { fault: 'configuration', status: 502, page: 'problem', retryAfter: 60 },
  id_token_at_hash_unexpected: { fault: 'provider', status: 502, page: 'problem', retryAfter: 60 },

  // --- userinfo, OIDC Core 5.3 ------------------------------------------------------------------------------
  userinfo_endpoint_failed: {
    fault: 'provider',
    status: 502,
    page: 'temporarily-unavailable',
    retryAfter: 60,
  },
  userinfo_token_refused: {
    fault: 'provider',
    status: 502,
    page: 'temporarily-unavailable',
    retryAfter: 60,
  },
  userinfo_scope_refused: { fault: 'configuration', status: 502, page: 'problem', retryAfter: 60 },
  userinfo_response_malformed: {
    fault: 'provider',
    status: 502,
    page: 'temporarily-unavailable',
    retryAfter: 60,
  },
  userinfo_sub_unexpected: { fault: 'provider', status: 502, page: 'problem', retryAfter: 60 },

  // --- the core identity JWT --------------------------------------------------------------------------------
  core_identity_malformed: { fault: 'provider', status: 502, page: 'problem', retryAfter: 60 },
  core_identity_alg_unexpected: { fault: 'provider', status: 502, page: 'problem', retryAfter: 60 },
  core_identity_controller_unexpected: { fault: 'provider', status: 502, page: 'problem', retryAfter: 60 },
  core_identity_key_unknown: { fault: 'provider', status: 502, page: 'problem', retryAfter: 60 },
  core_identity_signature_invalid: { fault: 'provider', status: 502, page: 'problem', retryAfter: 60 },
  core_identity_iss_unexpected: { fault: 'provider', status: 502, page: 'problem', retryAfter: 60 },
  core_identity_aud_unexpected: { fault: 'provider', status: 502, page: 'problem', retryAfter: 60 },
  core_identity_sub_unexpected: { fault: 'provider', status: 502, page: 'problem', retryAfter: 60 },
  core_identity_expired: { fault: 'provider', status: 502, page: 'problem', retryAfter: 60 },
  core_identity_from_the_future: { fault: 'provider', status: 502, page: 'problem', retryAfter: 60 },
  core_identity_vot_insufficient: { fault: 'provider', status: 502, page: 'problem', retryAfter: 60 },

  // --- back-channel logout, OIDC Back-Channel Logout 2.6; answered as JSON, see 2.8 ---------------------------
  logout_request_malformed: { fault: 'caller', status: 400, page: 'problem' },
  logout_token_malformed: { fault: 'caller', status: 400, page: 'problem' },
  logout_token_typ_unexpected: { fault: 'caller', status: 400, page: 'problem' },
  logout_token_alg_unexpected: { fault: 'caller', status: 400, page: 'problem' },
  logout_token_key_unknown: { fault: 'caller', status: 400, page: 'problem' },
  logout_token_signature_invalid: { fault: 'caller', status: 400, page: 'problem' },
  logout_token_iss_unexpected: { fault: 'caller', status: 400, page: 'problem' },
  logout_token_aud_unexpected: { fault: 'caller', status: 400, page: 'problem' },
  logout_token_sub_invalid: { fault: 'caller', status: 400, page: 'problem' },
  logout_token_expired: { fault: 'caller', status: 400, page: 'problem' },
  logout_token_from_the_future: { fault: 'caller', status: 400, page: 'problem' },
  logout_token_jti_invalid: { fault: 'caller', status: 400, page: 'problem' },
  logout_token_events_unexpected: { fault: 'caller', status: 400, page: 'problem' },
  logout_token_nonce_present: { fault: 'caller', status: 400, page: 'problem' },
  logout_token_replayed: { fault: 'caller', status: 400, page: 'problem' },

  // --- the provider's documents, OIDC Discovery 4.3, RFC 7517 -------------------------------------------------
  provider_documents_missing: {
    fault: 'provider',
    status: 503,
    page: 'temporarily-unavailable',
    retryAfter: 60,
  },
  provider_metadata_invalid: {
    fault: 'provider',
    status: 502,
    page: 'temporarily-unavailable',
    retryAfter: 60,
  },
  provider_jwks_invalid: {
    fault: 'provider',
    status: 502,
    page: 'temporarily-unavailable',
    retryAfter: 60,
  },
  provider_did_document_invalid: {
    fault: 'provider',
    status: 502,
    page: 'temporarily-unavailable',
    retryAfter: 60,
  },
  provider_document_unavailable: {
    fault: 'provider',
    status: 503,
    page: 'temporarily-unavailable',
    retryAfter: 60,
  },
  provider_unreachable: {
    fault: 'provider',
    status: 503,
    page: 'temporarily-unavailable',
    retryAfter: 60,
  },
  provider_timed_out: {
    fault: 'provider',
    status: 503,
    page: 'temporarily-unavailable',
    retryAfter: 60,
  },

  // --- our own side -----------------------------------------------------------------------------------------
  reauthenticated_as_another: { fault: 'caller', status: 403, page: 'start-again' },
  session_revoked_meanwhile: { fault: 'caller', status: 403, page: 'start-again' },
  revocation_unreadable: { fault: 'aws', status: 503, page: 'problem', retryAfter: 30 },
  dynamodb_unavailable: { fault: 'aws', status: 503, page: 'problem', retryAfter: 30 },
  kms_unavailable: { fault: 'aws', status: 503, page: 'problem', retryAfter: 30 },
  deadline_exceeded: { fault: 'aws', status: 503, page: 'problem', retryAfter: 30 },
  configuration_invalid: { fault: 'configuration', status: 500, page: 'problem' },
  unexpected: { fault: 'configuration', status: 500, page: 'problem' },
} as const satisfies Record<string, ErrorDefinition>;

/** One row of {@link errorTable}. */
export interface ErrorDefinition {
  readonly fault: 'caller' | 'provider' | 'aws' | 'configuration';
  /** The HTTP status of the answer. */
  readonly status: number;
  readonly page: ErrorPage;
  /** Seconds after which the caller may try again, for 502 and 503. */
  readonly retryAfter?: number;
}

/** The error pages that a browser can be shown. */
export type ErrorPage =
  | 'problem'
  | 'temporarily-unavailable'
  | 'identity-unavailable'
  | 'service-unavailable'
  | 'start-again'
  | 'denied'
  | 'switched-browser'
  | 'sent-back'
  | 'not-found';

/** The stable name of one kind of error: what logs, metrics and tests go by. */
export type ErrorCode = keyof typeof errorTable;

/**
 * The one error class of this project. The message is for the operator's log: it names the claim, parameter or
 * endpoint and what was wrong with it, and never holds a token, code, cookie or claim value.
 */
export class RelyingPartyError extends Error {
  override readonly name = 'RelyingPartyError';
  readonly code: ErrorCode;
  /** Set once it is known: where "start again" leads. */
  startAgain?: StartAgain;
  /** Of the session or of the attempt that it is about, once it is known. */
  language?: 'en' | 'cy';
  /** Whether the session of the request's cookie has ended, so that the cookie must go. */
  endsSession = false;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }

  get definition(): ErrorDefinition {
    return errorTable[this.code];
  }
}

/** What a "start again" button needs to know of the attempt that failed. */
export interface StartAgain {
  readonly purpose: LoginPurpose;
  readonly returnTo: ReturnAddress;
  readonly language: 'en' | 'cy';
}
