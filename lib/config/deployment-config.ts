// Generated from config/schema.json by `npm run generate`: change the schema, not this file.

/** The config of a deployment: one file of `config/`, validated, with its defaults and its provider filled in. */
export interface DeploymentConfig extends Omit<ConfigFile, '$schema' | 'provider'> {
  readonly provider: ProviderEndpoints;
}

/** A config file, validated and with its defaults filled in. */
export interface ConfigFile {
  /** The path of this schema, for editors. */
  readonly $schema?: string;
  /** The deployment's name. The stack is `one-login-<name>`. */
  readonly name: string;
  /** The One Login environment: `integration` or `production`, or `local` with your own `provider`. */
  readonly environment: Environment;
  /** The AWS region. `eu-west-2` is London. Default: `eu-west-2`. */
  readonly region: string;
  /** The AWS account. A deployment with the credentials of another account then fails. */
  readonly account?: string;
  /**
   * The role with which API Gateway writes logs in the account and region. `create` makes it. `existing`
   * keeps it. Default: `create`.
   */
  readonly apiGatewayLogRole: ApiGatewayLogRole;
  /** Days after which CloudWatch deletes a log line. Default: `90`. */
  readonly logRetentionDays: number;
  /** Days after which CloudWatch deletes a line of the audit trail. Default: `400`. */
  readonly auditRetentionDays: number;
  /** The service's name. Every page shows it. */
  readonly serviceName: string;
  /** The service's name on Welsh pages. If you leave it out, they show `serviceName`. */
  readonly serviceNameWelsh?: string;
  /** The team that helps users, for error pages. */
  readonly contact?: ContactConfig;
  /** The Design System's phase banner, on every page. */
  readonly phaseBanner?: PhaseBannerConfig;
  /** Links in every footer, such as your privacy notice. Default: `[]`. */
  readonly footerLinks: readonly FooterLinkConfig[];
  /** Texts that replace a page's own. */
  readonly pageTexts: PageTextsConfig;
  /** The service's own web address. The default is `publicUrl`. */
  readonly serviceUrl?: string;
  /** The public address of our routes, such as `https://service.example.gov.uk/auth`. */
  readonly publicUrl?: string;
  /** A word in the cookies' names, such as `licences`, if deployments share a host. */
  readonly cookieName?: string;
  /** Where users go after sign-in without a valid `return_to`. Default: `/`. */
  readonly defaultPage: string;
  /** Where users go after they sign out. The default is our page. */
  readonly signedOutUrl?: string;
  /** Whether to put the example service at the API's root. Do not use it in production. Default: `false`. */
  readonly exampleService: boolean;
  /** Other origins that `return_to` can name, such as `https://forms.example.gov.uk`. Default: `[]`. */
  readonly returnOrigins: readonly string[];
  /** The service's host name, if it goes straight to the API. */
  readonly domain?: DomainConfig;
  /**
   * Your CloudFront distribution in front of the API. The API then refuses requests that do not come through
   * it.
   */
  readonly cloudFront?: CloudFrontConfig;
  /** A firewall (AWS WAF) in front of the API. `{}` makes one with the defaults. */
  readonly firewall?: FirewallConfig;
  /** Requests per second to each route, over all users. Twice as many can come at once. More get 429. */
  readonly throttling: ThrottlingConfig;
  /** Requests that each function can work on at once. Others share what the account has. */
  readonly reservedConcurrency: ReservedConcurrencyConfig;
  /** The client id that One Login gave the service. */
  readonly clientId: string;
  /** What the service can find out about every user, as registered. The list must include openid. */
  readonly scopes: readonly Scope[];
  /** What `/auth/login` requests from One Login. */
  readonly authentication: AuthenticationConfig;
  /** What an identity request contains. */
  readonly identity?: IdentityConfig;
  /**
   * What a part of your service requests, where that differs from `authentication` and `identity`. Default:
   * `[]`.
   */
  readonly journeys: readonly JourneyConfig[];
  /** How One Login signs ID tokens for this client, as registered. Others are refused. Default: `ES256`. */
  readonly idTokenSigningAlgorithm: IdTokenSigningAlgorithm;
  /** The keys that sign our requests. Exactly one must have the state `sign`. */
  readonly signingKeys: readonly SigningKeyConfig[];
  /**
   * Public keys of another system that uses the same client at One Login, as JWKs. The JWKS contains them
   * too. Default: `[]`.
   */
  readonly publishedKeys: readonly PublishedKeyConfig[];
  /**
   * The IAM roles that can schedule a signing key's deletion in production. By default none can. Default:
   * `[]`.
   */
  readonly signingKeyDeletionRoles: readonly string[];
  /** How long users stay signed in. One Login's own session is separate. */
  readonly session: SessionConfig;
  /** Lambda authorizers for your own APIs in API Gateway, at most one for each level. Default: `[]`. */
  readonly authorizers: readonly AuthorizerConfig[];
  /**
   * Whether a function examines sign-in every five minutes, with an alarm. The default is true in production
   * only.
   */
  readonly canary?: boolean;
  /** Who gets the alarms. Without it, alarms send no messages. */
  readonly alarms: AlarmsConfig;
  /** Where the provider is, for the simulator or another stand-in. It needs the environment `local`. */
  readonly provider?: ProviderEndpoints;
}

