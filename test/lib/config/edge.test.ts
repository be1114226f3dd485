import { describe, expect, test } from '@jest/globals';
import { ConfigError } from '../../../lib/config/mistakes.ts';
import { validateConfig } from '../../../lib/config/validate-config.ts';

const arn = (region = 'eu-west-2', account = '111122223333') =>
  `arn:aws:acm:${region}:${account}:certificate/0a1b2c3d-0000-4000-8000-000000000000`;
const zone = { id: 'Z0123456789ABCDEFGHIJ', name: 'service.gov.uk' };
const domain = { name: 'licences.service.gov.uk', hostedZone: zone };
const cloudFront = { originSecrets: ['first'] };
const publicUrl = 'https://licences.service.gov.uk/auth';

function configWith(changes: Readonly<Record<string, unknown>>) {
  return validateConfig({
    name: 'licences',
    environment: 'integration',
    serviceName: 'Apply for a licence',
    clientId: 'client',
    scopes: ['openid'],
    authentication: { vtr: ['Cl.Cm'] },
    signingKeys: [{ name: '2026-01', state: 'sign' }],
    ...changes,
  });
}

function mistakesIn(changes: Readonly<Record<string, unknown>>): readonly string[] {
  try {
    configWith(changes);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.mistakes.map(({ path, message }) => `${path}: ${message}`);
  }
}

type Cases = readonly [string, Readonly<Record<string, unknown>>, string][];

describe('a domain', () => {
  test('says what the public URL is', () => {
    expect(configWith({ domain }).publicUrl).toBe(publicUrl);
  });

  test('lets pages at its origin be named', () => {
    expect(mistakesIn({ domain, defaultPage: 'https://licences.service.gov.uk/account' })).toEqual([]);
    expect(mistakesIn({ domain, defaultPage: 'https://other.service.gov.uk/account' })).toEqual([
      expect.stringContaining('allowed: https://licences.service.gov.uk'),
    ]);
  });

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ['a certificate', { domain: { name: domain.name, certificateArn: arn() } }],
    ['a hosted zone', { domain }],
    ['both', { domain: { ...domain, certificateArn: arn() } }],
    ['the public URL as well', { domain, publicUrl }],
    ['a zone of the same name', { domain: { name: zone.name, hostedZone: zone } }],
    [
      'a long name that has a certificate',
      { domain: { name: `${'a'.repeat(60)}.service.gov.uk`, hostedZone: zone, certificateArn: arn() } },
    ],
  ])('may come with %s', (_, changes) => {
    expect(mistakesIn(changes)).toEqual([]);
  });

  test.each<Cases[number]>([
    ['without a name', { domain: { hostedZone: zone } }, 'domain.name: is missing'],
    [
      'with a wildcard',
      { domain: { ...domain, name: '*.service.gov.uk' } },
      'domain.name: "*.service.gov.uk" is not allowed; allowed: a host name in lower case',
    ],
    ['with capitals', { domain: { ...domain, name: 'Licences.service.gov.uk' } }, 'domain.name: '],
    ['that is an address', { domain: { ...domain, name: '192.0.2.1' } }, 'domain.name: '],
    ['that is a URL', { domain: { ...domain, name: 'https://licences.service.gov.uk' } }, 'domain.name: '],
    [
      'with neither certificate nor hosted zone',
      { domain: { name: domain.name } },
      'domain: needs a certificateArn, or a hostedZone',
    ],
    [
      'with a public URL elsewhere',
      { domain, publicUrl: 'https://licences.example.gov.uk/auth' },
      'publicUrl: "https://licences.example.gov.uk/auth" does not lead to the domain: it must be https://licences.service.gov.uk/auth',
    ],
    [
      'with a public URL below another path',
      { domain, publicUrl: 'https://licences.service.gov.uk/live/auth' },
      'publicUrl: "https://licences.service.gov.uk/live/auth" does not lead to the domain',
    ],
    [
      'whose certificate is for CloudFront, which wants it in us-east-1',
      { domain: { name: domain.name, certificateArn: arn('us-east-1') } },
      'domain.certificateArn: is a certificate in us-east-1; it must be in eu-west-2',
    ],
    [
      'whose certificate is not where the stack is',
      { region: 'eu-west-1', domain: { name: domain.name, certificateArn: arn() } },
      'domain.certificateArn: is a certificate in eu-west-2; it must be in eu-west-1',
    ],
    [
      'whose certificate is of another account',
      { account: '444455556666', domain: { name: domain.name, certificateArn: arn() } },
      'domain.certificateArn: is a certificate of the account 111122223333; it must be of 444455556666',
    ],
    [
      'whose certificate is none',
      { domain: { name: domain.name, certificateArn: 'arn:aws:iam::111122223333:server-certificate/x' } },
      'domain.certificateArn: "arn:aws:iam::111122223333:server-certificate/x" is not allowed',
    ],
    [
      'outside the hosted zone',
      { domain: { name: 'licences.myservice.gov.uk', hostedZone: zone } },
      'domain.hostedZone.name: "service.gov.uk" has no room for licences.myservice.gov.uk',
    ],
    [
      'with a hosted zone that is none',
      { domain: { ...domain, hostedZone: { ...zone, id: '/hostedzone/Z1' } } },
      'domain.hostedZone.id: "/hostedzone/Z1" is not allowed; allowed: the id of a hosted zone',
    ],
    [
      'too long for a certificate to be made',
      { domain: { name: `${'a'.repeat(60)}.service.gov.uk`, hostedZone: zone } },
      'at most 64 characters',
    ],
    ['together with CloudFront', { domain, cloudFront }, 'cloudFront: is not allowed together with domain'],
  ])('%s is a mistake', (_, changes, mistake) => {
    expect(mistakesIn(changes)).toEqual([expect.stringContaining(mistake)]);
  });
});

