import type { ManagedRuleGroup } from './managed-rule-groups.ts';

/** The service's host name, when it leads to the API itself. */
export interface DomainConfig {
  /** In lower case, without wildcards. The public URL is `https://<name>/auth`. */
  readonly name: string;
  /**
   * A certificate for the name in AWS Certificate Manager, in the region and account of the stack.
   * @default one is made, and validated by records in {@link hostedZone}
   */
  readonly certificateArn?: string;
  /**
   * The public hosted zone in Route 53 of the name, in the stack's account: the records that lead to the API are made
   * in it.
   * @default none: an output says which record to make
   */
  readonly hostedZone?: HostedZoneConfig;
}

export interface HostedZoneConfig {
  /** Such as `Z0123456789ABCDEFGHIJ`. */
  readonly id: string;
  /** The domain that it is for, without a dot at the end: that of the host name, or one above it. */
  readonly name: string;
}

/** A CloudFront distribution of the department's, which has the service's host name and leads `/auth/*` to the API. */
export interface CloudFrontConfig {
  /**
   * Names of the secrets of which CloudFront must send one: the API refuses requests with none. One, and a second while
   * the distribution changes over to it. A secret is made for each name. Lower-case letters and digits, at most 40.
   */
  readonly originSecrets: readonly string[];
}

/** A firewall (AWS WAF) in front of the API. */
export interface FirewallConfig {
  /**
   * AWS's managed rule groups, in the order in which they are asked.
   * @default ['AWSManagedRulesCommonRuleSet', 'AWSManagedRulesKnownBadInputsRuleSet']
   */
  readonly managedRuleGroups: readonly ManagedRuleGroup[];
  /** Requests from one address within five minutes, 10 to 2,000,000,000. More are refused until there are fewer. */
  readonly rateLimits: FirewallRateLimits;
}

export interface FirewallRateLimits {
  /**
   * To the routes that lead to One Login, all together.
   * @default 300
   */
  readonly signIn: number;
  /**
   * To the callback.
   * @default 300
   */
  readonly callback: number;
  /**
   * To the routes that sign out, all together.
   * @default 300
   */
  readonly signOut: number;
  /**
   * To `/auth/userinfo` without a session cookie.
   * @default 30000
   */
  readonly userinfoWithoutSession: number;
  /**
   * To `/auth/backchannel-logout`. One Login sends the notifications of all users from few addresses.
   * @default 30000
   */
  readonly backchannelLogout: number;
  /**
   * To the JWKS. One Login fetches it from few addresses, and keeps it.
   * @default 3000
   */
  readonly jwks: number;
}
