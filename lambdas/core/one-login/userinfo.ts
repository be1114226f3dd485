import { RelyingPartyError } from '../errors.ts';
import type { ValidatedIdToken } from './id-token.ts';
import { type IdentityClaims, identityClaimNames, readIdentityClaims } from './identity-claims.ts';
import { type JsonObject, parseJsonObject } from './json-object.ts';
import type { ProviderRequest, ProviderResponse, Validated } from './messages.ts';
import type { ProviderMetadata } from './provider-metadata.ts';

/** The claims of the scopes `email`, `phone` and `wallet-subject-id`, under their wire names. */
export interface UserInfoClaims {
  readonly email?: string;
  readonly email_verified?: boolean;
  /** E.164. Only present when the user's preferred second factor is the phone. */
  readonly phone_number?: string;
  /** May be false, with a number or without. */
  readonly phone_number_verified?: boolean;
  readonly wallet_subject_id?: string;
}

const claimTypes = {
  email: 'string',
  email_verified: 'boolean',
  phone_number: 'string',
  phone_number_verified: 'boolean',
  wallet_subject_id: 'string',
} as const satisfies Record<keyof UserInfoClaims, 'string' | 'boolean'>;

/** The claims about the user of the ID token. */
export type UserInfo = Validated<
  'userinfo',
  {
    readonly sub: string;
    readonly claims: UserInfoClaims;
    /**
     * As received: `validateCoreIdentity` validates it. Absent when no identity was requested, none was proved, or One
     * Login no longer has it. Must not be stored.
     */
    readonly coreIdentityJwt?: string;
    /** As received: `selectReleasedClaims` selects the ones that may be passed on. */
    readonly identityClaims: IdentityClaims;
  }
>;

/**
 * Builds the userinfo request (OIDC Core 5.3.1).
 *
 * @param parameters.accessToken from a validated token response
 */
export function buildUserInfoRequest(parameters: {
  readonly metadata: ProviderMetadata;
  readonly accessToken: string;
}): ProviderRequest {
  return {
    endpoint: 'userinfo',
    method: 'GET',
    url: parameters.metadata.userinfo_endpoint,
    headers: { accept: 'application/json', authorization: `Bearer ${parameters.accessToken}` },
  };
}

/**
 * Validates the response to {@link buildUserInfoRequest} (OIDC Core 5.3.2, 5.3.4). A claim may be absent. A claim that is
 * present must have its type.
 *
 * @param idToken of the same token response
 * @throws RelyingPartyError `userinfo_token_refused`, `userinfo_scope_refused` or `userinfo_endpoint_failed` unless the
 *   status is 200, `userinfo_response_malformed`, `userinfo_sub_unexpected`
 */
export function validateUserInfoResponse(response: ProviderResponse, idToken: ValidatedIdToken): UserInfo {
  if (response.status !== 200) throw buildUserInfoError(response);
  const body = parseJsonObject(response.body);
  if (body === undefined) throw malformed('not a JSON object');
  if (body['sub'] !== idToken.sub) {
    throw new RelyingPartyError('userinfo_sub_unexpected', 'userinfo "sub" is not that of the ID token');
  }
  const coreIdentityJwt = body[identityClaimNames.coreIdentityJwt] ?? undefined;
  if (coreIdentityJwt !== undefined && typeof coreIdentityJwt !== 'string') {
    throw malformed(`"${identityClaimNames.coreIdentityJwt}" is not a string`);
  }
  const identity = readIdentityClaims(body);
  if ('malformed' in identity) throw malformed(`"${identity.malformed}" is not a list of objects`);
  return {
    sub: idToken.sub,
    claims: readClaims(body),
    ...(coreIdentityJwt !== undefined && { coreIdentityJwt }),
    identityClaims: identity.claims,
  } as UserInfo;
}

/**
 * A refusal has an empty body, and its reason in `WWW-Authenticate` (RFC 6750, 3). The names of its parameters are
 * case-insensitive, and values may be unquoted (RFC 9110, 11.2).
 */
function buildUserInfoError({ status, headers }: ProviderResponse): RelyingPartyError {
  const error = /\berror\s*=\s*"?(\w+)/i.exec(headers['www-authenticate'] ?? '')?.[1];
  if (error === 'invalid_token') {
    return new RelyingPartyError(
      'userinfo_token_refused',
      `userinfo responded with invalid_token, status ${status}`,
    );
  }
  if (error === 'invalid_scope' || error === 'insufficient_scope') {
    return new RelyingPartyError(
      'userinfo_scope_refused',
      `userinfo responded with ${error}, status ${status}`,
    );
  }
  return new RelyingPartyError(
    'userinfo_endpoint_failed',
    `unexpected status ${status} of the userinfo endpoint, expected 200`,
  );
}

function readClaims(body: JsonObject): UserInfoClaims {
  const present = Object.entries(claimTypes).filter(
    ([name]) => body[name] !== undefined && body[name] !== null,
  );
  for (const [name, type] of present) {
    if (typeof body[name] !== type) throw malformed(`"${name}" is not a ${type}`);
  }
  return Object.fromEntries(present.map(([name]) => [name, body[name]]));
}

function malformed(reason: string): RelyingPartyError {
  return new RelyingPartyError('userinfo_response_malformed', `malformed userinfo response: ${reason}`);
}
