import type { AlarmsConfig } from './alarms-config.ts';
import type { ReservedConcurrencyConfig, ThrottlingConfig } from './capacity-config.ts';
import type { CloudFrontConfig, DomainConfig, FirewallConfig } from './edge-config.ts';
import type { ContactConfig, FooterLinkConfig, PageTextsConfig, PhaseBannerConfig } from './page-config.ts';

/**
 * What a deployment is configured with: the content of one file in `config/`, validated, defaults filled in.
 * `config/schema.json` says the same to editors, `docs/configuration.md` to people; a test keeps the three in step.
 */
export interface DeploymentConfig {
  /**
   * Names the deployment: the stack is `one-login-<name>`, so that several services and environments fit into one
   * account. Lower-case letters, digits and single hyphens, at most 40. A new name is a new deployment.
   */
  readonly name: string;
  /** Which One Login to use: it decides {@link provider}. `local` is for any other provider. */
  readonly environment: Environment;
  /**
   * Where the provider is.
   * @default by environment, see `provider-endpoints.ts`; required with `local`, refused otherwise
   */
  readonly provider: ProviderEndpoints;
  /**
   * The AWS region that everything is in.
   * @default 'eu-west-2'
   */
  readonly region: string;
  /**
   * The AWS account to deploy to, 12 digits. When given, a deployment with credentials of another account fails.
   * @default whichever the credentials at hand belong to
   */
  readonly account?: string;
  /**
   * The role with which API Gateway writes logs is a setting of the whole account and region. `create`: this stack
   * makes one and sets it. `existing`: it has been set, by another stack or by whoever runs the account.
   * @default 'create'
   */
  readonly apiGatewayLogRole: ApiGatewayLogRole;
  /** The service's name, as users know it: our pages show it. One line, at most 100 characters. */
  readonly serviceName: string;
  /**
   * The same in Welsh.
   * @default the service's name
   */
  readonly serviceNameWelsh?: string;
  /**
   * Who helps users: pages about errors say so.
   * @default these pages name nobody
   */
  readonly contact?: ContactConfig;
  /**
   * Says that the service is new, and where one can say what is wrong with it.
   * @default no banner
   */
  readonly phaseBanner?: PhaseBannerConfig;
  /**
   * Links at the foot of each page, such as those to the privacy notice and the accessibility statement.
   * @default []
   */
  readonly footerLinks: readonly FooterLinkConfig[];
  /**
   * What pages say instead of their own text: page → language → text. `docs/pages.md` has the pages.
   * @default {}
   */
  readonly pageTexts: PageTextsConfig;
  /**
   * The service's own web address, told to One Login in the User-Agent header of every call.
   * @default the public URL
   */
  readonly serviceUrl?: string;
  /**
   * The outside URL up to and with `/auth`, on the service's own host.
   * @default that of {@link domain}, else the API's own address,
   *   `https://<api>.execute-api.<region>.amazonaws.com/live/auth`
   */
  readonly publicUrl?: string;
  /**
   * The service's host name, when it is to lead to the API itself. The API's own address is switched off then.
   * @default no host name leads here by this stack
   */
  readonly domain?: DomainConfig;
  /**
   * A CloudFront distribution in front of the API, which then answers nobody else. Excludes {@link domain}.
   * @default whoever knows the API's address may use it
   */
  readonly cloudFront?: CloudFrontConfig;
  /**
   * A firewall in front of the API.
   * @default none
   */
  readonly firewall?: FirewallConfig;
  /** How many requests each route answers in a second. */
  readonly throttling: ThrottlingConfig;
  /** How many requests each function may work on at the same time. */
  readonly reservedConcurrency: ReservedConcurrencyConfig;
  /** The client id that One Login gave the service. One service, one client. */
  readonly clientId: string;
  /** What the service may know of the user, as registered; `openid` is always among them. */
  readonly scopes: readonly Scope[];
  /** What `/auth/login` asks for. */
  readonly authentication: AuthenticationConfig;
  /**
   * What an identity request asks for.
   * @default none: the service proves no identities
   */
  readonly identity?: IdentityConfig;
  /**
   * How One Login signs ID tokens for this client, as registered.
   * @default 'ES256'
   */
  readonly idTokenSigningAlgorithm: IdTokenSigningAlgorithm;
  /** The keys that sign our requests to One Login, at most 8, exactly one of them in the state `sign`. */
  readonly signingKeys: readonly SigningKeyConfig[];
  /**
   * In production, the ARNs of the IAM roles that may schedule the deletion of a signing key, at most 10.
   * @default []: nobody, before the key's policy has been changed
   */
  readonly signingKeyDeletionRoles: readonly string[];
  /** How long users stay signed in. */
  readonly session: SessionConfig;
  /**
   * Where users go without an acceptable `return_to`: a path of the service outside `/auth`, or an absolute URL at
   * the service's origin or at one of {@link returnOrigins}.
   * @default '/'; with the example service and no public URL, that service's address, '/live/'
   */
  readonly defaultPage: string;
  /**
   * Where users go after signing out: a page as `defaultPage` may name one.
   * @default a page of ours
   */
  readonly signedOutUrl?: string;
  /**
   * Origins beside the service's own that `return_to` may name.
   * @default []
   */
  readonly returnOrigins: readonly string[];
  /**
   * Lambda authorizers for the service's own APIs in API Gateway, at most one for each level.
   * @default []
   */
  readonly authorizers: readonly AuthorizerConfig[];
  /**
   * Whether the API has the example service at its root: a demonstration of signing in, for a deployment without a
   * service of its own.
   * @default false
   */
  readonly exampleService: boolean;
  /**
   * Days after which CloudWatch deletes a log line: one of the numbers that CloudWatch knows.
   * @default 90
   */
  readonly logRetentionDays: number;
  /**
   * The same for the audit trail, which has a log group of its own.
   * @default 400
   */
  readonly auditRetentionDays: number;
  /**
   * Who is told when something is wrong.
   * @default nobody: the alarms are there to be looked at
   */
  readonly alarms: AlarmsConfig;
}

