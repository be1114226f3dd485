import { createHash } from 'node:crypto';
import { RelyingPartyError } from '../errors.ts';
import type { ProviderAlgorithm } from './jwks.ts';
import { jwtError, type KeySource, readJwt, type UnverifiedJwt, verifySignature } from './jwt.ts';
import {
  checkAudience,
  checkIssuer,
  checkNotInTheFuture,
  checkTimes,
  clockSkewSeconds,
  readOptionalDate,
  readSubject,
  requireDate,
} from './jwt-claims.ts';
import type { Validated } from './messages.ts';
import type { TokenResponse } from './token-response.ts';
import {
  type CredentialTrust,
  credentialTrusts,
  sufficesAsCredential,
  type VectorOfTrust,
} from './vector-of-trust.ts';

/** The user who signed in, and how strongly they authenticated. */
export type ValidatedIdToken = Validated<
  'id_token',
  {
    /** Pairwise: every service receives another one. */
    readonly sub: string;
    /** The credential part that was reached. An ID token never contains a level of confidence. */
    readonly vot: CredentialTrust;
    /** Seconds since the epoch. */
    readonly auth_time?: number;
    /** The token itself, which is the hint of logout and re-authentication requests. */
    readonly raw: string;
    /** The id of the key that signed it. */
    readonly kid: string;
  }
>;

export interface ExpectedIdToken {
  readonly issuer: string;
  readonly clientId: string;
  /** The nonce of the attempt. */
  readonly nonce: string;
  /** The requested vectors. One of them must be reached. */
  readonly vtr: readonly VectorOfTrust[];
  /** Seconds, when `max_age` was sent. */
  readonly maxAge: number | undefined;
  /** Milliseconds since the epoch: when `max_age` was sent. */
  readonly requestedAt: number;
  /** As registered. */
  readonly algorithm: ProviderAlgorithm;
  readonly keys: KeySource<'jwks'>;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Validates the ID token of a token response (OIDC Core 3.1.3.7 and 3.1.3.8).
 *
 * All claims are checked before the signature, so that a key is only fetched for a token of this attempt.
 *
 * @throws RelyingPartyError `id_token_…`, by what was wrong; `max_age_ignored`
 */
export async function validateIdToken(
  response: TokenResponse,
  expected: ExpectedIdToken,
): Promise<ValidatedIdToken> {
  const jwt = readJwt('id_token', response.id_token, expected.algorithm);
  checkIssuer(jwt, expected.issuer);
  checkAudience(jwt, expected.clientId);
  if (jwt.claims['nonce'] !== expected.nonce) {
    throw new RelyingPartyError('id_token_nonce_unexpected', 'unexpected ID token "nonce"');
  }

  requireDate(jwt, 'iat');
  checkTimes(jwt, expected.now);
  checkAccessTokenHash(jwt, response.access_token);
  const sub = readSubject(jwt);
  if (sub === undefined) {
    throw new RelyingPartyError('id_token_sub_invalid', 'ID token "sub" is missing or ill-formed');
  }
  const vot = readCredentialTrustReached(jwt, expected.vtr);
  const auth_time = checkAuthenticationTime(jwt, expected);

  await verifySignature(jwt, expected.keys);
  const { token: raw, kid } = jwt;
  return { sub, vot, ...(auth_time !== undefined && { auth_time }), raw, kid } as ValidatedIdToken;
}

/** OIDC Core 3.1.3.8: the left half of the SHA-256 hash. One Login signs with SHA-256 algorithms only. */
function checkAccessTokenHash(jwt: UnverifiedJwt, accessToken: string): void {
  const { at_hash } = jwt.claims;
  if (at_hash === undefined) return;
  const hash = createHash('sha256').update(accessToken, 'ascii').digest().subarray(0, 16);
  if (at_hash !== hash.toString('base64url')) {
    throw new RelyingPartyError('id_token_at_hash_unexpected', 'unexpected ID token "at_hash"');
  }
}

/** RFC 8485, 3.1. The vector that was reached must match or exceed the requested one. */
function readCredentialTrustReached(jwt: UnverifiedJwt, vtr: readonly VectorOfTrust[]): CredentialTrust {
  const { vot } = jwt.claims;
  const reached = credentialTrusts.find((trust) => trust === vot);
  if (reached === undefined) throw jwtError(jwt.kind, 'malformed', '"vot" is not a credential trust');
  if (!vtr.some((asked) => sufficesAsCredential(reached, asked))) {
    throw new RelyingPartyError('id_token_vot_insufficient', 'ID token "vot" is below the requested level');
  }
  return reached;
}

/** OIDC Core 3.1.2.1, `max_age`. */
function checkAuthenticationTime(jwt: UnverifiedJwt, expected: ExpectedIdToken): number | undefined {
  const authTime = readOptionalDate(jwt, 'auth_time');
  if (authTime !== undefined) checkNotInTheFuture(jwt, 'auth_time', authTime, expected.now);
  if (expected.maxAge === undefined) return authTime;
  if (authTime === undefined) {
    throw new RelyingPartyError(
      'id_token_auth_time_missing',
      'ID token has no "auth_time", though "max_age" was sent',
    );
  }
  const latest = authTime + expected.maxAge + clockSkewSeconds;
  if (expected.requestedAt / 1000 > latest) {
    // One Login ignores `max_age` for a client that is not enabled for it.
    throw new RelyingPartyError(
      'max_age_ignored',
      'ID token "auth_time" was too old when "max_age" was sent',
    );
  }
  if (expected.now / 1000 > latest) {
    throw new RelyingPartyError('id_token_auth_time_too_old', 'ID token "auth_time" is older than "max_age"');
  }
  return authTime;
}
