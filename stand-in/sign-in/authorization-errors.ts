/** An error at the redirect URI (RFC 6749, 4.1.2.1). */
export interface AuthorizationError {
  readonly error: string;
  /** Absent in a response without a description. An empty one is sent. */
  readonly error_description?: string;
}

/** The errors with which One Login ends a journey at the redirect URI (docs/one-login.md, 1). */
export const authorizationErrors = {
  ACCESS_DENIED: {
    error: 'access_denied',
    error_description: 'Access denied by resource owner or authorization server',
  },
  ACCESS_DENIED_WITHOUT_DESCRIPTION: { error: 'access_denied' },
  /** The session at One Login was lost, for example in another browser. */
  ACCESS_DENIED_SESSION_LOST: {
    error: 'access_denied',
    error_description: 'Access denied for security reasons, a new authentication request may be successful',
  },
  /** A re-authentication failed, which ends the session at One Login. */
  LOGIN_REQUIRED: { error: 'login_required', error_description: 'Login required' },
  TEMPORARILY_UNAVAILABLE: {
    error: 'temporarily_unavailable',
    error_description: 'The authorization server is temporarily unavailable',
  },
  TEMPORARILY_UNAVAILABLE_EMPTY_DESCRIPTION: { error: 'temporarily_unavailable', error_description: '' },
  CLIENT_DEACTIVATED: { error: 'unauthorized_client', error_description: 'client deactivated' },
  CLIENT_DEPRECATED: { error: 'unauthorized_client', error_description: 'client deprecated' },
  UNAUTHORIZED_CLIENT: { error: 'unauthorized_client', error_description: 'Unauthorized client' },
  SERVER_ERROR: { error: 'server_error', error_description: 'Unexpected server error' },
  INVALID_REQUEST: { error: 'invalid_request', error_description: 'Invalid request' },
  VTR_NOT_PERMITTED: { error: 'invalid_request', error_description: 'Request vtr is not permitted' },
  CLAIMS_NOT_PERMITTED: { error: 'invalid_request', error_description: 'Request contains invalid claims' },
  INVALID_SCOPE: { error: 'invalid_scope', error_description: 'Invalid, unknown or malformed scope' },
  UNSUPPORTED_RESPONSE_TYPE: {
    error: 'unsupported_response_type',
    error_description: 'Unsupported response type',
  },
  REQUEST_URI_NOT_SUPPORTED: {
    error: 'request_uri_not_supported',
    error_description: 'OpenID request_uri parameter not supported',
  },
  UNMET_AUTHENTICATION_REQUIREMENTS: {
    error: 'unmet_authentication_requirements',
    error_description: 'Unmet authentication requirements',
  },
  /** An error of no specification. */
  UNKNOWN_ERROR: { error: 'something_new', error_description: 'An error that is in no specification' },
} as const satisfies Record<string, AuthorizationError>;

export type AuthorizationErrorName = keyof typeof authorizationErrors;

export const authorizationErrorNames = Object.keys(authorizationErrors) as AuthorizationErrorName[];