export type Environment = 'local' | 'integration' | 'production';

export type ApiGatewayLogRole = 'create' | 'existing';

export interface ContactConfig {
  /** The name, as it reads after "Contact the", such as Licensing team. */
  readonly name: string;
  /** The name on Welsh pages, as it reads after "Cysylltwch â’r", such as tîm trwyddedu. */
  readonly nameWelsh?: string;
  /** A page about how to get help. */
  readonly url?: string;
  /** The same page in Welsh. */
  readonly urlWelsh?: string;
  /** An email address for help. */
  readonly email?: string;
  /** A telephone number for help. */
  readonly phone?: string;
  /** The telephone number for Welsh speakers. */
  readonly phoneWelsh?: string;
  /** When people can call. It needs `phone`. */
  readonly openingHours?: string;
  /** The opening hours in Welsh. */
  readonly openingHoursWelsh?: string;
}

export interface PhaseBannerConfig {
  /** The phase of the service: `alpha` or `beta`. */
  readonly phase: Phase;
  /** Where users can give feedback. */
  readonly feedbackUrl: string;
}

export type Phase = 'alpha' | 'beta';

export interface FooterLinkConfig {
  /** The text of the link. */
  readonly text: string;
  /** The address of the link. */
  readonly url: string;
  /** The text on Welsh pages. */
  readonly textWelsh?: string;
  /** The address on Welsh pages. */
  readonly urlWelsh?: string;
}

export interface PageTextsConfig {
  readonly problem?: PageTranslations;
  readonly 'temporarily-unavailable'?: PageTranslations;
  readonly 'identity-unavailable'?: PageTranslations;
  readonly 'service-unavailable'?: PageTranslationsWithoutAction;
  readonly 'start-again'?: PageTranslations;
  readonly denied?: PageTranslations;
  readonly 'identity-denied'?: PageTranslations;
  readonly 'switched-browser'?: PageTranslations;
  readonly 'sent-back'?: PageTranslations;
  readonly 'not-found'?: PageTranslationsWithoutAction;
  readonly 'sign-out-problem'?: PageTranslations;
  readonly 'identity-not-proved'?: PageTranslations;
  readonly 'in-person-return'?: PageTranslations;
  readonly 'confirm-sign-out'?: PageTranslations;
  readonly 'signed-out'?: PageTranslations;
  readonly 'page-not-found'?: PageTranslationsWithoutAction;
  readonly 'too-many-requests'?: PageTranslations;
  readonly 'request-refused'?: PageTranslations;
  readonly unavailable?: PageTranslations;
}

export interface PageTranslations {
  readonly en?: PageTextConfig;
  readonly cy?: PageTextConfig;
}

export interface PageTextConfig {
  /** The heading, and the title of the window. */
  readonly title?: string;
  /** Paragraphs: what happened, and what to do next. */
  readonly text?: readonly string[];
  /** The words of the page's button or link. */
  readonly action?: string;
}

export interface PageTranslationsWithoutAction {
  readonly en?: PageTextConfigWithoutAction;
  readonly cy?: PageTextConfigWithoutAction;
}

export interface PageTextConfigWithoutAction {
  /** The heading, and the title of the window. */
  readonly title?: string;
  /** Paragraphs: what happened, and what to do next. */
  readonly text?: readonly string[];
}

export interface DomainConfig {
  /** The host name. */
  readonly name: string;
  /**
   * A certificate for the name in the same region and account. By default the stack makes one, which needs
   * `hostedZone`.
   */
  readonly certificateArn?: string;
  /** The public hosted zone of the name in Route 53, in the same account, for the DNS records. */
  readonly hostedZone?: HostedZoneConfig;
}

