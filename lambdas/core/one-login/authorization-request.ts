import { createHash, randomUUID } from 'node:crypto';
import { RelyingPartyError } from '../errors.ts';
import type { Language } from '../language.ts';
import type { Signer } from '../ports.ts';
import { signJws } from './jws.ts';
import type { ProviderAddress } from './messages.ts';
import type { ProviderMetadata } from './provider-metadata.ts';
import type { VectorOfTrust } from './vector-of-trust.ts';

/** One Login's firewall responds with 403 to a longer query string. */
const longestQuery = 4096;

/** Seconds for which the request object is valid. One Login recommends five minutes. */
const lifetime = 300;

export interface AuthorizationRequestParameters {
  readonly metadata: ProviderMetadata;
  readonly clientId: string;
  /** Exactly as registered. */
  readonly redirectUri: string;
  /** Must include `openid`. */
  readonly scopes: readonly string[];
  readonly state: string;
  readonly nonce: string;
  /** Its SHA-256 is sent as the challenge. The token request contains the verifier itself. */
  readonly codeVerifier: string;
  /** One of these vectors must be reached. */
  readonly vtr: readonly VectorOfTrust[];
  /** Full names of the userinfo claims. */
  readonly claims?: readonly string[];
  readonly uiLocale: Language;
  /** Seconds. */
  readonly maxAge?: number;
  readonly prompt?: 'login';
  /** An ID token of the user who is to sign in again. */
  readonly idTokenHint?: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Builds the URL of an authorization request (OIDC Core 3.1.2.1) whose parameters are in a signed request object
 * (RFC 9101), with PKCE (RFC 7636, S256).
 *
 * @throws RelyingPartyError `authorization_request_too_long`; `kms_unavailable` from the signer
 */
export async function buildAuthorizationRequest(
  parameters: AuthorizationRequestParameters,
  signer: Signer,
): Promise<ProviderAddress> {
  const url = new URL(parameters.metadata.authorization_endpoint);
  url.searchParams.set('response_type', 'code');
  url.searchParams.set('scope', parameters.scopes.join(' '));
  url.searchParams.set('client_id', parameters.clientId);
  url.searchParams.set('request', await signJws(buildRequestObject(parameters), signer));

  const length = url.search.length - '?'.length;
  if (length > longestQuery) {
    throw new RelyingPartyError(
      'authorization_request_too_long',
      `the query of the authorization request has ${length} characters, but One Login accepts at most ${longestQuery}`,
    );
  }
  return url.href as ProviderAddress;
}

/**
 * Builds the claims of the request object. `aud` is one string and `claims` is JSON text, because One Login and its
 * simulator both accept these forms. There is no `nbf`: the provider checks it, and our clock may be ahead.
 */
function buildRequestObject(parameters: AuthorizationRequestParameters): object {
  const { claims, maxAge, prompt, idTokenHint } = parameters;
  const iat = Math.floor(parameters.now / 1000);
  return {
    aud: parameters.metadata.authorization_endpoint,
    iss: parameters.clientId,
    client_id: parameters.clientId,
    iat,
    exp: iat + lifetime,
    jti: randomUUID(),
    response_type: 'code',
    scope: parameters.scopes.join(' '),
    redirect_uri: parameters.redirectUri,
    state: parameters.state,
    nonce: parameters.nonce,
    code_challenge: createHash('sha256').update(parameters.codeVerifier).digest('base64url'),
    code_challenge_method: 'S256',
    vtr: parameters.vtr,
    ui_locales: parameters.uiLocale,
    ...(claims !== undefined && claims.length > 0 && { claims: buildClaimsParameter(claims) }),
    ...(maxAge !== undefined && { max_age: maxAge }),
    ...(prompt !== undefined && { prompt }),
    ...(idTokenHint !== undefined && { id_token_hint: idTokenHint }),
  };
}

/** OIDC Core 5.5: `null` requests the claim as a voluntary one. */
function buildClaimsParameter(claims: readonly string[]): string {
  return JSON.stringify({ userinfo: Object.fromEntries(claims.map((claim) => [claim, null])) });
}
