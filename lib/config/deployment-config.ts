// Generated from config/schema.json by `npm run generate`: change the schema, not this file.

/** The config of a deployment: one file of `config/`, validated, with its defaults and its provider filled in. */
export interface DeploymentConfig extends Omit<ConfigFile, '$schema' | 'provider'> {
  readonly provider: ProviderEndpoints;
}

/** A config file, validated and with its defaults filled in. */
export interface ConfigFile {
  /** The path of this schema, for editors. */
  readonly $schema?: string;
  /** The name of the deployment. The stack is called `one-login-<name>`. */
  readonly name: string;
  /** The One Login environment to use. Choose `local` for a provider of your own, and set `provider`. */
  readonly environment: Environment;
  /** The AWS region to deploy to. `eu-west-2` is London. Default: `eu-west-2`. */
  readonly region: string;
  /**
   * The AWS account to deploy to. If you set it, a deployment with the credentials of another account fails.
   */
  readonly account?: string;
  /**
   * API Gateway writes its logs with one IAM role for the whole account and region. `create` makes the role
   * and sets it. `existing` leaves the setting alone. Default: `create`.
   */
  readonly apiGatewayLogRole: ApiGatewayLogRole;
  /** Days after which CloudWatch deletes a log line. Default: `90`. */
  readonly logRetentionDays: number;
  /** Days after which CloudWatch deletes a line of the audit trail. Default: `400`. */
  readonly auditRetentionDays: number;
  /** The service's name, as users know it. Every page shows it. */
  readonly serviceName: string;
  /** The service's name on Welsh pages. If you leave it out, they show `serviceName`. */
  readonly serviceNameWelsh?: string;
  /** The team that helps users. Error pages show it. If you leave it out, they name nobody. */
  readonly contact?: ContactConfig;
  /** The phase banner on every page. If you leave it out, there is none. */
  readonly phaseBanner?: PhaseBannerConfig;
  /**
   * Links in the footer of every page, such as your privacy notice and your accessibility statement. Default:
   * `[]`.
   */
  readonly footerLinks: readonly FooterLinkConfig[];
  /** Texts to show in place of a page's own: page, then language (en, cy), then title, text and action. */
  readonly pageTexts: PageTextsConfig;
  /** The service's own web address. If you leave it out, it is `publicUrl`. */
  readonly serviceUrl?: string;
  /**
   * The public address of our routes, up to and including `/auth`, such as
   * `https://service.example.gov.uk/auth`.
   */
  readonly publicUrl?: string;
  /** A word for the names of the cookies, such as `licences`, if several deployments share a host. */
  readonly cookieName?: string;
  /**
   * Where users go after they sign in without a valid `return_to`: a path of the service, or an absolute URL.
   * Default: `/`.
   */
  readonly defaultPage: string;
  /** Where users go after they sign out. If you leave it out, they see a page of ours. */
  readonly signedOutUrl?: string;
  /** Whether to put the example service at the root of the API. Default: `false`. */
  readonly exampleService: boolean;
  /** Other origins that `return_to` can name, such as `https://forms.example.gov.uk`. Default: `[]`. */
  readonly returnOrigins: readonly string[];
  /** The service's host name, if it goes straight to the API. */
  readonly domain?: DomainConfig;
  /**
   * Your CloudFront distribution, if one is in front of the API. The API then refuses requests that do not
   * come through it.
   */
  readonly cloudFront?: CloudFrontConfig;
  /**
   * A firewall (AWS WAF) in front of the API. `{}` makes one with the defaults. If you leave it out, there is
   * none, except one that checks the secret of `cloudFront`.
   */
  readonly firewall?: FirewallConfig;
  /**
   * Requests per second to each route, over all users. Twice as many can come at once. The API responds to
   * more with 429.
   */
  readonly throttling: ThrottlingConfig;
  /**
   * Requests that each function can work on at the same time. If you leave a function out, it shares what the
   * account has.
   */
  readonly reservedConcurrency: ReservedConcurrencyConfig;
  /** The client id that One Login gave the service. */
  readonly clientId: string;
  /** What the service can know about every user, as registered. The list must include openid. */
  readonly scopes: readonly Scope[];
  /** What `/auth/login` asks One Login for. */
  readonly authentication: AuthenticationConfig;
  /** What an identity request asks One Login for. Leave it out if the service proves no identities. */
  readonly identity?: IdentityConfig;
  /**
   * What a part of your service asks One Login for, where that differs from `authentication` and `identity`:
   * `?journey=` and the name, at `/auth/login`, `/auth/reauthenticate` or `/auth/prove-identity`. Default:
   * `[]`.
   */
  readonly journeys: readonly JourneyConfig[];
  /**
   * How One Login signs ID tokens for this client, as registered. We refuse tokens signed in another way.
   * Default: `ES256`.
   */
  readonly idTokenSigningAlgorithm: IdTokenSigningAlgorithm;
  /** The keys that sign our requests to One Login. Exactly one must have the state `sign`. */
  readonly signingKeys: readonly SigningKeyConfig[];
  /**
   * Public keys of another system that uses the same client at One Login, as JWKs. The JWKS has them beside
   * our own. Default: `[]`.
   */
  readonly publishedKeys: readonly PublishedKeyConfig[];
  /**
   * The IAM roles that can schedule the deletion of a signing key in production, such as one of your security
   * team. If you leave it out, nobody can. Default: `[]`.
   */
  readonly signingKeyDeletionRoles: readonly string[];
  /** How long users stay signed in to the service. One Login's own session is separate. */
  readonly session: SessionConfig;
  /** Lambda authorizers for your own APIs in API Gateway, at most one for each level. Default: `[]`. */
  readonly authorizers: readonly AuthorizerConfig[];
  /**
   * Whether a function examines sign-in from outside every five minutes, and an alarm rings if nobody can
   * begin to sign in. If you leave it out, it does in production, and not elsewhere.
   */
  readonly canary?: boolean;
  /** Who gets the alarms. If you leave it out, the alarms show their state, and nobody gets them. */
  readonly alarms: AlarmsConfig;
  /**
   * Where the provider is, for the simulator or another stand-in. You must set it with the environment
   * `local`, and cannot set it with the others.
   */
  readonly provider?: ProviderEndpoints;
}

