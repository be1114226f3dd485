import { signatureFaults } from '../keys/signature-faults.ts';

/** A token, and the `jti` in it. */
export interface LogoutToken {
  readonly token: string;
  readonly jti: string;
}

export const claimFaults = [
  'INVALID_ISS',
  'INVALID_AUD',
  'TOKEN_EXPIRED',
  'TOKEN_NOT_VALID_YET',
  'MISSING_SUB',
  'MISSING_JTI',
  'MISSING_IAT',
  'MISSING_EXP',
  'MISSING_EVENTS',
  /** Another event in place of the right one. */
  'WRONG_EVENTS',
  /** A `nonce`, as only ID tokens have one. */
  'NONCE',
] as const;

export type ClaimFault = (typeof claimFaults)[number];

export const logoutTokenFaults = [
  ...signatureFaults,
  ...claimFaults,
  /** `typ` `JWT`. */
  'WRONG_TYP',
  /** No fault: the docs' sample has no `typ`. */
  'MISSING_TYP',
  /** No logout token at all, but an ID token of the same user. */
  'ID_TOKEN',
] as const;

export type LogoutTokenFault = (typeof logoutTokenFaults)[number];

/** What a logout token is to be like. */
export interface LogoutTokenOptions {
  /** Whose sessions are to end. */
  readonly sub: string;
  readonly faults?: readonly LogoutTokenFault[];
  /** Claims in place of the usual ones, such as a `jti` seen before; null takes one away. */
  readonly claims?: Readonly<Record<string, unknown>>;
}
