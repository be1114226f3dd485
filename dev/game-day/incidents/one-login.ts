import type { Incident } from '../incident.ts';
import { asUsersCome, asUsersFail, byCanary, everyTraffic, requestsRefused } from './shared.ts';

/** Something is wrong at One Login, or between One Login and us. */
export const oneLoginIncidents: readonly Incident[] = [
  ...(['by-day', 'at-night'] as const).map(
    (when): Incident => ({
      name: `one-login-down-${when}`,
      what: 'One Login is down, its pages too',
      traffic: everyTraffic,
      beginsAt: when === 'by-day' ? 10 : 3,
      changes: [
        { users: 'gives-up' },
        { schedule: 'canary', becomes: 'canary-one-login-gone' },
        { schedule: 'refresh-jwks', becomes: 'refresh-jwks-failed', whenDue: true },
        { schedule: 'refresh-did', becomes: 'refresh-did-failed', whenDue: true },
      ],
      expected: byCanary,
    }),
  ),
  ...[
    ['wrong-client-id', 'A change brought the wrong client id'],
    ['own-key-retired-early', 'Our key was retired before its successor signed'],
    ['our-keys-refused', 'One Login does not accept our JWKS'],
  ].map(
    ([name = '', what = '']): Incident => ({
      name,
      what,
      traffic: everyTraffic,
      changes: requestsRefused,
      expected: byCanary,
    }),
  ),
  ...[
    ['client-deactivated', 'One Login has deactivated our client'],
    ['vtr-not-permitted', 'One Login no longer permits the level that we request'],
  ].map(
    ([name = '', what = '']): Incident => ({
      name,
      what,
      traffic: everyTraffic,
      changes: [{ users: name }, { schedule: 'canary', becomes: 'canary-request-refused' }],
      expected: byCanary,
    }),
  ),
  {
    name: 'access-denied-for-all',
    what: 'All users come back with access_denied',
    traffic: everyTraffic,
    changes: [{ users: 'denied' }],
    ...asUsersCome,
  },
  {
    name: 'access-denied-for-60-percent',
    what: 'Six in ten users come back with access_denied',
    traffic: [200],
    changes: [{ users: 'denied', share: 0.6 }],
    expected: { call: 'page or ticket', within: 60 },
  },
  ...['server-error', 'temporarily-unavailable'].map(
    (name): Incident => ({
      name: `${name}-for-all`,
      what: `All users come back with ${name.replace('-', '_')}`,
      traffic: everyTraffic,
      changes: [{ users: name }],
      ...asUsersCome,
    }),
  ),
  {
    name: 'nobody-comes-back',
    what: 'One Login lets users in, and sends none of them back',
    traffic: everyTraffic,
    changes: [{ users: 'gives-up' }],
    ...asUsersCome,
  },
  {
    name: 'cookie-lost-for-all',
    what: "All browsers lose the attempt's cookie",
    traffic: everyTraffic,
    changes: [{ users: 'cookie-lost' }],
    expected: { call: 'page', within: 20, runbooks: ['no-sign-ins'] },
    expectedAt: {
      15: { call: 'page', within: 60, runbooks: ['no-sign-ins'] },
      5: { call: 'page', within: 60, runbooks: ['no-sign-ins'] },
    },
  },
  {
    name: 'cookie-lost-for-60-percent',
    what: "Six in ten browsers lose the attempt's cookie",
    traffic: [200],
    changes: [{ users: 'cookie-lost', share: 0.6 }],
    expected: { call: 'page or ticket', within: 60, runbooks: ['no-sign-ins'] },
  },
  ...(
    [
      ['token-502', '/token returns 502', everyTraffic],
      ['token-not-json', '/token returns a page', [200]],
      ['token-invalid-client', '/token returns invalid_client', everyTraffic],
      ['userinfo-503', '/userinfo returns 503', [200]],
      ['userinfo-of-another', '/userinfo returns another user', [200]],
      ['wrong-audience', 'ID tokens are for another client', everyTraffic],
      ['wrong-issuer', 'ID tokens are of another issuer', [200]],
      ['wrong-level', 'ID tokens have too low a level', [200]],
      ['unknown-key', 'ID tokens are signed with a key that was never published', everyTraffic],
    ] as const
  ).map(
    ([name, what, traffic]): Incident => ({
      name,
      what,
      traffic,
      changes: [{ users: name }],
      ...asUsersFail,
    }),
  ),
  {
    name: 'token-hangs',
    what: '/token does not respond',
    traffic: everyTraffic,
    changes: [{ users: 'token-gone' }, { slow: 'callback', plus: 6_000 }],
    ...asUsersFail,
  },
  ...[
    ['our-clock-ahead', 'token-of-the-past'],
    ['our-clock-behind', 'token-of-the-future'],
  ].map(
    ([name = '', users = '']): Incident => ({
      name,
      what: 'Our clock is off',
      traffic: [200, 5],
      changes: [{ users }],
      expected: { call: 'page', within: 10, runbooks: ['provider-faults'] },
      expectedAt: { 5: { call: 'page', within: 60, runbooks: ['provider-faults'] } },
    }),
  ),
  {
    name: 'identity-unknown-key',
    what: 'Core identities are signed with a key that was never published',
    traffic: [200],
    changes: [{ users: 'identity-unknown-key', only: 'identity' }],
    expected: { call: 'page', within: 40 },
  },
  {
    name: 'nobody-proves-an-identity',
    what: 'All identity checks fail',
    traffic: [200],
    changes: [{ users: 'identity-not-proved', only: 'identity' }],
    expected: { call: 'ticket', within: 120 },
  },
  {
    name: 'identities-come-late',
    what: 'One Login forgets identities before we fetch them',
    traffic: [200],
    changes: [{ users: 'identity-expired', only: 'identity' }],
    expected: { call: 'ticket', within: 120 },
  },
  {
    name: 'token-5-seconds',
    what: '/token takes 5.5 seconds',
    traffic: [200, 15],
    changes: [{ slow: 'callback', plus: 5_300 }],
    expected: { call: 'page', within: 20 },
    expectedAt: { 15: { call: 'page or ticket', within: 60 } },
  },
  {
    name: 'one-in-five-waits',
    what: 'One in five users waits for 5 seconds',
    traffic: [200],
    changes: [{ slow: 'callback', plus: 4_500, share: 0.2 }],
    expected: { call: 'page', within: 20 },
  },
  {
    name: 'twice-as-slow',
    what: 'Sign-ins take twice as long',
    traffic: [200, 15],
    changes: [{ slow: 'callback', times: 2.2 }],
    expected: { call: 'ticket', within: 120 },
  },
  {
    name: 'logout-tokens-refused',
    what: 'We refuse all notifications of One Login that users signed out',
    traffic: [200, 15],
    changes: [{ logoutTokens: 'logout-token-refused' }],
    expected: { call: 'page', within: 60 },
    // Four an hour.
    expectedAt: { 15: { call: 'page', within: 90 } },
  },
  {
    name: 'did-refresh-fails',
    what: 'The DID document can not be fetched for two days',
    traffic: [200],
    watched: 2 * 24 * 60,
    changes: [{ schedule: 'refresh-did', becomes: 'refresh-did-failed', whenDue: true }],
    expected: { call: 'ticket', within: 60 },
  },
];
