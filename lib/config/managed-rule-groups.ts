/** What there is to know of a rule group that AWS manages. */
interface ManagedRuleGroupFacts {
  /** What it costs of a firewall's capacity, in web ACL capacity units (WCU). */
  readonly capacity: number;
  /** Whether it goes by the address that the connection comes from. Behind CloudFront that is CloudFront's. */
  readonly goesByAddress: boolean;
}

/**
 * The rule groups that may be configured: those that may find something in requests to us. Others are for things that
 * there are not here, such as PHP, or need more than a name.
 *
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html
 */
export const managedRuleGroups = {
  AWSManagedRulesCommonRuleSet: { capacity: 700, goesByAddress: false },
  AWSManagedRulesKnownBadInputsRuleSet: { capacity: 200, goesByAddress: false },
  AWSManagedRulesAmazonIpReputationList: { capacity: 25, goesByAddress: true },
  AWSManagedRulesAnonymousIpList: { capacity: 50, goesByAddress: true },
  AWSManagedRulesBotControlRuleSet: { capacity: 50, goesByAddress: false },
  AWSManagedRulesSQLiRuleSet: { capacity: 200, goesByAddress: false },
  AWSManagedRulesLinuxRuleSet: { capacity: 200, goesByAddress: false },
  AWSManagedRulesUnixRuleSet: { capacity: 100, goesByAddress: false },
} as const satisfies Readonly<Record<string, ManagedRuleGroupFacts>>;

export type ManagedRuleGroup = keyof typeof managedRuleGroups;

/** What a firewall may cost before AWS charges more for each request. */
export const includedCapacity = 1500;

/** What the exception for the machines' routes adds to each rule group, see `lib/edge/firewall-statements.ts`. */
export const exceptionCapacity = 3;

/** What our own rules cost, all of them switched on. */
export const ownRulesCapacity = 118;

/** What a firewall with these rule groups costs at most, in WCU. */
export function sumCapacity(groups: readonly ManagedRuleGroup[]): number {
  return groups.reduce(
    (sum, group) => sum + managedRuleGroups[group].capacity + exceptionCapacity,
    ownRulesCapacity,
  );
}
