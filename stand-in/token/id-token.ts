import { createHash } from 'node:crypto';
import type { CredentialTrust } from '../authorize/authorization-request.ts';
import { signWithFaults } from '../keys/sign-with-faults.ts';
import { isSignatureFault } from '../keys/signature-faults.ts';
import { spoilClaims } from '../keys/spoil-claims.ts';
import { nowInSeconds, type Provider } from '../provider.ts';
import { type IdTokenFault, spoiltIdTokenClaims } from './id-token-faults.ts';

/** How long an ID token is good for. */
const lifetimeSeconds = 120;

/** What an ID token says beside who issued it to whom, and when. */
export interface IdTokenContents {
  readonly sub: string;
  readonly nonce: string;
  readonly sid: string;
  readonly vot: CredentialTrust;
  /** Seconds since the epoch. */
  readonly authTime: number;
  /** What `at_hash` is made from. */
  readonly accessToken: string;
}

/** Makes an ID token (docs/one-login.md, 2), with the faults asked for: the header has `alg` and `kid`, no `typ`. */
export function buildIdToken(
  provider: Provider,
  contents: IdTokenContents,
  faults: readonly IdTokenFault[],
): Promise<string> {
  const now = nowInSeconds(provider);
  const claims = {
    iss: provider.issuer,
    sub: contents.sub,
    aud: provider.client.clientId,
    exp: now + lifetimeSeconds,
    iat: now,
    nonce: contents.nonce,
    vot: contents.vot,
    vtm: `${provider.url}/trustmark`,
    sid: contents.sid,
    at_hash: accessTokenHash(contents.accessToken),
    auth_time: contents.authTime,
  };
  return signWithFaults(
    provider.keys.idToken,
    spoilClaims(claims, faults, spoiltIdTokenClaims, now),
    faults.filter(isSignatureFault),
  );
}

/** The left half of the SHA-256 (OIDC Core 3.1.3.6). */
function accessTokenHash(accessToken: string): string {
  return createHash('sha256').update(accessToken).digest().subarray(0, 16).toString('base64url');
}
