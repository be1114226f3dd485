/** Ways in which the userinfo answer can be wrong. */
export const userinfoFaults = [
  /** The `sub` of somebody else. */
  'OTHER_SUB',
  'MISSING_SUB',
  /** 401 with an empty body, as for an access token that has expired. */
  'UNAUTHORIZED',
  'MALFORMED_JSON',
  /** No identity claims, as after the 180 s for which they are held. */
  'IDENTITY_EXPIRED',
] as const;
export type UserinfoFault = (typeof userinfoFaults)[number];
