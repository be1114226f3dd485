import type { Change, Incident } from '../incident.ts';
import { byCanary, everyTraffic } from './shared.ts';

function dynamodb(type: 'dynamodb-denied' | 'dynamodb-throttled'): readonly Change[] {
  return [
    { users: type },
    { logoutTokens: type },
    { schedule: 'canary', becomes: 'canary-dynamodb-denied' },
    { schedule: 'refresh-jwks', becomes: 'refresh-jwks-denied' },
    { schedule: 'refresh-did', becomes: 'refresh-did-denied' },
  ];
}

function kms(type: 'kms-disabled' | 'kms-throttled'): readonly Change[] {
  return [{ users: type }, { schedule: 'canary', becomes: 'canary-kms-disabled' }];
}

const keys = /jwks\.json$/;

/** Something is wrong in our account. */
export const awsIncidents: readonly Incident[] = [
  ...[
    ['kms-disabled', 'The signing key is disabled', kms('kms-disabled')] as const,
    ['kms-throttled', 'KMS throttles every signature', kms('kms-throttled')] as const,
    ['dynamodb-denied', 'The functions may no longer use the tables', dynamodb('dynamodb-denied')] as const,
    ['dynamodb-throttled', 'DynamoDB throttles every request', dynamodb('dynamodb-throttled')] as const,
    ...(['login', 'callback'] as const).flatMap((name) => [
      [
        `${name}-concurrency-0`,
        `Lambda starts no instance of ${name}`,
        [{ function: name, fails: 'throttled' }] as readonly Change[],
      ] as const,
      [
        `${name}-crashes`,
        `The function ${name} crashes when it starts`,
        [{ function: name, fails: 'crashes' }] as readonly Change[],
      ] as const,
    ]),
    ['gateway-500', 'API Gateway returns 500 itself', [{ gateway: 500 }] as readonly Change[]] as const,
    ['firewall-403', 'The firewall refuses everybody', [{ gateway: 403 }] as readonly Change[]] as const,
    [
      'cloudfront-403',
      'CloudFront refuses everybody',
      [{ gateway: 403, inFront: true }] as readonly Change[],
    ] as const,
    ['throttling-429', 'API Gateway throttles everybody', [{ gateway: 429 }] as readonly Change[]] as const,
    [
      'keys-500',
      'API Gateway does not return our keys',
      [{ gateway: 500, route: keys }, { users: 'gives-up' }] as readonly Change[],
    ] as const,
    [
      'keys-403',
      'The firewall keeps One Login from our keys',
      [{ gateway: 403, route: keys }, { users: 'gives-up' }] as readonly Change[],
    ] as const,
  ].map(
    ([name, what, changes]): Incident => ({
      name,
      what,
      traffic: everyTraffic,
      changes,
      expected: { call: 'page', within: /-4\d\d$/.test(name) ? 15 : 10 },
    }),
  ),
  {
    name: 'certificate-over',
    what: 'The certificate has ended, and no browser connects',
    traffic: everyTraffic,
    changes: [{ gateway: 0, inFront: true }, { certificateDays: -1 }],
    expected: byCanary,
  },
  {
    name: 'nobody-starts',
    what: 'At noon the service loses its link to the login',
    traffic: [200],
    beginsAt: 12,
    changes: [{ traffic: 0 }],
    expected: { call: 'page', within: 15 },
  },
  {
    name: 'gateway-500-for-30-percent',
    what: 'API Gateway returns 500 to three in ten requests',
    traffic: [200],
    changes: [{ gateway: 500, share: 0.3 }],
    expected: { call: 'page', within: 20 },
  },
  ...['userinfo', 'logout', 'backchannel-logout', 'ClCm'].map(
    (name): Incident => ({
      name: `${name === 'ClCm' ? 'authorizer' : name}-crashes`,
      what: `The function ${name} crashes when it starts`,
      traffic: [200],
      changes: [{ function: name, fails: 'crashes' }],
      expected: { call: 'page', within: 40 },
    }),
  ),
  {
    name: 'foreign-signature',
    what: 'Another role signs with our key',
    traffic: [200],
    changes: [{ metric: 'foreign-signatures', value: 1 }],
    expected: { call: 'page', within: 10 },
  },
  {
    name: 'keys-2-seconds',
    what: 'Our keys take 2 seconds',
    traffic: [200, 5],
    changes: [{ slow: 'our-keys', plus: 2_000 }],
    expected: { call: 'page or ticket', within: 15 },
  },
  ...[10, 29].map(
    (certificateDays): Incident => ({
      name: `certificate-${certificateDays}-days`,
      what: `The certificate has ${certificateDays} days left`,
      traffic: [200],
      changes: [{ certificateDays }],
      expected: { call: 'ticket', within: 90 },
    }),
  ),
  {
    name: 'canary-stops',
    what: 'The canary no longer runs',
    traffic: [200],
    changes: [{ schedule: 'canary', becomes: undefined }],
    expected: { call: 'page or ticket', within: 20 },
  },
  {
    name: 'refreshers-denied',
    what: 'The refreshers may no longer use their table',
    traffic: [200],
    changes: [
      { schedule: 'refresh-jwks', becomes: 'refresh-jwks-denied' },
      { schedule: 'refresh-did', becomes: 'refresh-did-denied' },
    ],
    expected: { call: 'ticket', within: 60 },
  },
  {
    name: 'refresh-rule-disabled',
    what: "The refresher's rule is disabled",
    traffic: [200],
    changes: [{ schedule: 'refresh-jwks', becomes: undefined }],
    expected: { call: 'ticket', within: 60 },
  },
  {
    name: 'audit-collector-fails',
    what: 'The audit collector fails',
    traffic: [200, 5],
    changes: [{ collector: 'fails' }],
    expected: { call: 'ticket', within: 60 },
  },
  {
    name: 'audit-collector-silent',
    what: 'The audit collector is not called',
    traffic: [200, 15],
    changes: [{ collector: 'silent' }],
    expected: { call: 'ticket', within: 90 },
  },
  {
    name: 'audit-collector-throttled',
    what: 'Lambda starts no instance of the audit collector',
    traffic: [200],
    changes: [{ collector: 'throttled' }],
    expected: { call: 'ticket', within: 60 },
  },
  {
    name: 'audit-lines-refused',
    what: 'Audit lines are malformed',
    traffic: [200],
    changes: [{ metric: 'audit_lines_refused', value: 1 }],
    expected: { call: 'ticket', within: 60 },
  },
  ...[
    [2, { call: 'ticket', within: 360 }] as const,
    [10, { call: 'page', within: 240 }] as const,
    [30, { call: 'page', within: 40 }] as const,
  ].map(
    ([percent, expected]): Incident => ({
      name: `${percent}-percent-fail`,
      what: `For 12 hours ${percent} % of the callbacks fail`,
      traffic: [200],
      beginsAt: 8,
      watched: 720,
      changes: [{ users: 'token-502', share: percent / 100 }],
      expected,
    }),
  ),
];
