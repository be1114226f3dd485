/** The credential part of a vector of trust. */
export type CredentialTrust = 'Cl' | 'Cl.Cm';

/** The levels of confidence of an identity request, the weakest first. */
export const identityLevels = ['P1', 'P2'] as const;
export type IdentityLevel = (typeof identityLevels)[number];

/** The content of a `vtr` parameter: the credential of the weakest vector, and every level. */
export interface RequestedTrust {
  readonly credential: CredentialTrust;
  /** Empty for a request without an identity. */
  readonly levels: readonly IdentityLevel[];
}

/** A valid request to the authorization endpoint. */
export interface AuthorizationRequest {
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  readonly scopes: readonly string[];
  readonly trust: RequestedTrust;
  /** The requested userinfo claims, by their full names. */
  readonly claims: readonly string[];
  /** Always S256. */
  readonly codeChallenge: string;
  readonly uiLocales: string | undefined;
  /** Seconds. */
  readonly maxAge: number | undefined;
  /** The values of `prompt`. */
  readonly prompt: readonly string[];
  /** The subject of `id_token_hint`, with `prompt=login`. This user must authenticate again. */
  readonly reauthenticate?: string;
}
