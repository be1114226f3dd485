import { jsonAnswer } from '../server/message.ts';
import { Refusal } from '../server/refusal.ts';

const error = (error: string, error_description: string) => ({ error, error_description });
const missing = (name: string) => error('invalid_request', `Request is missing ${name} parameter`);
const malformed = error('invalid_request', 'Invalid private_key_jwt');
const badSignature = error('invalid_client', 'Invalid signature in private_key_jwt');
const invalidGrant = error('invalid_grant', 'Invalid grant');
const pkceFailed = error('invalid_grant', 'PKCE code verification failed');

/** The faults of a token request: the error in the response, and the reason for the developer. */
const tokenFaults = {
  token_request_not_a_form: [
    missing('grant_type'),
    'the content type is not application/x-www-form-urlencoded',
  ],
  grant_type_missing: [missing('grant_type'), 'grant_type is missing'],
  grant_type_unsupported: [
    error('unsupported_grant_type', 'Unsupported grant type'),
    'grant_type is not authorization_code',
  ],
  redirect_uri_missing: [missing('redirect_uri'), 'redirect_uri is missing'],
  code_missing: [missing('code'), 'code is missing'],
  client_assertion_missing: [
    error('invalid_request', 'Invalid token authentication method used'),
    'client_assertion or client_assertion_type is missing',
  ],
  client_assertion_malformed: [malformed, 'the client assertion is malformed'],
  client_unknown: [
    error('invalid_client', 'Client authentication failed'),
    'iss and sub are not the client id',
  ],
  client_assertion_expired: [
    error('invalid_grant', 'private_key_jwt has expired'),
    'the assertion has expired',
  ],
  client_key_unavailable: [
    error('server_error', 'Failed to fetch or parse JWKS to verify signature of private_key_jwt'),
    'the assertion cannot be checked',
  ],
  client_assertion_signature_invalid: [badSignature, 'the assertion has a wrong signature'],
  client_assertion_aud_unexpected: [badSignature, 'the assertion\'s "aud" is not this token endpoint'],
  client_assertion_replayed: [badSignature, 'the assertion\'s "jti" was used before'],
  code_unknown: [invalidGrant, 'no such code was issued'],
  code_used: [invalidGrant, 'the code has been used: it works once, and every request uses it up'],
  code_expired: [invalidGrant, 'the code is older than 300 seconds'],
  redirect_uri_differs: [invalidGrant, 'redirect_uri is not the one of the authorization request'],
  code_verifier_missing: [pkceFailed, 'code_verifier is missing'],
  code_verifier_malformed: [
    pkceFailed,
    'code_verifier is not of 43 to 128 unreserved characters (RFC 7636, 4.1)',
  ],
  code_verifier_wrong: [pkceFailed, 'code_verifier does not belong to the code_challenge'],
} as const;

/**
 * Refuses a token request. One Login returns 400 for every error (RFC 6749, 5.2).
 *
 * @param reason more exact than that of the table
 */
export function refuseToken(code: keyof typeof tokenFaults, reason?: string): Refusal {
  const [body, usualReason] = tokenFaults[code];
  return new Refusal(code, reason ?? usualReason, jsonAnswer(400, body, { 'cache-control': 'no-store' }));
}
