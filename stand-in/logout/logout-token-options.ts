import { type ClaimFaults, commonClaimFaults, listNames, signatureFaults } from '../keys/token-faults.ts';

/** A token, and the `jti` in it. */
export interface LogoutToken {
  readonly token: string;
  readonly jti: string;
}

/** Seconds for which a logout token is valid. */
export const logoutTokenSeconds = 120;

export const logoutClaimFaults = {
  ...commonClaimFaults(logoutTokenSeconds),
  MISSING_SUB: () => ({ sub: undefined }),
  MISSING_JTI: () => ({ jti: undefined }),
  MISSING_IAT: () => ({ iat: undefined }),
  MISSING_EXP: () => ({ exp: undefined }),
  MISSING_EVENTS: () => ({ events: undefined }),
  /** Another event in place of the right one. */
  WRONG_EVENTS: () => ({ events: { 'http://schemas.openid.net/event/something-else': {} } }),
  /** Only ID tokens have a `nonce`. */
  NONCE: () => ({ nonce: 'a-nonce' }),
} satisfies ClaimFaults;

export const logoutTokenFaults = [
  ...signatureFaults,
  ...listNames(logoutClaimFaults),
  /** `typ` is `JWT`. */
  'WRONG_TYP',
  /** Not a fault: the sample in the documentation has no `typ`. */
  'MISSING_TYP',
  /** An ID token of the same user in place of a logout token. */
  'ID_TOKEN',
] as const;
export type LogoutTokenFault = (typeof logoutTokenFaults)[number];

/** The contents of a logout token. */
export interface LogoutTokenOptions {
  /** The user whose sessions end. */
  readonly sub: string;
  readonly faults?: readonly LogoutTokenFault[];
  /** Claims that replace the usual ones, such as a `jti` that was used before; null removes one. */
  readonly claims?: Readonly<Record<string, unknown>>;
}
