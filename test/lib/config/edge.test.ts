import { describe, expect, it } from '@jest/globals';
import { type Changes, findMistakes, validateWith } from './find-mistakes.ts';

const zone = { id: 'Z0123456789ABCDEFGHIJ', name: 'service.gov.uk' };
const name = 'licences.service.gov.uk';
const domain = { name, hostedZone: zone };
const certificateArn = buildCertificateArn('eu-west-2');
const longName = `${'a'.repeat(60)}.service.gov.uk`;
const cloudFront = { originSecrets: ['first'] };
const publicUrl = 'https://licences.service.gov.uk/auth';
const withName = (changed: string, changes: Changes = {}) => ({
  domain: { ...domain, ...changes, name: changed },
});
const withCertificate = (arn: string, changes: Changes = {}) => ({
  domain: { name, certificateArn: arn },
  ...changes,
});
const withSecrets = (...originSecrets: string[]) => ({ cloudFront: { originSecrets }, publicUrl });
const withRateLimits = (rateLimits: Changes) => ({ firewall: { rateLimits } });
const withRuleGroups = (...managedRuleGroups: string[]) => ({ firewall: { managedRuleGroups } });
const apiUrl = 'https://a1b2.execute-api.eu-west-2.amazonaws.com/live/auth';

describe('validateConfig with a domain', () => {
  it('fills in the public URL', () => {
    expect(validateWith({ domain }).publicUrl).toBe(publicUrl);
  });

  it('accepts pages at the origin of the domain only', () => {
    expect(findMistakes({ domain, defaultPage: 'https://licences.service.gov.uk/account' })).toEqual([]);
    expect(findMistakes({ domain, defaultPage: 'https://other.service.gov.uk/account' })).toEqual([
      expect.stringContaining('allowed: https://licences.service.gov.uk'),
    ]);
  });

  it.each<[string, Changes]>([
    ['a certificate', withCertificate(certificateArn)],
    ['a hosted zone', { domain }],
    ['both', { domain: { ...domain, certificateArn } }],
    ['the public URL as well', { domain, publicUrl }],
    ['a zone of the same name', withName(zone.name)],
    ['a long name that has a certificate', withName(longName, { certificateArn })],
  ])('accepts %s', (_, changes) => {
    expect(findMistakes(changes)).toEqual([]);
  });

  it.each<[string, Changes]>([
    ['domain.name: is missing', { domain: { hostedZone: zone } }],
    ['domain.name: "*.service.gov.uk" is not allowed', withName('*.service.gov.uk')],
    ['domain.name: "A.service.gov.uk" is not allowed', withName('A.service.gov.uk')],
    ['domain.name: "192.0.2.1" is not allowed', withName('192.0.2.1')],
    ['domain.name: "https://a.service.gov.uk" is', withName('https://a.service.gov.uk')],
    ['domain: needs a certificateArn, or a hostedZone', { domain: { name } }],
    [
      'publicUrl: "https://b.example/auth" is not the address of the domain: it must be https://licences.service.gov.uk/auth',
      { domain, publicUrl: 'https://b.example/auth' },
    ],
    [
      'publicUrl: "https://licences.service.gov.uk/live/auth" is not the address of the domain',
      { domain, publicUrl: 'https://licences.service.gov.uk/live/auth' },
    ],
    // A certificate for CloudFront is in us-east-1.
    [
      'domain.certificateArn: is a certificate in us-east-1; it must be in eu-west-2',
      withCertificate(buildCertificateArn('us-east-1')),
    ],
    [
      'domain.certificateArn: is a certificate in eu-west-2; it must be in eu-west-1',
      withCertificate(certificateArn, { region: 'eu-west-1' }),
    ],
    [
      'domain.certificateArn: is a certificate of the account 111122223333; it must be of 444455556666',
      withCertificate(certificateArn, { account: '444455556666' }),
    ],
    [
      'domain.certificateArn: "arn:aws:iam::111122223333:server-certificate/x" is not allowed',
      withCertificate('arn:aws:iam::111122223333:server-certificate/x'),
    ],
    [
      'domain.hostedZone.name: "service.gov.uk" is not the zone of licences.myservice.gov.uk',
      withName('licences.myservice.gov.uk'),
    ],
    [
      'domain.hostedZone.id: "/hostedzone/Z1" is not',
      { domain: { name, hostedZone: { ...zone, id: '/hostedzone/Z1' } } },
    ],
    ['at most 64 characters', withName(longName)],
    ['cloudFront: is not allowed together with domain', { domain, cloudFront }],
  ])('reports %s', (mistake, changes) => {
    expect(findMistakes(changes)).toEqual([expect.stringContaining(mistake)]);
  });
});

describe('validateConfig with CloudFront', () => {
  it.each([[['first']], [['first', '2026']]])('accepts the origin secrets %j', (originSecrets) => {
    expect(findMistakes({ cloudFront: { originSecrets }, publicUrl })).toEqual([]);
  });

  it('accepts a path of the host, which a function of the distribution takes off', () => {
    expect(findMistakes({ cloudFront, publicUrl: 'https://a.gov.uk/licences/auth' })).toEqual([]);
  });

  it.each<[string, Changes]>([
    ['cloudFront.originSecrets: has too few', withSecrets()],
    ['cloudFront.originSecrets: is missing', { cloudFront: {}, publicUrl }],
    ['too many entries; at most 2', withSecrets('a', 'b', 'c')],
    ['entries 1 and 0 are the same', withSecrets('a', 'a')],
    // The value of a secret in place of its name.
    ['"Kx7-93_x" is not allowed; allowed: lower-case', withSecrets('Kx7-93_x')],
    ['publicUrl: is missing: enter the host name', { cloudFront }],
    [
      'publicUrl: "http://localhost:8080/auth" is not the address of a CloudFront',
      { cloudFront, publicUrl: 'http://localhost:8080/auth' },
    ],
    ['is not the address of a CloudFront distribution', { cloudFront, publicUrl: apiUrl }],
  ])('reports %s', (mistake, changes) => {
    expect(findMistakes(changes)).toEqual([expect.stringContaining(mistake)]);
  });
});