describe('CloudFront', () => {
  test('may send one secret or another while it changes', () => {
    expect(mistakesIn({ cloudFront, publicUrl })).toEqual([]);
    expect(mistakesIn({ cloudFront: { originSecrets: ['first', '2026'] }, publicUrl })).toEqual([]);
  });

  test.each<Cases[number]>([
    [
      'without a secret',
      { cloudFront: { originSecrets: [] }, publicUrl },
      'cloudFront.originSecrets: has too few',
    ],
    ['without any', { cloudFront: {}, publicUrl }, 'cloudFront.originSecrets: is missing'],
    [
      'with three',
      { cloudFront: { originSecrets: ['a', 'b', 'c'] }, publicUrl },
      'cloudFront.originSecrets: has too many entries; at most 2',
    ],
    [
      'with one twice',
      { cloudFront: { originSecrets: ['a', 'a'] }, publicUrl },
      'cloudFront.originSecrets: entries 1 and 0 are the same',
    ],
    [
      'with a value in place of a name',
      { cloudFront: { originSecrets: ['Kx7-93_x'] }, publicUrl },
      'cloudFront.originSecrets[0]: "Kx7-93_x" is not allowed; allowed: lower-case letters and digits',
    ],
    ['without a public URL', { cloudFront }, 'publicUrl: is missing: only you know the host name'],
    [
      'in front of this machine',
      { cloudFront, publicUrl: 'http://localhost:8080/auth' },
      'publicUrl: "http://localhost:8080/auth" does not lead to a distribution',
    ],
    [
      "with the API's own address as the public one",
      { cloudFront, publicUrl: 'https://a1b2.execute-api.eu-west-2.amazonaws.com/live/auth' },
      'does not lead to a distribution',
    ],
    [
      'below another path',
      { cloudFront, publicUrl: 'https://licences.service.gov.uk/sign-in/auth' },
      'publicUrl: must end with the host name and /auth',
    ],
  ])('%s is a mistake', (_, changes, mistake) => {
    expect(mistakesIn(changes)).toEqual([expect.stringContaining(mistake)]);
  });
});

