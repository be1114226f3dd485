import type { ManagedRuleGroup } from './deployment-config.ts';

interface ManagedRuleGroupFacts {
  /** The share of a firewall's capacity that it uses, in web ACL capacity units (WCU). */
  readonly capacity: number;
  /** Whether it judges the address that the connection comes from. Behind CloudFront that is CloudFront's. */
  readonly judgesAddresses: boolean;
}

/**
 * The rule groups that a config can name: those that can find something in requests to us. Others are for things that
 * we do not use, such as PHP, or need more than a name.
 *
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html
 */
export const managedRuleGroups: Readonly<Record<ManagedRuleGroup, ManagedRuleGroupFacts>> = {
  AWSManagedRulesCommonRuleSet: { capacity: 700, judgesAddresses: false },
  AWSManagedRulesKnownBadInputsRuleSet: { capacity: 200, judgesAddresses: false },
  AWSManagedRulesAmazonIpReputationList: { capacity: 25, judgesAddresses: true },
  AWSManagedRulesAnonymousIpList: { capacity: 50, judgesAddresses: true },
  AWSManagedRulesBotControlRuleSet: { capacity: 50, judgesAddresses: false },
  AWSManagedRulesSQLiRuleSet: { capacity: 200, judgesAddresses: false },
  AWSManagedRulesLinuxRuleSet: { capacity: 200, judgesAddresses: false },
  AWSManagedRulesUnixRuleSet: { capacity: 100, judgesAddresses: false },
};

/** The capacity that AWS includes in the price of a request. */
export const includedCapacity = 1500;

/** What the exception for the routes of machines adds to each rule group, see `lib/edge/firewall-statements.ts`. */
export const exceptionCapacity = 3;

/** What our own rules use, if all of them are on. */
export const ownRulesCapacity = 118;

/** Returns the most that a firewall with these rule groups can use, in WCU. */
export function sumCapacity(groups: readonly ManagedRuleGroup[]): number {
  return groups.reduce(
    (sum, group) => sum + managedRuleGroups[group].capacity + exceptionCapacity,
    ownRulesCapacity,
  );
}