describe('validateConfig with a firewall', () => {
  it('fills in the defaults', () => {
    expect(validateWith({ firewall: {} }).firewall).toEqual({
      managedRuleGroups: ['AWSManagedRulesCommonRuleSet', 'AWSManagedRulesKnownBadInputsRuleSet'],
      rateLimits: {
        signIn: 300,
        callback: 300,
        signOut: 300,
        userinfoWithoutSession: 30_000,
        backchannelLogout: 30_000,
        jwks: 3_000,
      },
    });
  });

  it.each<[string, Changes]>([
    ['a limit of 10', withRateLimits({ signIn: 10 })],
    ['a limit of 2,000,000,000', withRateLimits({ signIn: 2_000_000_000 })],
    ['no rule groups', withRuleGroups()],
    ['a domain', { firewall: {}, domain }],
    ['CloudFront', { firewall: {}, cloudFront, publicUrl }],
    ["the API's own address", { firewall: {} }],
    ["the API's own address as the public URL", { firewall: {}, publicUrl: apiUrl }],
    ['this machine', { firewall: {}, publicUrl: 'http://localhost:8080/auth' }],
  ])('accepts %s', (_, changes) => {
    expect(findMistakes(changes)).toEqual([]);
  });

  it.each<[string, Changes]>([
    ['firewall.rateLimits.signIn: 9 is too small; the smallest allowed is 10', withRateLimits({ signIn: 9 })],
    [
      'firewall.rateLimits.callback: 2000000001 is too large; the largest allowed is 2000000000',
      withRateLimits({ callback: 2_000_000_001 }),
    ],
    ['firewall.managedRuleGroups[0]: "PHP" is not allowed; allowed: AWS', withRuleGroups('PHP')],
    [
      'firewall.managedRuleGroups: entries 0 and 1 are the same',
      withRuleGroups('AWSManagedRulesUnixRuleSet', 'AWSManagedRulesUnixRuleSet'),
    ],
    [
      'firewall.managedRuleGroups: use 1586 capacity units with our own rules; 1500 are allowed (AWSManagedRulesCommonRuleSet 700,',
      withRuleGroups(
        ...['Common', 'KnownBadInputs', 'SQLi', 'Linux', 'Unix', 'BotControl'].map(
          (group) => `AWSManagedRules${group}RuleSet`,
        ),
      ),
    ],
    ...['AWSManagedRulesAmazonIpReputationList', 'AWSManagedRulesAnonymousIpList'].map(
      (group): [string, Changes] => [
        `firewall.managedRuleGroups[0]: "${group}" would judge CloudFront's addresses`,
        { ...withRuleGroups(group), cloudFront, publicUrl },
      ],
    ),
  ])('reports %s', (mistake, changes) => {
    expect(findMistakes(changes)).toEqual([expect.stringContaining(mistake)]);
  });

  // id: firewall-of-proxy-refused
  it('reports the firewall of a proxy, where all users share one address', () => {
    expect(findMistakes({ firewall: {}, publicUrl })).toEqual([
      `firewall: needs domain or cloudFront: otherwise all users of ${publicUrl} have the address of the proxy, and share one limit`,
    ]);
  });
});

describe('validateConfig with a canary', () => {
  const bots = withRuleGroups('AWSManagedRulesBotControlRuleSet');
  const production = { environment: 'production' };

  it.each<[string, boolean, Changes]>([
    ['on in production', true, production],
    ['off in integration', false, {}],
    ['on where the config has it on', true, { canary: true }],
    ['off where the config has it off', false, { ...production, canary: false }],
    ['off behind a firewall against bots', false, { ...production, ...bots }],
    ['on behind another firewall', true, { ...production, firewall: {} }],
  ])('has it %s', (_, expected, changes) => {
    expect(validateWith(changes).canary).toBe(expected);
  });

  it('reports a canary that the firewall would refuse', () => {
    expect(findMistakes({ ...bots, canary: true })).toEqual([
      'canary: is not allowed together with the rule group AWSManagedRulesBotControlRuleSet, which refuses the canary: it is a bot',
    ]);
  });
});

describe('validateConfig with limits on requests', () => {
  it.each<[string, Changes]>([
    ['throttling.login: 0 is too small; the smallest allowed is 1', { throttling: { login: 0 } }],
    ['throttling.others: 1.5 is not a whole number', { throttling: { others: 1.5 } }],
    [
      'throttling.userinfo: 10001 is too large; the largest allowed is 10000',
      { throttling: { userinfo: 10_001 } },
    ],
    [
      'throttling.signedOut: is not a field of the config; allowed here: login,',
      { throttling: { signedOut: 5 } },
    ],
    ['reservedConcurrency.callback: 0 is too small', { reservedConcurrency: { callback: 0 } }],
    ['reservedConcurrency.refreshJwks: is not a field', { reservedConcurrency: { refreshJwks: 1 } }],
    [
      'authorizers[0].reservedConcurrency: 0 is too',
      { authorizers: [{ level: 'Cl', reservedConcurrency: 0 }] },
    ],
  ])('reports %s', (mistake, changes) => {
    expect(findMistakes(changes)).toEqual([expect.stringContaining(mistake)]);
  });
});

function buildCertificateArn(region: string): string {
  return `arn:aws:acm:${region}:111122223333:certificate/0a1b2c3d-0000-4000-8000-000000000000`;
}