export interface HostedZoneConfig {
  /** The id of the zone. */
  readonly id: string;
  /** The domain of the zone. */
  readonly name: string;
}

export interface CloudFrontConfig {
  /** Names of the secrets that CloudFront can send. The stack makes the secrets. */
  readonly originSecrets: readonly string[];
}

export interface FirewallConfig {
  /**
   * AWS's managed rule groups, in order. Default:
   * `["AWSManagedRulesCommonRuleSet","AWSManagedRulesKnownBadInputsRuleSet"]`.
   */
  readonly managedRuleGroups: readonly ManagedRuleGroup[];
  /** Requests that one address can send within 5 minutes. */
  readonly rateLimits: FirewallRateLimits;
}

export type ManagedRuleGroup =
  | 'AWSManagedRulesCommonRuleSet'
  | 'AWSManagedRulesKnownBadInputsRuleSet'
  | 'AWSManagedRulesAmazonIpReputationList'
  | 'AWSManagedRulesAnonymousIpList'
  | 'AWSManagedRulesBotControlRuleSet'
  | 'AWSManagedRulesSQLiRuleSet'
  | 'AWSManagedRulesLinuxRuleSet'
  | 'AWSManagedRulesUnixRuleSet';

export interface FirewallRateLimits {
  /**
   * `/auth/login`, `/auth/reauthenticate`, `/auth/prove-identity` and `/auth/in-person-return` together.
   * Default: `300`.
   */
  readonly signIn: number;
  /** `/auth/callback`. Default: `300`. */
  readonly callback: number;
  /** `/auth/logout` and `/auth/signed-out` together. Default: `300`. */
  readonly signOut: number;
  /** `/auth/userinfo` without a session cookie. Default: `30000`. */
  readonly userinfoWithoutSession: number;
  /** `/auth/backchannel-logout`. Keep it high, because One Login uses few addresses. Default: `30000`. */
  readonly backchannelLogout: number;
  /** `/auth/.well-known/jwks.json`. Default: `3000`. */
  readonly jwks: number;
}

export interface ThrottlingConfig {
  /** `/auth/login`. Default: `80`. */
  readonly login: number;
  /** `/auth/reauthenticate`. Default: `20`. */
  readonly reauthenticate: number;
  /** `/auth/prove-identity`. Default: `20`. */
  readonly proveIdentity: number;
  /** `/auth/in-person-return`. Default: `20`. */
  readonly inPersonReturn: number;
  /** `/auth/callback`. Default: `80`. */
  readonly callback: number;
  /** `/auth/userinfo`. Default: `500`. */
  readonly userinfo: number;
  /** `GET /auth/logout`, `POST /auth/logout` and `/auth/signed-out`, each. Default: `500`. */
  readonly logout: number;
  /** `/auth/backchannel-logout`. Default: `500`. */
  readonly backchannelLogout: number;
  /** Each other route, such as the JWKS. Default: `500`. */
  readonly others: number;
}

export interface ReservedConcurrencyConfig {
  /** `/auth/login` and the other routes that go to One Login. */
  readonly login?: number;
  /** `/auth/callback`. */
  readonly callback?: number;
  /** `/auth/userinfo`. */
  readonly userinfo?: number;
  /** `/auth/logout` and `/auth/signed-out`. */
  readonly logout?: number;
  /**
   * `/auth/backchannel-logout`. If you leave it out, it is 20 where the account has enough, and none
   * otherwise.
   */
  readonly backchannelLogout?: number;
}

export type Scope = 'openid' | 'email' | 'phone' | 'wallet-subject-id';

export interface AuthenticationConfig {
  /**
   * Accepted levels of authentication: `Cl.Cm` (password and a second factor) or `Cl` (password only). P1 and
   * P2 belong in `identity.vtr`.
   */
  readonly vtr: readonly AuthenticationVector[];
  /** How many seconds ago a user may have signed in to One Login. */
  readonly maxAgeSeconds?: number;
}

export type AuthenticationVector = 'Cl' | 'Cl.Cm';

export interface IdentityConfig {
  /**
   * Accepted levels of identity: `Cl.Cm.P1` (low confidence) or `Cl.Cm.P2` (medium confidence), as
   * registered.
   */
  readonly vtr: readonly IdentityVector[];
  /**
   * What the service can find out about the identity, as registered. The list must include the core identity
   * (name and date of birth).
   */
  readonly claims: readonly IdentityClaim[];
  /** Where users go if they could not prove their identity. The default is our page. */
  readonly notProvedUrl?: string;
  /** Where users go after an in-person check, when the result is known. The default is `defaultPage`. */
  readonly inPersonReturnUrl?: string;
}