export type Environment = 'local' | 'integration' | 'production';
export type ApiGatewayLogRole = 'create' | 'existing';
export type IdTokenSigningAlgorithm = 'ES256' | 'RS256';
export type Scope = 'openid' | 'email' | 'phone' | 'wallet-subject-id';
/** Vectors of trust without and with a level of confidence. One Login refuses to mix the two. */
export type AuthenticationVector = 'Cl' | 'Cl.Cm';
export type IdentityVector = 'Cl.Cm.P1' | 'Cl.Cm.P2';
export type IdentityClaim =
  `https://vocab.account.gov.uk/v1/${'coreIdentityJWT' | 'address' | 'passport' | 'drivingPermit' | 'returnCode'}`;

/** Where One Login's documents are and what it calls itself. None of it is derived from another. */
export interface ProviderEndpoints {
  /** The OIDC issuer, exactly as in the discovery document: a trailing slash is part of it. */
  readonly issuer: string;
  /** Where the discovery document is. */
  readonly discoveryUrl: string;
  /** The `iss` of core identities. */
  readonly coreIdentityIssuer: string;
  /** Where the DID document is that holds the keys of core identities. */
  readonly didUrl: string;
  /** The `id` of that DID document. */
  readonly didId: string;
}

export interface AuthenticationConfig {
  /** The vectors of trust that will do: `Cl`, or `Cl.Cm` with a second factor. */
  readonly vtr: readonly AuthenticationVector[];
  /**
   * `max_age`: how many seconds ago a user may have signed in at One Login. One Login honours it only for clients
   * that are registered for it.
   * @default as long as One Login keeps users signed in
   */
  readonly maxAgeSeconds?: number;
}

export interface IdentityConfig {
  /** The vectors of trust that will do: `Cl.Cm.P1`, `Cl.Cm.P2`. The claims need a level of confidence. */
  readonly vtr: readonly IdentityVector[];
  /** What of the identity the service may know, as registered; the core identity is always among it. */
  readonly claims: readonly IdentityClaim[];
  /**
   * Where users go whose identity was not proved: a page as `defaultPage` may name one.
   * @default a page of ours that explains
   */
  readonly notProvedUrl?: string;
  /**
   * Where users go whose in-person check has a result: a page as `defaultPage` may name one.
   * @default the default page
   */
  readonly inPersonReturnUrl?: string;
}

export interface SigningKeyConfig {
  /** Names the key for ever: a name is never used again for another key. At most 40 characters. */
  readonly name: string;
  /** `publish`: in the JWKS. `sign`: in the JWKS, and signs. `retire`: neither, but the key stays. */
  readonly state: SigningKeyState;
}

export type SigningKeyState = 'publish' | 'sign' | 'retire';

export interface SessionConfig {
  /**
   * Minutes without activity after which a session ends, 1 to 1440, never more than {@link absoluteMinutes}.
   * @default 60
   */
  readonly idleMinutes: number;
  /**
   * Minutes after which a session ends whatever happens, 1 to 1440.
   * @default 480
   */
  readonly absoluteMinutes: number;
}

export interface AuthorizerConfig {
  /** What a caller's session must have reached, or better. */
  readonly level: AuthenticationVector | IdentityVector;
  /**
   * What is passed on of the user besides `sub`, `vot`, `email`, the times, and what came of an identity request.
   * @default []
   */
  readonly claims: readonly AuthorizerClaim[];
  /**
   * Origins beside the service's own whose pages may send requests that change something.
   * @default []
   */
  readonly trustedOrigins: readonly string[];
  /**
   * How many requests the function may work on at the same time, taken from what all functions of the account share.
   * @default none of its own
   */
  readonly reservedConcurrency?: number;
}

export type AuthorizerClaim =
  | 'email_verified'
  | 'phone_number'
  | 'phone_number_verified'
  | 'wallet_subject_id'
  | 'names'
  | 'birth_dates'
  | 'address'
  | 'passport'
  | 'driving_permit'
  | 'return_codes';

/** The content of a config file, defaults filled in, before the environment has decided on the provider. */
export type ConfigFile = Omit<DeploymentConfig, 'provider'> & {
  readonly $schema?: string;
  readonly provider?: ProviderEndpoints;
};
