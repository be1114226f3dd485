import { isLoopback } from '../../lambdas/core/urls.ts';
import type { ConfigFile } from './deployment-config.ts';
import { includedCapacity, managedRuleGroups, sumCapacity } from './managed-rule-groups.ts';
import { formatValue, type Mistake, type Rule } from './mistakes.ts';

/** Rules for what is in front of the API. */
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
  { reads: /^(canary|firewall(\.managedRuleGroups(\[\d+\])?)?)$/, check: checkCanary },
];

const botControl = 'AWSManagedRulesBotControlRuleSet';

/** Whether the firewall refuses the canary, which is a bot. */
export function refusesCanary({ firewall }: Pick<ConfigFile, 'firewall'>): boolean {
  return firewall?.managedRuleGroups.includes(botControl) ?? false;
}

function* checkCanary(file: ConfigFile): Generator<Mistake> {
  if (file.canary !== true || !refusesCanary(file)) return;
  const message = `is not allowed together with the rule group ${botControl}, which refuses the canary: it is a bot`;
  yield { path: 'canary', message };
}

/** Builds the public URL of an API with its own host name. */
export function buildDomainUrl(name: string): string {
  return `https://${name}/auth`;
}

function* checkOneFront({ domain, cloudFront }: ConfigFile): Generator<Mistake> {
  if (domain === undefined || cloudFront === undefined) return;
  const message =
    'is not allowed together with domain: the host name goes either to the API or to CloudFront';
  yield { path: 'cloudFront', message };
}

function* checkCertificateIsKnown({ domain }: ConfigFile): Generator<Mistake> {
  if (domain === undefined || (domain.certificateArn ?? domain.hostedZone) !== undefined) return;
  yield { path: 'domain', message: 'needs a certificateArn, or a hostedZone to make a certificate' };
}

/** API Gateway only accepts a certificate of its own region and account. */
function* checkCertificatePlace({ domain, region, account }: ConfigFile): Generator<Mistake> {
  if (domain?.certificateArn === undefined) return;
  const [, , , certificateRegion, certificateAccount] = domain.certificateArn.split(':');
  const path = 'domain.certificateArn';
  if (certificateRegion !== region) {
    yield { path, message: `is a certificate in ${certificateRegion}; it must be in ${region}` };
  }
  if (account !== undefined && certificateAccount !== account) {
    const message = `is a certificate of the account ${certificateAccount}; it must be of ${account}`;
    yield { path, message };
  }
}

/** AWS Certificate Manager does not accept a longer name as the first of a certificate. */
const longestCertifiedName = 64;

function* checkHostedZone({ domain }: ConfigFile): Generator<Mistake> {
  if (domain?.hostedZone === undefined) return;
  const { name, certificateArn, hostedZone } = domain;
  if (name !== hostedZone.name && !name.endsWith(`.${hostedZone.name}`)) {
    const message = `${formatValue(hostedZone.name)} is not the zone of ${name}, which does not end with it`;
    yield { path: 'domain.hostedZone.name', message };
  }
  if (certificateArn === undefined && name.length > longestCertifiedName) {
    const message = `${formatValue(name)} is too long for a new certificate: at most ${longestCertifiedName} characters`;
    yield { path: 'domain.name', message };
  }
}

function* checkDomainIsPublic({ domain, publicUrl }: ConfigFile): Generator<Mistake> {
  if (domain === undefined || publicUrl === buildDomainUrl(domain.name)) return;
  const message = `${formatValue(publicUrl)} is not the address of the domain: it must be ${buildDomainUrl(domain.name)}, or left out`;
  yield { path: 'publicUrl', message };
}

/** The API's own address only accepts CloudFront, so it cannot be the public one. */
function* checkDistributionIsPublic({ cloudFront, domain, publicUrl }: ConfigFile): Generator<Mistake> {
  // With a domain, checkOneFront has found the mistake.
  if (cloudFront === undefined || domain !== undefined) return;
  const path = 'publicUrl';
  if (publicUrl === undefined) {
    yield { path, message: 'is missing: enter the host name of your distribution' };
  } else if (isLoopback(publicUrl) || isApiAddress(publicUrl)) {
    yield { path, message: `${formatValue(publicUrl)} is not the address of a CloudFront distribution` };
  }
}

/** Returns whether the URL is the API's own address, with nothing in front of it. */
export function isApiAddress(url: string): boolean {
  return /\.execute-api\.[a-z0-9-]+\.amazonaws\.com$/.test(new URL(url).hostname);
}

/** The firewall counts requests by address. Behind a proxy that the config does not name, all users have the proxy's. */
function* checkAddressesAreUsers({
  firewall,
  domain,
  cloudFront,
  publicUrl,
}: ConfigFile): Generator<Mistake> {
  if (firewall === undefined || domain !== undefined || cloudFront !== undefined) return;
  if (publicUrl === undefined || isLoopback(publicUrl) || isApiAddress(publicUrl)) return;
  const message = `needs domain or cloudFront: otherwise all users of ${publicUrl} have the address of the proxy, and share one limit`;
  yield { path: 'firewall', message };
}

function* checkAddresses({ cloudFront, firewall }: ConfigFile): Generator<Mistake> {
  if (cloudFront === undefined || firewall === undefined) return;
  for (const [index, group] of firewall.managedRuleGroups.entries()) {
    if (!managedRuleGroups[group].judgesAddresses) continue;
    const message = `${formatValue(group)} would judge CloudFront's addresses, not the users': use it in the distribution's own firewall`;
    yield { path: `firewall.managedRuleGroups[${index}]`, message };
  }
}

function* checkCapacity({ firewall }: ConfigFile): Generator<Mistake> {
  if (firewall === undefined) return;
  const capacity = sumCapacity(firewall.managedRuleGroups);
  if (capacity <= includedCapacity) return;
  const sizes = Object.entries(managedRuleGroups).map(([group, facts]) => `${group} ${facts.capacity}`);
  const message = `use ${capacity} capacity units with our own rules; ${includedCapacity} are allowed (${sizes.join(', ')})`;
  yield { path: 'firewall.managedRuleGroups', message };
}
