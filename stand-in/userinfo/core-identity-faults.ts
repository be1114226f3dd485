import { signatureFaults } from '../keys/signature-faults.ts';
import type { ClaimFaults } from '../keys/spoil-claims.ts';

/** The faults of a core identity JWT's claims. The first four are named as in the official simulator. */
export const coreIdentityClaimFaults = [
  'INVALID_ISS',
  'INVALID_AUD',
  'INCORRECT_SUB',
  'TOKEN_EXPIRED',
  'TOKEN_NOT_VALID_YET',
  /** One level below the one that was reached. */
  'INCORRECT_VOT',
  'MISSING_VOT',
  'MISSING_VC',
] as const;
export type CoreIdentityClaimFault = (typeof coreIdentityClaimFaults)[number];

/** The key id names another DID; the signature is the genuine one. */
export const foreignDid = 'FOREIGN_DID';

export const coreIdentityFaults = [...signatureFaults, ...coreIdentityClaimFaults, foreignDid] as const;
export type CoreIdentityFault = (typeof coreIdentityFaults)[number];

const day = 86_400;

/** What the claim faults do. */
export const spoiltCoreIdentityClaims: ClaimFaults<CoreIdentityClaimFault> = {
  INVALID_ISS: () => ({ iss: 'https://example.com/identity-provider' }),
  INVALID_AUD: () => ({ aud: 'another-client' }),
  INCORRECT_SUB: () => ({ sub: 'urn:fdc:gov.uk:2022:somebody-else' }),
  TOKEN_EXPIRED: (_claims, now) => ({ iat: now - day, nbf: now - day, exp: now - day + 1_800 }),
  TOKEN_NOT_VALID_YET: (_claims, now) => ({ iat: now + day, nbf: now + day, exp: now + day + 1_800 }),
  INCORRECT_VOT: (claims) => ({ vot: claims['vot'] === 'P2' ? 'P1' : 'P0' }),
  MISSING_VOT: () => ({ vot: undefined }),
  MISSING_VC: () => ({ vc: undefined }),
};
