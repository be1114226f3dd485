import type { Language } from '../language.ts';
import type { CoreIdentity } from '../one-login/core-identity.ts';
import type { IdentityClaims } from '../one-login/identity-claims.ts';
import type { UserInfoClaims } from '../one-login/userinfo.ts';
import type { CredentialTrust } from '../one-login/vector-of-trust.ts';

/** The key of a session in the store: the user's partition, and the hash of the token in the cookie. */
export interface SessionKey {
  /** base64url SHA-256 of client id and `sub`. */
  readonly subjectKey: string;
  /** base64url SHA-256 of the session token. */
  readonly tokenHash: string;
}

/** A session as stored, which can't be read without the token in the cookie. */
export interface SealedSession {
  readonly key: SessionKey;
  /** AES-256-GCM: 12 bytes of IV, the ciphertext, 16 bytes of tag. See `seal.ts`. */
  readonly sealedPayload: Uint8Array;
  readonly schemaVersion: number;
  readonly absoluteExpiresAt: number;
  /** Not authenticated by the seal, because it changes. Never later than the absolute expiry. */
  readonly idleExpiresAt: number;
}

/**
 * Why an identity was not proved:
 *
 * - `absent`: One Login finished the request and sent no identity. The return codes may explain it.
 * - `access_denied`: One Login ended the request with this error, which means insufficient evidence.
 * - `interrupted`: One Login lost the user's session or took too long. The evidence is unknown.
 */
export type NotProvedReason = 'absent' | 'access_denied' | 'interrupted';

/**
 * The outcome of an identity request. Names and birth dates are from the core identity, which itself is never stored. The
 * claims are those that may be released.
 */
export type SessionIdentity =
  | ({
      readonly outcome: 'proved';
      readonly claims: IdentityClaims;
      /** Full names of what was requested, whether or not One Login has it. Absent when the service has no journeys. */
      readonly requestedClaims?: readonly string[];
    } & Pick<CoreIdentity, 'vot' | 'names' | 'birthDates'>)
  | {
      readonly outcome: 'not_proved';
      readonly reason: NotProvedReason;
      /** When the request began. The outcome of an earlier request does not replace this one. */
      readonly requestedAt: number;
      readonly claims: IdentityClaims;
    };

/** What the session contains about the user. */
export interface SessionPayload {
  readonly sub: string;
  /** The credential part that was reached, such as `Cl.Cm`. */
  readonly vot: CredentialTrust;
  /** Seconds since the epoch, as in the ID token; absent when the ID token had none. */
  readonly authTime?: number;
  /** For the logout request's hint. */
  readonly idToken: string;
  readonly claims: UserInfoClaims;
  readonly language: Language;
  readonly signedInAt: number;
  /** By our clock, because the provider does not renew `auth_time` for a re-authentication. */
  readonly reauthenticatedAt?: number;
  /** Absent when no identity was requested. */
  readonly identity?: SessionIdentity;
}