export type Environment = 'local' | 'integration' | 'production';

export type ApiGatewayLogRole = 'create' | 'existing';

export interface ContactConfig {
  /** Who it is, as it reads after "Contact the", such as Licensing team. */
  readonly name: string;
  /** The name on Welsh pages, as it reads after "Cysylltwch â’r", such as tîm trwyddedu. */
  readonly nameWelsh?: string;
  /** A page about how to get help. */
  readonly url?: string;
  /** The same page in Welsh. */
  readonly urlWelsh?: string;
  /** An email address for help. */
  readonly email?: string;
  /** A telephone number for help, as people read it. */
  readonly phone?: string;
  /** The telephone number for people who want to speak Welsh. */
  readonly phoneWelsh?: string;
  /** When people can call. You can only set it together with `phone`. */
  readonly openingHours?: string;
  /** The opening hours in Welsh. */
  readonly openingHoursWelsh?: string;
}

export interface PhaseBannerConfig {
  /** The phase that the service is in. */
  readonly phase: Phase;
  /** Where users can give feedback about the service. */
  readonly feedbackUrl: string;
}

export type Phase = 'alpha' | 'beta';

export interface FooterLinkConfig {
  /** The words of the link. */
  readonly text: string;
  /** The address of the link. */
  readonly url: string;
  /** The words of the link on Welsh pages. */
  readonly textWelsh?: string;
  /** The address of the link on Welsh pages. */
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
  /** The host name, such as `apply-for-a-licence.service.gov.uk`. */
  readonly name: string;
  /**
   * A certificate for the name in AWS Certificate Manager, in the same region and account. If you leave it
   * out, the stack makes one, which needs `hostedZone`.
   */
  readonly certificateArn?: string;
  /**
   * The public hosted zone in Route 53 that the name belongs to, in the same account. The stack makes the DNS
   * records in it. If you leave it out, you make the record yourself.
   */
  readonly hostedZone?: HostedZoneConfig;
}

export interface HostedZoneConfig {
  /** The id of the zone. */
  readonly id: string;
  /** The domain of the zone: the host name, or the end of it. */
  readonly name: string;
}

export interface CloudFrontConfig {
  /** Names of the secrets that CloudFront can send. The stack makes a secret for each name. */
  readonly originSecrets: readonly string[];
}

