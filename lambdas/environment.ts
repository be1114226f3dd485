/**
 * The environment variables of the functions. The construct that sets them (`lib`) and the composition roots that read them
 * (`lambdas/<function>/index.ts`) share these names.
 */
export const environmentVariables = {
  /** The deployment's name in the config. */
  deployment: 'DEPLOYMENT_NAME',
  /** The client id that One Login gave the service. */
  clientId: 'CLIENT_ID',
  /** The outside URL up to and with `/auth`, without a trailing slash. */
  publicUrl: 'PUBLIC_URL',
  /** What the names of the deployment's cookies contain, besides their usual names. Empty when not configured. */
  cookieName: 'COOKIE_NAME',
  /** Sent with every request to One Login. */
  userAgent: 'USER_AGENT',
  /** The OIDC issuer, exactly as in the discovery document. */
  issuer: 'OIDC_ISSUER',
  /** Where the discovery document is. */
  discoveryUrl: 'OIDC_DISCOVERY_URL',
  /** Space-separated scopes. */
  scopes: 'OIDC_SCOPES',
  /** JSON array of vectors of trust for `/auth/login`. */
  authenticationVtr: 'AUTHENTICATION_VTR',
  /** `max_age` in seconds; empty when not configured. */
  maxAge: 'MAX_AGE_SECONDS',
  /** JSON array of vectors of trust for `/auth/prove-identity`; empty when no identity is configured. */
  identityVtr: 'IDENTITY_VTR',
  /** JSON array of the userinfo claims in an identity request. */
  identityClaims: 'IDENTITY_CLAIMS',
  /** JSON array of the journeys, as in the config, with short names of claims. */
  journeys: 'JOURNEYS',
  /** The page for users whose identity was not proved. Empty for our own page. */
  notProvedUrl: 'IDENTITY_NOT_PROVED_URL',
  /** The page for users whose in-person check has a result. */
  inPersonReturnUrl: 'IN_PERSON_RETURN_URL',
  /** The issuer of core identities, which is not the OIDC issuer. */
  coreIdentityIssuer: 'CORE_IDENTITY_ISSUER',
  /** The DID of the provider of identities. */
  did: 'IDENTITY_DID',
  /** Where the DID document is. */
  didDocumentUrl: 'IDENTITY_DID_URL',
  /** `ES256` or `RS256`, as registered. */
  idTokenSigningAlgorithm: 'ID_TOKEN_SIGNING_ALG',
  /** The KMS key that signs; its id is the `kid`. */
  signingKeyId: 'SIGNING_KEY_ID',
  loginAttemptsTable: 'LOGIN_ATTEMPTS_TABLE',
  sessionsTable: 'SESSIONS_TABLE',
  providerDocumentsTable: 'PROVIDER_DOCUMENTS_TABLE',
  /** The page to go to without a valid `return_to`: a path of the service or an absolute URL. */
  defaultPage: 'DEFAULT_PAGE',
  /** The page after signing out. Empty for our own page. */
  signedOutUrl: 'SIGNED_OUT_URL',
  /** JSON array of further origins that are allowed in `return_to`. */
  returnOrigins: 'RETURN_ORIGINS',
  sessionIdleSeconds: 'SESSION_IDLE_SECONDS',
  sessionAbsoluteSeconds: 'SESSION_ABSOLUTE_SECONDS',
  /** The vector of trust that an authorizer requires. */
  authorizerLevel: 'AUTHORIZER_LEVEL',
  /** JSON array of the optional claims that an authorizer passes on. */
  authorizerClaims: 'AUTHORIZER_CLAIMS',
  /** The route that raises a user's level, below `/auth`, such as `login` or `prove-identity?journey=benefits`. */
  authorizerStepUp: 'AUTHORIZER_STEP_UP',
  /** JSON array of trusted origins, whose pages may use unsafe methods. */
  authorizerTrustedOrigins: 'AUTHORIZER_TRUSTED_ORIGINS',
  /** JSON array of the paths below `/auth` that lead to One Login, such as `login` or `prove-identity?journey=benefits`. */
  canaryPaths: 'CANARY_PATHS',
} as const;

export type EnvironmentVariable = keyof typeof environmentVariables;

/**
 * Reads all variables of a function, so that one error lists everything that is missing.
 *
 * @param names the variables that the function needs
 * @param source the environment, `process.env` in a composition root
 * @throws Error naming every missing variable
 */
export function readEnvironment<const Names extends readonly EnvironmentVariable[]>(
  names: Names,
  source: Readonly<Record<string, string | undefined>>,
): Record<Names[number], string> {
  const missing = names.filter((name) => source[environmentVariables[name]] === undefined);
  if (missing.length > 0) {
    throw new Error(
      `missing environment variables: ${missing.map((name) => environmentVariables[name]).join(', ')}`,
    );
  }
  return Object.fromEntries(names.map((name) => [name, source[environmentVariables[name]]])) as Record<
    Names[number],
    string
  >;
}
