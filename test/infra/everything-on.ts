import { buildTestConfig } from './synthesise.ts';

/** The most keys that a rotation needs, in all states. */
const signingKeys = [
  { name: '2026-07', state: 'sign' },
  { name: '2026-01', state: 'publish' },
  { name: '2027-01', state: 'publish' },
  { name: '2025-07', state: 'retire' },
];

/** The key of the example in One Login's documentation. */
const modulus =
  'pSx43eUV2hZ3AJKYNFHxOsILQ_tUNpfPVELCy3js3FsTp5Mcbpb8mu-arekTCq0Mx5-uqRhJKuT1eGf5DIsb69P__E' +
  'yi787Q2o5CdbDwB4iUlEffgx_KuOWUm_4YEuVSjnxfS_hB9h_38zQ6WtD1NnCbcMk4RT2MRvCSiIr9OhjKn9AExH7a' +
  'aDY7nPm0uVybMkNf5hzBBJWsblBGLmFqnw-qHIEGJaC0M2yZEfXJDbdeZx-IYEYMi3QrR_y4yWzQP2RC8QDU84-uj5' +
  'mAy5vn06RSdAHNXdiuUX3dIFlerri8gSXo5dPps-gU7igauHnX6mP0HBDtnoNKcM1gpXrnKw';

/**
 * All options of a config, except for the domain or CloudFront in front. A test fails for options that are missing here.
 */
const common = {
  publishedKeys: [{ kty: 'RSA', kid: 'old-2024', alg: 'RS256', e: 'AQAB', n: modulus, use: 'sig' }],
  cookieName: 'licences',
  serviceUrl: 'https://apply-for-a-licence.service.gov.uk/',
  authentication: { vtr: ['Cl.Cm'], maxAgeSeconds: 3600 },
  journeys: [
    {
      name: 'moving-house',
      vtr: ['Cl.Cm.P2'],
      claims: ['https://vocab.account.gov.uk/v1/coreIdentityJWT', 'https://vocab.account.gov.uk/v1/address'],
      maxAgeSeconds: 900,
      notProvedUrl: '/come-and-see-us',
    },
  ],
  signingKeys,
  authorizers: [
    { level: 'Cl', reservedConcurrency: 10 },
    { level: 'Cl.Cm', trustedOrigins: ['https://forms.example.gov.uk'] },
    { level: 'Cl.Cm.P1' },
    { level: 'Cl.Cm.P2', claims: ['names', 'birth_dates', 'address', 'return_codes', 'identity_claims'] },
  ],
  returnOrigins: ['https://forms.example.gov.uk'],
  signedOutUrl: '/goodbye',
  contact: {
    name: 'Licensing team',
    nameWelsh: 'Tîm trwyddedu',
    url: '/contact',
    urlWelsh: '/cysylltu',
    email: 'licensing@example.gov.uk',
    phone: '0300 123 4567',
    phoneWelsh: '0300 123 4568',
    openingHours: 'Monday to Friday, 9am to 5pm',
    openingHoursWelsh: 'Dydd Llun i ddydd Gwener, 9am i 5pm',
  },
  exampleService: true,
  throttling: {
    login: 100,
    reauthenticate: 30,
    proveIdentity: 30,
    inPersonReturn: 30,
    callback: 100,
    userinfo: 1000,
    logout: 200,
    backchannelLogout: 200,
    others: 300,
  },
  reservedConcurrency: { login: 50, callback: 60, userinfo: 70, logout: 80, backchannelLogout: 90 },
  auditRetentionDays: 731,
  signingKeyDeletionRoles: ['arn:aws:iam::444455556666:role/key-administrator'],
  alarms: {
    topicArn: 'arn:aws:sns:eu-west-2:444455556666:alarms',
    urgentTopicArn: 'arn:aws:sns:eu-west-2:444455556666:urgent',
    ticketTopicArn: 'arn:aws:sns:eu-west-2:444455556666:ticket',
    emails: ['on-call@example.gov.uk'],
    runbookBaseUrl: 'https://example.gov.uk/runbooks',
  },
};

const rateLimits = {
  signIn: 100,
  callback: 100,
  signOut: 100,
  userinfoWithoutSession: 10_000,
  backchannelLogout: 10_000,
  jwks: 1_000,
};

/** Changes to the config `production.example` that switch everything on. */
export const everythingOn = {
  withDomain: {
    ...common,
    // The rule group against bots, which `withCloudFront` has, would refuse it.
    canary: true,
    publicUrl: undefined,
    cloudFront: undefined,
    domain: {
      name: 'apply-for-a-licence.service.gov.uk',
      hostedZone: { id: 'Z0123456789ABCDEFGHIJ', name: 'service.gov.uk' },
    },
    firewall: {
      managedRuleGroups: [
        'AWSManagedRulesCommonRuleSet',
        'AWSManagedRulesKnownBadInputsRuleSet',
        'AWSManagedRulesAmazonIpReputationList',
        'AWSManagedRulesAnonymousIpList',
        'AWSManagedRulesLinuxRuleSet',
        'AWSManagedRulesUnixRuleSet',
      ],
      rateLimits,
    },
  },
  withCloudFront: {
    ...common,
    cloudFront: { originSecrets: ['first', 'second'] },
    firewall: {
      managedRuleGroups: ['AWSManagedRulesCommonRuleSet', 'AWSManagedRulesBotControlRuleSet'],
      rateLimits,
    },
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export const fronts = Object.keys(everythingOn) as (keyof typeof everythingOn)[];

/** @returns the config of a deployment with everything switched on */
export function buildFullConfig(
  front: keyof typeof everythingOn,
  changes: Readonly<Record<string, unknown>> = {},
) {
  return buildTestConfig('production.example', { ...everythingOn[front], ...changes });
}
