import { createHash } from 'node:crypto';
import type { CredentialTrust } from '../authorize/authorization-request.ts';
import { changeClaims, signWithFaults } from '../keys/token-faults.ts';
import { nowInSeconds, type Provider } from '../provider.ts';
import { type IdTokenFault, idTokenClaimFaults, idTokenSeconds } from './faults.ts';

/** The claims of an ID token that differ between sign-ins. */
export interface IdTokenContents {
  readonly sub: string;
  readonly nonce: string;
  readonly sid: string;
  readonly vot: CredentialTrust;
  /** Seconds since the epoch. */
  readonly auth_time: number;
}

/** Creates an ID token (docs/one-login.md, 2) with faults. The header has `alg` and `kid`, but no `typ`. */
export function buildIdToken(
  provider: Provider,
  contents: IdTokenContents,
  accessToken: string,
  faults: readonly IdTokenFault[],
): Promise<string> {
  const now = nowInSeconds(provider);
  const claims = {
    iss: provider.issuer,
    aud: provider.client.clientId,
    exp: now + idTokenSeconds,
    iat: now,
    vtm: `${provider.url}/trustmark`,
    at_hash: accessTokenHash(accessToken),
    ...contents,
  };
  return signWithFaults(provider.keys.idToken, changeClaims(claims, faults, idTokenClaimFaults, now), faults);
}

/** The left half of the SHA-256 (OIDC Core 3.1.3.6). */
function accessTokenHash(accessToken: string): string {
  return createHash('sha256').update(accessToken).digest().subarray(0, 16).toString('base64url');
}