export interface FirewallConfig {
  /**
   * AWS's managed rule groups, in the order in which the firewall applies them. Default:
   * `["AWSManagedRulesCommonRuleSet","AWSManagedRulesKnownBadInputsRuleSet"]`.
   */
  readonly managedRuleGroups: readonly ManagedRuleGroup[];
  /**
   * Requests that one address can send within 5 minutes. The firewall refuses more until there are fewer
   * again.
   */
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
   * To `/auth/login`, `/auth/reauthenticate`, `/auth/prove-identity` and `/auth/in-person-return`, all
   * together. Default: `300`.
   */
  readonly signIn: number;
  /** To `/auth/callback`. Default: `300`. */
  readonly callback: number;
  /** To `/auth/logout` and `/auth/signed-out`, both together. Default: `300`. */
  readonly signOut: number;
  /** To `/auth/userinfo` without a session cookie. Default: `30000`. */
  readonly userinfoWithoutSession: number;
  /**
   * To `/auth/backchannel-logout`. One Login sends the notifications of all users from few addresses, so keep
   * it high. Default: `30000`.
   */
  readonly backchannelLogout: number;
  /**
   * To `/auth/.well-known/jwks.json`. One Login fetches it from few addresses, and keeps it for a day.
   * Default: `3000`.
   */
  readonly jwks: number;
}

export interface ThrottlingConfig {
  /** To `/auth/login`. Default: `80`. */
  readonly login: number;
  /** To `/auth/reauthenticate`. Default: `20`. */
  readonly reauthenticate: number;
  /** To `/auth/prove-identity`. Default: `20`. */
  readonly proveIdentity: number;
  /** To `/auth/in-person-return`. Default: `20`. */
  readonly inPersonReturn: number;
  /** To `/auth/callback`. Default: `80`. */
  readonly callback: number;
  /** To `/auth/userinfo`, which your application may call on each of its pages. Default: `500`. */
  readonly userinfo: number;
  /** To `GET /auth/logout`, `POST /auth/logout` and `/auth/signed-out`, each. Default: `500`. */
  readonly logout: number;
  /** To `/auth/backchannel-logout`. Default: `500`. */
  readonly backchannelLogout: number;
  /** To each other route, such as the JWKS. Default: `500`. */
  readonly others: number;
}

export interface ReservedConcurrencyConfig {
  /**
   * For `/auth/login` and the other routes that go to One Login. A request takes about a tenth of a second.
   */
  readonly login?: number;
  /** For `/auth/callback`. A request can take seconds when One Login is slow. */
  readonly callback?: number;
  /** For `/auth/userinfo`. */
  readonly userinfo?: number;
  /** For `/auth/logout` and `/auth/signed-out`. */
  readonly logout?: number;
  /**
   * For `/auth/backchannel-logout`. If you leave it out, it is 20 where the account has enough, and none
   * otherwise.
   */
  readonly backchannelLogout?: number;
}

export type Scope = 'openid' | 'email' | 'phone' | 'wallet-subject-id';

export interface AuthenticationConfig {
  /**
   * The vectors of trust to accept: `Cl.Cm` (password and a second factor) or `Cl` (password only). Levels of
   * confidence (P1, P2) belong in `identity.vtr`.
   */
  readonly vtr: readonly AuthenticationVector[];
  /**
   * How many seconds ago a user may have signed in to One Login. If you leave it out, there is no limit
   * except One Login's own.
   */
  readonly maxAgeSeconds?: number;
}

export type AuthenticationVector = 'Cl' | 'Cl.Cm';

