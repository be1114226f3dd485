import type { LoginPurpose } from './flow/login-attempt.ts';
import type { ReturnAddress } from './flow/return-to.ts';
import type { Language } from './language.ts';

/** One Login's response must not be trusted. */
const unacceptableAnswer = { fault: 'provider', status: 502, page: 'problem', retryAfter: 60 } as const;
/** The request of a program is refused. */
const badRequest = { fault: 'caller', status: 400, page: 'problem' } as const;
/** One Login responded with a failure. */
const providerFailed = {
  fault: 'provider',
  status: 502,
  page: 'temporarily-unavailable',
  retryAfter: 60,
} as const;
/** The query string of the callback contains an error of One Login. Anyone can write one. */
const claimed = { fault: 'claimed' } as const;
/** One Login did not respond, or its documents were not fetched yet. */
const providerUnavailable = {
  fault: 'provider',
  status: 503,
  page: 'temporarily-unavailable',
  retryAfter: 60,
} as const;
/** The config or the registration is wrong: One Login refuses our request. */
const misconfigured = { fault: 'configuration', status: 500, page: 'problem' } as const;
/** The token or userinfo endpoint refuses us: the key, config or registration is wrong. */
const refusedByProvider = { fault: 'configuration', status: 502, page: 'problem', retryAfter: 60 } as const;
/** One Login accepts no request of our client. */
const clientRefused = {
  ...claimed,
  status: 503,
  page: 'service-unavailable',
  retryAfter: 3600,
} as const;
/** There is no such page. */
const notFound = { fault: 'caller', status: 404, page: 'not-found' } as const;
/** A program sends too much. */
const tooLong = { fault: 'caller', status: 413, page: 'problem' } as const;
/** The user has to go on in the browser in which they began. */
const otherBrowser = { fault: 'caller', status: 400, page: 'switched-browser' } as const;
/** One Login did not let the user in. */
const denied = { fault: 'caller', status: 403, page: 'denied' } as const;
/** The attempt cannot be finished: the user starts again. */
const cannotFinish = { fault: 'caller', status: 400, page: 'start-again' } as const;
/** The user has to sign in again. */
const signInAgain = { fault: 'caller', status: 403, page: 'start-again' } as const;
/** A service of AWS failed or did not respond in time. */
const awsUnavailable = { fault: 'aws', status: 503, page: 'problem', retryAfter: 30 } as const;

/**
 * All errors of a request. The functions of `core` return an expected outcome, such as a user who is not signed in, and
 * throw a violation as a {@link RelyingPartyError} whose code is a key of this table. One middleware makes a response of
 * the code.
 *
 * `fault` is who caused the error and has to act: `caller` (the browser or another client; a 4xx), `provider` (One Login),
 * `aws`, or `configuration` (our registration or config). `claimed` is an error that One Login may have sent to the
 * callback, and that anyone can write into its query string. `page` is the page that a browser shows. `retryAfter` is in
 * seconds (RFC 9110, 10.2.3).
 */
