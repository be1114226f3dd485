/** The credential part of a vector of trust. */
export type CredentialTrust = 'Cl' | 'Cl.Cm';

/** The levels of confidence that an identity request can ask for, weakest first. */
export const identityLevels = ['P1', 'P2'] as const;
export type IdentityLevel = (typeof identityLevels)[number];

/** What a `vtr` parameter asks for: the weakest vector counts, and any of the levels will do. */
export interface RequestedTrust {
  readonly credential: CredentialTrust;
  /** Empty when no identity is asked for. */
  readonly levels: readonly IdentityLevel[];
}

/** A request at the authorization endpoint in which nothing was wrong. */
export interface AuthorizationRequest {
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  readonly scopes: readonly string[];
  readonly trust: RequestedTrust;
  /** The userinfo claims asked for, under their full names. */
  readonly claims: readonly string[];
  /** S256 always. */
  readonly codeChallenge: string;
  readonly uiLocales?: string;
  /** Seconds. */
  readonly maxAge?: number;
  /** The values of `prompt`; empty without one. */
  readonly prompt: readonly string[];
  /** The subject who must re-authenticate: with `prompt=login` and a valid `id_token_hint` only. */
  readonly reauthenticate?: string;
}
