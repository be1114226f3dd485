import { isLoopback } from '../../lambdas/core/urls.ts';
import type { ConfigFile } from './deployment-config.ts';
import { includedCapacity, managedRuleGroups, sumCapacity } from './managed-rule-groups.ts';
import { type Mistake, show } from './mistakes.ts';
import type { Rule } from './rule.ts';

/** What must hold of what stands in front of the API. */
export const edgeRules: readonly Rule[] = [
  { reads: /^(domain|cloudFront)$/, check: checkOneFront },
  { reads: /^domain(\.(certificateArn|hostedZone))?$/, check: checkCertificateIsKnown },
  { reads: /^(domain(\.certificateArn)?|region|account)$/, check: checkCertificatePlace },
  { reads: /^domain(\.name|\.certificateArn|\.hostedZone(\.name)?)?$/, check: checkHostedZone },
  { reads: /^(publicUrl|domain(\.name)?)$/, check: checkDomainIsPublic },
  { reads: /^(publicUrl|cloudFront|domain)$/, check: checkDistributionIsPublic },
  { reads: /^(cloudFront|firewall(\.managedRuleGroups(\[\d+\])?)?)$/, check: checkAddresses },
  { reads: /^(firewall|domain|cloudFront|publicUrl)$/, check: checkAddressesAreUsers },
  { reads: /^firewall(\.managedRuleGroups(\[\d+\])?)?$/, check: checkCapacity },
];

/** The outside URL up to and with `/auth` of an API that has a host name of its own. */
export function publicUrlOfDomain(name: string): string {
  return `https://${name}/auth`;
}

function checkOneFront({ domain, cloudFront }: ConfigFile): readonly Mistake[] {
  if (domain === undefined || cloudFront === undefined) return [];
  const message =
    'is not allowed together with domain: the host name leads either to the API or to CloudFront';
  return [{ path: 'cloudFront', message }];
}

function checkCertificateIsKnown({ domain }: ConfigFile): readonly Mistake[] {
  if (domain === undefined || domain.certificateArn !== undefined || domain.hostedZone !== undefined)
    return [];
  const message = 'needs a certificateArn, or a hostedZone by which a certificate can be made';
  return [{ path: 'domain', message }];
}

/** API Gateway takes a certificate of its own region and account only. */
function checkCertificatePlace({ domain, region, account }: ConfigFile): readonly Mistake[] {
  if (domain?.certificateArn === undefined) return [];
  const [, , , certificateRegion, certificateAccount] = domain.certificateArn.split(':');
  const path = 'domain.certificateArn';
  const mistakes: Mistake[] = [];
  if (certificateRegion !== region) {
    mistakes.push({ path, message: `is a certificate in ${certificateRegion}; it must be in ${region}` });
  }
  if (account !== undefined && certificateAccount !== account) {
    const message = `is a certificate of the account ${certificateAccount}; it must be of ${account}`;
    mistakes.push({ path, message });
  }
  return mistakes;
}

/** Longer names are not taken as the first of a certificate. */
const longestCertifiedName = 64;

function checkHostedZone({ domain }: ConfigFile): readonly Mistake[] {
  if (domain?.hostedZone === undefined) return [];
  const { name, certificateArn, hostedZone } = domain;
  const mistakes: Mistake[] = [];
  if (name !== hostedZone.name && !name.endsWith(`.${hostedZone.name}`)) {
    const message = `${show(hostedZone.name)} has no room for ${name}, which does not end with it`;
    mistakes.push({ path: 'domain.hostedZone.name', message });
  }
  if (certificateArn === undefined && name.length > longestCertifiedName) {
    const message = `${show(name)} is too long for a certificate to be made: at most ${longestCertifiedName} characters`;
    mistakes.push({ path: 'domain.name', message });
  }
  return mistakes;
}

function checkDomainIsPublic({ domain, publicUrl }: ConfigFile): readonly Mistake[] {
  if (domain === undefined || publicUrl === publicUrlOfDomain(domain.name)) return [];
  const message = `${show(publicUrl)} does not lead to the domain: it must be ${publicUrlOfDomain(domain.name)}, or left out`;
  return [{ path: 'publicUrl', message }];
}

/** The API's own address refuses everybody but CloudFront, so that it can't be the public one. */
function checkDistributionIsPublic({ cloudFront, domain, publicUrl }: ConfigFile): readonly Mistake[] {
  // With a domain there is another mistake to see to first.
  if (cloudFront === undefined || domain !== undefined) return [];
  if (publicUrl === undefined) {
    return [{ path: 'publicUrl', message: 'is missing: only you know the host name of your distribution' }];
  }
  if (isLoopback(publicUrl) || isOwnAddress(publicUrl)) {
    return [
      { path: 'publicUrl', message: `${show(publicUrl)} does not lead to a distribution of CloudFront` },
    ];
  }
  return new URL(publicUrl).pathname === '/auth'
    ? []
    : [
        {
          path: 'publicUrl',
          message: `must end with the host name and /auth: CloudFront passes paths on as they are`,
        },
      ];
}

/** Whether the URL is at the API's own address, where nothing stands in front. */
function isOwnAddress(url: string): boolean {
  return /\.execute-api\.[a-z0-9-]+\.amazonaws\.com$/.test(new URL(url).hostname);
}

/** The firewall counts requests by address. Behind a proxy that the config does not name, all users have the proxy's. */
function checkAddressesAreUsers({ firewall, domain, cloudFront, publicUrl }: ConfigFile): readonly Mistake[] {
  if (firewall === undefined || domain !== undefined || cloudFront !== undefined) return [];
  if (publicUrl === undefined || isLoopback(publicUrl) || isOwnAddress(publicUrl)) return [];
  const message = `needs domain or cloudFront: otherwise all users of ${publicUrl} have the address of what stands in front, and share one limit`;
  return [{ path: 'firewall', message }];
}

function checkAddresses({ cloudFront, firewall }: ConfigFile): readonly Mistake[] {
  if (cloudFront === undefined || firewall === undefined) return [];
  return firewall.managedRuleGroups.flatMap((group, index) =>
    managedRuleGroups[group].goesByAddress
      ? [
          {
            path: `firewall.managedRuleGroups[${index}]`,
            message: `${show(group)} would judge CloudFront's addresses, not the users': let the distribution's own firewall ask it`,
          },
        ]
      : [],
  );
}

function checkCapacity({ firewall }: ConfigFile): readonly Mistake[] {
  if (firewall === undefined) return [];
  const capacity = sumCapacity(firewall.managedRuleGroups);
  if (capacity <= includedCapacity) return [];
  const sizes = Object.entries(managedRuleGroups).map(([group, facts]) => `${group} ${facts.capacity}`);
  const message = `come to ${capacity} capacity units with our own rules; ${includedCapacity} are allowed (${sizes.join(', ')})`;
  return [{ path: 'firewall.managedRuleGroups', message }];
}