export interface IdentityConfig {
  /**
   * The vectors of trust to accept: `Cl.Cm.P1` (low confidence) or `Cl.Cm.P2` (medium confidence). Your
   * client must be registered for the level.
   */
  readonly vtr: readonly IdentityVector[];
  /**
   * What the service can know about the identity, as registered. The list must include the core identity
   * (name and date of birth), because nothing else proves an identity.
   */
  readonly claims: readonly IdentityClaim[];
  /**
   * Where users go if they could not prove their identity. If you leave it out, they see a page of ours that
   * explains.
   */
  readonly notProvedUrl?: string;
  /**
   * Where users go after an in-person check, when the result is known. If you leave it out, they go to
   * `defaultPage`.
   */
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
  /** The name of the journey, which the links of your service contain. */
  readonly name: string;
  /**
   * The vectors of trust to accept. With a level of confidence (P1, P2) it is a journey of
   * `/auth/prove-identity`, otherwise one of `/auth/login` and `/auth/reauthenticate`.
   */
  readonly vtr: readonly JourneyVector[];
  /** What the journey asks for about the identity. If you leave it out, it is `identity.claims`. */
  readonly claims?: readonly IdentityClaim[];
  /**
   * How many seconds ago a user may have signed in to One Login. If you leave it out, it is
   * `authentication.maxAgeSeconds`.
   */
  readonly maxAgeSeconds?: number;
  /**
   * Where users of this journey go if they could not prove their identity. If you leave it out, it is
   * `identity.notProvedUrl`.
   */
  readonly notProvedUrl?: string;
}

export type JourneyVector = 'Cl' | 'Cl.Cm' | 'Cl.Cm.P1' | 'Cl.Cm.P2';

export type IdTokenSigningAlgorithm = 'ES256' | 'RS256';

export interface SigningKeyConfig {
  /** The name of the key for ever. Never use a name again for another key. */
  readonly name: string;
  /**
   * `publish`: the key is in the JWKS. `sign`: it is in the JWKS, and signs. `retire`: neither, but the key
   * still exists.
   */
  readonly state: SigningKeyState;
}

export type SigningKeyState = 'publish' | 'sign' | 'retire';

export interface PublishedKeyConfig {
  /** The type of the key. A key that is not RSA would break the look-up of all keys at One Login. */
  readonly kty: 'RSA';
  /** The id of the key, which the other system puts into the headers of its JWTs. */
  readonly kid: string;
  /** The algorithm with which the other system signs. */
  readonly alg: ClientAlgorithm;
  /** The public exponent of the key, which must be 65537. */
  readonly e: 'AQAB';
  /** The modulus of the key, of 2048 to 4096 bits. */
  readonly n: string;
  /** What the key is for. If you leave it out, it is `sig`. */
  readonly use?: 'sig';
}

export type ClientAlgorithm = 'RS256' | 'RS384' | 'RS512' | 'PS256' | 'PS384' | 'PS512';

export interface SessionConfig {
  /**
   * Minutes without activity after which a session ends. It cannot be longer than `session.absoluteMinutes`.
   * Default: `60`.
   */
  readonly idleMinutes: number;
  /** Minutes after which a session always ends. Default: `480`. */
  readonly absoluteMinutes: number;
}

export interface AuthorizerConfig {
  /** The level that a user's session must have reached, or a higher one. */
  readonly level: 'Cl' | 'Cl.Cm' | 'Cl.Cm.P1' | 'Cl.Cm.P2';
  /**
   * What to pass to your API besides `sub`, `vot`, `email`, the times and the outcome of an identity request.
   * Default: `[]`.
   */
  readonly claims: readonly AuthorizerClaim[];
  /**
   * Other origins whose pages can send requests that change something, such as
   * `https://forms.example.gov.uk`. Default: `[]`.
   */
  readonly trustedOrigins: readonly string[];
  /**
   * Requests that the function can work on at the same time, as in `reservedConcurrency`. If you leave it
   * out, the function shares what the account has.
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
  | 'return_codes'
  | 'identity_claims';

export interface AlarmsConfig {
  /** An existing SNS topic in the same region that gets every alarm. */
  readonly topicArn?: string;
  /** An existing SNS topic that gets the urgent alarms, in addition to `topicArn`. */
  readonly urgentTopicArn?: string;
  /** An existing SNS topic that gets the other alarms, in addition to `topicArn`. */
  readonly ticketTopicArn?: string;
  /** Email addresses that get every alarm, from a topic of this stack. Default: `[]`. */
  readonly emails: readonly string[];
  /**
   * The address of your copy of the folder `docs/operations/runbooks`. Alarms link to it. If you leave it
   * out, they link to the runbooks of the version that you deploy, in the repository that `package.json`
   * names.
   */
  readonly runbookBaseUrl?: string;
}

export interface ProviderEndpoints {
  /** The OIDC issuer, exactly as in the discovery document. A trailing slash is part of it. */
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