describe('a firewall', () => {
  test('has defaults for everything', () => {
    expect(configWith({ firewall: {} }).firewall).toEqual({
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

  test.each([10, 2_000_000_000])('may count up to %d', (limit) => {
    expect(mistakesIn({ firewall: { rateLimits: { signIn: limit, callback: limit } } })).toEqual([]);
  });

  test('may go without rule groups', () => {
    expect(mistakesIn({ firewall: { managedRuleGroups: [] } })).toEqual([]);
  });

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ['a domain', { domain }],
    ['CloudFront', { cloudFront, publicUrl }],
    ["the API's own address", {}],
    [
      "the API's own address, written out",
      { publicUrl: 'https://a1b2.execute-api.eu-west-2.amazonaws.com/live/auth' },
    ],
    ['this machine', { publicUrl: 'http://localhost:8080/auth' }],
  ])('may stand behind %s, where each user has an address of their own', (_, changes) => {
    expect(mistakesIn({ firewall: {}, ...changes })).toEqual([]);
  });

  test.each<Cases[number]>([
    [
      'that counts less than AWS WAF can',
      { firewall: { rateLimits: { signIn: 9 } } },
      'firewall.rateLimits.signIn: 9 is too small; the smallest allowed is 10',
    ],
    [
      'that counts more than AWS WAF can',
      { firewall: { rateLimits: { callback: 2_000_000_001 } } },
      'firewall.rateLimits.callback: 2000000001 is too large; the largest allowed is 2000000000',
    ],
    [
      'with a rule group that there is not',
      { firewall: { managedRuleGroups: ['AWSManagedRulesPHPRuleSet'] } },
      'firewall.managedRuleGroups[0]: "AWSManagedRulesPHPRuleSet" is not allowed; allowed: AWSManagedRulesCommonRuleSet',
    ],
    [
      'that asks a rule group twice',
      { firewall: { managedRuleGroups: ['AWSManagedRulesUnixRuleSet', 'AWSManagedRulesUnixRuleSet'] } },
      'firewall.managedRuleGroups: entries 0 and 1 are the same',
    ],
    [
      'behind a proxy, where all users share one address,',
      { firewall: {}, publicUrl },
      'firewall: needs domain or cloudFront: otherwise all users of https://licences.service.gov.uk/auth have the address of what stands in front, and share one limit',
    ],
    [
      'with more rule groups than AWS includes',
      {
        firewall: {
          managedRuleGroups: [
            'AWSManagedRulesCommonRuleSet',
            'AWSManagedRulesKnownBadInputsRuleSet',
            'AWSManagedRulesSQLiRuleSet',
            'AWSManagedRulesLinuxRuleSet',
            'AWSManagedRulesUnixRuleSet',
            'AWSManagedRulesBotControlRuleSet',
          ],
        },
      },
      'firewall.managedRuleGroups: come to 1586 capacity units with our own rules; 1500 are allowed (AWSManagedRulesCommonRuleSet 700,',
    ],
    ...['AWSManagedRulesAmazonIpReputationList', 'AWSManagedRulesAnonymousIpList'].map(
      (group): Cases[number] => [
        `behind CloudFront that judges the sender's address by ${group}`,
        { firewall: { managedRuleGroups: [group] }, cloudFront, publicUrl },
        `firewall.managedRuleGroups[0]: "${group}" would judge CloudFront's addresses`,
      ],
    ),
  ])('%s is a mistake', (_, changes, mistake) => {
    expect(mistakesIn(changes)).toEqual([expect.stringContaining(mistake)]);
  });
});

describe('capacity', () => {
  test.each<Cases[number]>([
    [
      'no requests',
      { throttling: { login: 0 } },
      'throttling.login: 0 is too small; the smallest allowed is 1',
    ],
    ['half a request', { throttling: { others: 1.5 } }, 'throttling.others: 1.5 is not a whole number'],
    [
      'more requests than API Gateway answers',
      { throttling: { userinfo: 10_001 } },
      'throttling.userinfo: 10001 is too large; the largest allowed is 10000',
    ],
    [
      'requests to what is no route',
      { throttling: { signedOut: 5 } },
      'throttling.signedOut: is not a field of the config; here are allowed: login, reauthenticate,',
    ],
    [
      'a function that may never run',
      { reservedConcurrency: { callback: 0 } },
      'reservedConcurrency.callback: 0 is too small; the smallest allowed is 1',
    ],
    [
      'a function that there is not',
      { reservedConcurrency: { refreshJwks: 1 } },
      'reservedConcurrency.refreshJwks: is not a field of the config',
    ],
    [
      'an authorizer that may never run',
      { authorizers: [{ level: 'Cl', reservedConcurrency: 0 }] },
      'authorizers[0].reservedConcurrency: 0 is too small',
    ],
  ])('for %s is a mistake', (_, changes, mistake) => {
    expect(mistakesIn(changes)).toEqual([expect.stringContaining(mistake)]);
  });
});
