import { type ClaimFaults, commonClaimFaults, listNames, signatureFaults } from '../keys/token-faults.ts';

/** Seconds for which an ID token is valid. */
export const idTokenSeconds = 120;

/** The faults of an ID token's claims. Those that the official simulator has too have its names. */
export const idTokenClaimFaults = {
  ...commonClaimFaults(idTokenSeconds),
  NONCE_NOT_MATCHING: () => ({ nonce: 'another-nonce' }),
  /** `Cl` when the request asked for `Cl.Cm`, otherwise `Cl.Cm`. */
  INCORRECT_VOT: (claims) => ({ vot: claims['vot'] === 'Cl.Cm' ? 'Cl' : 'Cl.Cm' }),
  MISSING_VOT: () => ({ vot: undefined }),
  MISSING_NONCE: () => ({ nonce: undefined }),
  MISSING_SUB: () => ({ sub: undefined }),
  MISSING_EXP: () => ({ exp: undefined }),
  WRONG_AT_HASH: () => ({ at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' }),
  MISSING_AUTH_TIME: () => ({ auth_time: undefined }),
  /** A day ago. */
  OLD_AUTH_TIME: (_claims, now) => ({ auth_time: now - 86_400 }),
  /** Not a fault: One Login may do it, and a relying party must accept it. */
  AUD_AS_ARRAY: (claims) => ({ aud: [claims['aud']] }),
  /** Not a fault: a relying party checks `at_hash` if there is one. */
  MISSING_AT_HASH: () => ({ at_hash: undefined }),
} satisfies ClaimFaults;

export const idTokenFaults = [...signatureFaults, ...listNames(idTokenClaimFaults)] as const;
export type IdTokenFault = (typeof idTokenFaults)[number];