export const errorTable = {
  // --- what a caller sent -------------------------------------------------------------------------------
  not_found: notFound,
  journey_unknown: notFound,
  identity_not_configured: notFound,
  content_type_unsupported: { fault: 'caller', status: 415, page: 'problem' },
  body_too_long: tooLong,
  form_too_long: tooLong,
  authorization_response_malformed: cannotFinish,
  browser_cookie_missing: otherBrowser,
  attempt_unknown: cannotFinish,
  attempt_expired: cannotFinish,
  attempt_consumed: cannotFinish,
  redirect_circle: { fault: 'caller', status: 400, page: 'sent-back' },
  attempt_of_other_browser: otherBrowser,

  // --- errors of the authorization endpoint, RFC 6749 4.1.2.1, OIDC Core 3.1.2.6 ----------------------------
  authorization_access_denied: denied,
  authorization_interrupted: denied,
  authorization_login_required: signInAgain,
  authorization_temporarily_unavailable: { ...providerUnavailable, ...claimed, retryAfter: 120 },
  authorization_no_identity_capacity: {
    ...providerUnavailable,
    ...claimed,
    page: 'identity-unavailable',
    retryAfter: 120,
  },
  authorization_client_deactivated: clientRefused,
  authorization_unauthorized_client: clientRefused,
  authorization_server_error: { ...providerFailed, ...claimed },
  authorization_vtr_not_permitted: { ...misconfigured, ...claimed },
  authorization_claims_not_permitted: { ...misconfigured, ...claimed },
  authorization_scope_not_permitted: { ...misconfigured, ...claimed },
  authorization_hint_refused: { ...misconfigured, ...claimed },
  authorization_request_refused: { ...misconfigured, ...claimed },
  authorization_error_unknown: { ...providerFailed, ...claimed },

  // --- our own requests -----------------------------------------------------------------------------------
  authorization_request_too_long: misconfigured,

  // --- the token endpoint, RFC 6749 5.2 ---------------------------------------------------------------------
  token_grant_refused: cannotFinish,
  token_jwks_unreadable: refusedByProvider,
  token_signature_refused: refusedByProvider,
  token_auth_method_refused: refusedByProvider,
  token_assertion_expired: refusedByProvider,
  token_request_refused: refusedByProvider,
  token_endpoint_failed: providerFailed,
  token_response_malformed: providerFailed,

  // --- the ID token, OIDC Core 3.1.3.7 ----------------------------------------------------------------------
  id_token_malformed: unacceptableAnswer,
  id_token_alg_unexpected: unacceptableAnswer,
  id_token_key_unknown: unacceptableAnswer,
  id_token_signature_invalid: unacceptableAnswer,
  id_token_iss_unexpected: unacceptableAnswer,
  id_token_aud_unexpected: unacceptableAnswer,
  id_token_sub_invalid: unacceptableAnswer,
  id_token_expired: unacceptableAnswer,
  id_token_from_the_future: unacceptableAnswer,
  id_token_nonce_unexpected: unacceptableAnswer,
  id_token_vot_insufficient: unacceptableAnswer,
  id_token_auth_time_missing: unacceptableAnswer,
  id_token_auth_time_too_old: cannotFinish,
  max_age_ignored: refusedByProvider,
  id_token_at_hash_unexpected: unacceptableAnswer,

  // --- userinfo, OIDC Core 5.3 ------------------------------------------------------------------------------
  userinfo_endpoint_failed: providerFailed,
  userinfo_token_refused: providerFailed,
  userinfo_scope_refused: refusedByProvider,
  userinfo_response_malformed: providerFailed,
  userinfo_sub_unexpected: unacceptableAnswer,

  // --- the core identity JWT --------------------------------------------------------------------------------
  core_identity_malformed: unacceptableAnswer,
  core_identity_alg_unexpected: unacceptableAnswer,
  core_identity_controller_unexpected: unacceptableAnswer,
  core_identity_key_unknown: unacceptableAnswer,
  core_identity_signature_invalid: unacceptableAnswer,
  core_identity_iss_unexpected: unacceptableAnswer,
  core_identity_aud_unexpected: unacceptableAnswer,
  core_identity_sub_unexpected: unacceptableAnswer,
  core_identity_expired: unacceptableAnswer,
  core_identity_from_the_future: unacceptableAnswer,
  core_identity_vot_insufficient: unacceptableAnswer,

  // --- back-channel logout, OIDC Back-Channel Logout 2.6; the response is JSON, see 2.8 ---------------------------
  logout_request_malformed: badRequest,
  logout_token_malformed: badRequest,
  logout_token_typ_unexpected: badRequest,
  logout_token_alg_unexpected: badRequest,
  logout_token_key_unknown: badRequest,
  logout_token_signature_invalid: badRequest,
  logout_token_iss_unexpected: badRequest,
  logout_token_aud_unexpected: badRequest,
  logout_token_sub_invalid: badRequest,
  logout_token_expired: badRequest,
  logout_token_from_the_future: badRequest,
  logout_token_jti_invalid: badRequest,
  logout_token_events_unexpected: badRequest,
  logout_token_nonce_present: badRequest,
  logout_token_replayed: badRequest,

  // --- the provider's documents, OIDC Discovery 4.3, RFC 7517 -------------------------------------------------
  provider_documents_missing: providerUnavailable,
  provider_metadata_invalid: providerFailed,
  provider_jwks_invalid: providerFailed,
  provider_did_document_invalid: providerFailed,
  provider_document_unavailable: providerUnavailable,
  provider_unreachable: providerUnavailable,
  provider_timed_out: providerUnavailable,

  // --- our own side -----------------------------------------------------------------------------------------
  reauthenticated_as_another: signInAgain,
  session_revoked_meanwhile: signInAgain,
  revocation_unreadable: awsUnavailable,
  dynamodb_unavailable: awsUnavailable,
  kms_unavailable: awsUnavailable,
  deadline_exceeded: awsUnavailable,
  configuration_invalid: misconfigured,
  unexpected: misconfigured,
} as const satisfies Record<string, ErrorDefinition>;

/** One row of {@link errorTable}. */
export interface ErrorDefinition {
  readonly fault: 'caller' | 'claimed' | 'provider' | 'aws' | 'configuration';
  readonly status: number;
  readonly page: ErrorPage;
  /** Seconds after which the caller may try again. */
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

/** The stable name of an error in logs, metrics and tests. */
export type ErrorCode = keyof typeof errorTable;

/**
 * The error class of this project. The message is for the operator's log. It names the claim, parameter or endpoint and
 * what was wrong with it, and never contains a token, code, cookie or claim value.
 */
export class RelyingPartyError extends Error {
  override readonly name = 'RelyingPartyError';
  readonly code: ErrorCode;
  readonly context: ErrorContext;

  constructor(code: ErrorCode, message: string, options: { cause?: unknown } & ErrorContext = {}) {
    const { cause, ...context } = options;
    super(message, { cause });
    this.code = code;
    this.context = context;
  }

  /** @returns the same error with this context added */
  with(context: ErrorContext): RelyingPartyError {
    return new RelyingPartyError(this.code, this.message, { cause: this.cause, ...this.context, ...context });
  }

  get definition(): ErrorDefinition {
    return errorTable[this.code];
  }
}

/** What the response to an error needs in addition to its code, as far as the flow has read it. */
export interface ErrorContext {
  /** The target of "start again". */
  readonly startAgain?: StartAgain;
  /** The language of the session or the attempt. */
  readonly language?: Language;
  /** Whether the session of the request's cookie has ended, so that the cookie is deleted. */
  readonly endsSession?: boolean;
  /** Whether the attempt has come back with an error before, so that metrics do not count this one. */
  readonly repeated?: boolean;
  /** Whether the refused logout token is signed by One Login, so that the notification is lost. */
  readonly genuine?: boolean;
}

/** What a "start again" button needs of the failed attempt. */
export interface StartAgain {
  readonly purpose: LoginPurpose;
  /** The name of the journey, if there is one. */
  readonly journey?: string;
  readonly returnTo: ReturnAddress;
  readonly language: Language;
}

/** @returns the failure's code (`ECONNRESET`) or its name, for a message: neither contains any data */
export function readErrorName(error: unknown): string {
  const { code, name } = Object(error) as { readonly code?: unknown; readonly name?: unknown };
  return String(code ?? name ?? 'unknown error');
}
