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

/** Seconds for which a core identity is valid. */
export const coreIdentitySeconds = 1_800;

/** The faults of a core identity's claims. Those that the official simulator has too have its names. */
export const coreIdentityClaimFaults = {
  ...commonClaimFaults(coreIdentitySeconds, true),
  INCORRECT_SUB: () => ({ sub: 'urn:fdc:gov.uk:2022:somebody-else' }),
  /** One level below the one that was reached. */
  INCORRECT_VOT: (claims) => ({ vot: claims['vot'] === 'P2' ? 'P1' : 'P0' }),
  MISSING_VOT: () => ({ vot: undefined }),
  MISSING_VC: () => ({ vc: undefined }),
} satisfies ClaimFaults;

/** The key id is of another DID; the signature is the genuine one. */
export const foreignDid = 'FOREIGN_DID';

export const coreIdentityFaults = [
  ...signatureFaults,
  ...listNames(coreIdentityClaimFaults),
  foreignDid,
] as const;
export type CoreIdentityFault = (typeof coreIdentityFaults)[number];

/** Faults of the userinfo response. */
export const userinfoFaults = [
  /** The `sub` of another user. */
  'OTHER_SUB',
  'MISSING_SUB',
  /** 401 with an empty body, as for an access token that has expired. */
  'UNAUTHORIZED',
  'MALFORMED_JSON',
  /** No identity claims, as after the 180 s for which One Login keeps them. */
  'IDENTITY_EXPIRED',
] as const;
export type UserinfoFault = (typeof userinfoFaults)[number];

/** The faults of one sign-in, from its page. */
export interface ChosenFaults {
  readonly idToken: readonly IdTokenFault[];
  readonly userinfo: readonly UserinfoFault[];
  readonly coreIdentity: readonly CoreIdentityFault[];
}

export const noFaults: ChosenFaults = { idToken: [], userinfo: [], coreIdentity: [] };
