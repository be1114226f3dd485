import { type ClaimFaults, commonClaimFaults, listNames, signatureFaults } from '../keys/token-faults.ts';

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