export type IdentityVector = 'Cl.Cm.P1' | 'Cl.Cm.P2';

export type IdentityClaim =
  | 'https://vocab.account.gov.uk/v1/coreIdentityJWT'
  | 'https://vocab.account.gov.uk/v1/address'
  | 'https://vocab.account.gov.uk/v1/passport'
  | 'https://vocab.account.gov.uk/v1/drivingPermit'
  | 'https://vocab.account.gov.uk/v1/returnCode';

export interface JourneyConfig {
  /** The name of the journey in links. */
  readonly name: string;
  /**
   * Accepted levels. P1 and P2 are for `/auth/prove-identity`, the others for `/auth/login` and
   * `/auth/reauthenticate`.
   */
  readonly vtr: readonly JourneyVector[];
  /** What the journey requests about the identity. The default is `identity.claims`. */
  readonly claims?: readonly IdentityClaim[];
  /** At most `authentication.maxAgeSeconds`, which is the default. */
  readonly maxAgeSeconds?: number;
  /** Where these users go if they could not prove their identity. The default is `identity.notProvedUrl`. */
  readonly notProvedUrl?: string;
}

export type JourneyVector = 'Cl' | 'Cl.Cm' | 'Cl.Cm.P1' | 'Cl.Cm.P2';

export type IdTokenSigningAlgorithm = 'ES256' | 'RS256';

export interface SigningKeyConfig {
  /** The permanent name of the key. Never use a name again for another key. */
  readonly name: string;
  /** `publish`: in the JWKS. `sign`: in the JWKS, and signs. `retire`: neither, but the key still exists. */
  readonly state: SigningKeyState;
}

export type SigningKeyState = 'publish' | 'sign' | 'retire';

export interface PublishedKeyConfig {
  /** The type of the key: `RSA`. With any other type One Login could read no key. */
  readonly kty: 'RSA';
  /** The id of the key, as in the headers of the other system's JWTs. */
  readonly kid: string;
  /** The algorithm with which the other system signs. */
  readonly alg: ClientAlgorithm;
  /** The public exponent of the key: `AQAB`, which is 65537. */
  readonly e: 'AQAB';
  /** The modulus of the key, of 2048 to 4096 bits. */
  readonly n: string;
  /** The use of the key: `sig`, which is the default. */
  readonly use?: 'sig';
}

export type ClientAlgorithm = 'RS256' | 'RS384' | 'RS512' | 'PS256' | 'PS384' | 'PS512';

export interface SessionConfig {
  /**
   * Minutes without activity after which a session ends. At most `session.absoluteMinutes`. Default: `60`.
   */
  readonly idleMinutes: number;
  /** Minutes after which a session always ends. Default: `480`. */
  readonly absoluteMinutes: number;
}

export interface AuthorizerConfig {
  /** The level that a session must have reached, or a higher one. */
  readonly level: 'Cl' | 'Cl.Cm' | 'Cl.Cm.P1' | 'Cl.Cm.P2';
  /** What your API gets in addition to the usual values. Default: `[]`. */
  readonly claims: readonly AuthorizerClaim[];
  /**
   * Other origins whose pages can send requests that change something, such as
   * `https://forms.example.gov.uk`. Default: `[]`.
   */
  readonly trustedOrigins: readonly string[];
  /** As in the top-level `reservedConcurrency`. */
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
  | 'return_codes'
  | 'identity_claims';

export interface AlarmsConfig {
  /** An existing SNS topic in the same region that gets every alarm. */
  readonly topicArn?: string;
  /** The same, for only the urgent alarms (`Act now.`). */
  readonly urgentTopicArn?: string;
  /** The same, for only the other alarms (`Look on the next working day.`). */
  readonly ticketTopicArn?: string;
  /** Email addresses that get every alarm, from a topic of this stack. Default: `[]`. */
  readonly emails: readonly string[];
  /** The address of your copy of `docs/operations/runbooks`, for the links of alarms. */
  readonly runbookBaseUrl?: string;
}

export interface ProviderEndpoints {
  /** The OIDC issuer, exactly as in the discovery document, with any slash at its end. */
  readonly issuer: string;
  /** The address of the discovery document. */
  readonly discoveryUrl: string;
  /** The issuer of core identities. */
  readonly coreIdentityIssuer: string;
  /** The address of the DID document, which has the keys of core identities. */
  readonly didUrl: string;
  /** The id of the DID document. */
  readonly didId: string;
}
