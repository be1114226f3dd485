import { signatureFaults } from '../keys/signature-faults.ts';
import type { ClaimFaults } from '../keys/spoil-claims.ts';

/** The faults of an ID token's claims. The first six are named as in the official simulator. */
export const idTokenClaimFaults = [
  'INVALID_ISS',
  'INVALID_AUD',
  'TOKEN_EXPIRED',
  'TOKEN_NOT_VALID_YET',
  'NONCE_NOT_MATCHING',
  /** `Cl` where `Cl.Cm` was asked for, and the other way round. */
  'INCORRECT_VOT',
  'MISSING_VOT',
  'MISSING_NONCE',
  'MISSING_SUB',
  'MISSING_EXP',
  'WRONG_AT_HASH',
  'MISSING_AUTH_TIME',
  /** A day ago. */
  'OLD_AUTH_TIME',
  /** No fault: One Login may do it, and a relying party must cope. */
  'AUD_AS_ARRAY',
  /** No fault either: `at_hash` is to be checked when it is there. */
  'MISSING_AT_HASH',
] as const;
export type IdTokenClaimFault = (typeof idTokenClaimFaults)[number];

export const idTokenFaults = [...signatureFaults, ...idTokenClaimFaults] as const;
export type IdTokenFault = (typeof idTokenFaults)[number];

const day = 86_400;

/** What the claim faults do. */
export const spoiltIdTokenClaims: ClaimFaults<IdTokenClaimFault> = {
  INVALID_ISS: () => ({ iss: 'https://example.com/identity-provider' }),
  INVALID_AUD: () => ({ aud: 'another-client' }),
  TOKEN_EXPIRED: (_claims, now) => ({ iat: now - day, exp: now - day + 120 }),
  TOKEN_NOT_VALID_YET: (_claims, now) => ({ iat: now + day, exp: now + day + 120 }),
  NONCE_NOT_MATCHING: () => ({ nonce: 'another-nonce' }),
  INCORRECT_VOT: (claims) => ({ vot: claims['vot'] === 'Cl.Cm' ? 'Cl' : 'Cl.Cm' }),
  MISSING_VOT: () => ({ vot: undefined }),
  MISSING_NONCE: () => ({ nonce: undefined }),
  MISSING_SUB: () => ({ sub: undefined }),
  MISSING_EXP: () => ({ exp: undefined }),
  WRONG_AT_HASH: () => ({ at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' }),
  MISSING_AUTH_TIME: () => ({ auth_time: undefined }),
  OLD_AUTH_TIME: (_claims, now) => ({ auth_time: now - day }),
  AUD_AS_ARRAY: (claims) => ({ aud: [claims['aud']] }),
  MISSING_AT_HASH: () => ({ at_hash: undefined }),
};
