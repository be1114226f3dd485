import type { Incident } from '../incident.ts';
import { everyTraffic, kmsDisabled, oneLoginGone } from './shared.ts';

export const incidents: readonly Incident[] = [
  {
    name: 'one-login-down',
    what: 'One Login is down, its pages too',
    traffic: everyTraffic,
    changes: oneLoginGone,
    expected: { call: 'page', within: 10 },
  },
  {
    name: 'token-502',
    what: 'One Login answers 502 at /token',
    traffic: everyTraffic,
    changes: [{ users: 'token-502' }],
    expected: { call: 'page', within: 10 },
    expectedAt: { 15: { call: 'page', within: 40 }, 5: { call: 'page', within: 60 } },
  },
  {
    name: 'access-denied-for-all',
    what: 'All users come back with access_denied',
    traffic: everyTraffic,
    changes: [{ users: 'denied' }],
    expected: { call: 'page', within: 20 },
    expectedAt: { 15: { call: 'page', within: 60 }, 5: { call: 'page', within: 60 } },
  },
  {
    name: 'cookie-lost-for-all',
    what: "The browsers' cookies are lost",
    traffic: everyTraffic,
    changes: [{ users: 'cookie-lost' }],
    expected: { call: 'page', within: 20, runbooks: ['no-sign-ins'] },
    expectedAt: { 15: { call: 'page', within: 60 }, 5: { call: 'page', within: 60 } },
  },
  {
    name: 'kms-disabled',
    what: 'The signing key is disabled',
    traffic: everyTraffic,
    changes: kmsDisabled,
    expected: { call: 'page', within: 10 },
  },
  {
    name: 'login-concurrency-0',
    what: 'Lambda starts no instance of login',
    traffic: everyTraffic,
    changes: [{ function: 'login', fails: 'throttled' }],
    expected: { call: 'page', within: 10 },
  },
  {
    name: 'unknown-key',
    what: 'ID tokens are signed with a key that was never published',
    traffic: [200],
    changes: [{ users: 'unknown-key' }],
    expected: { call: 'page', within: 10 },
  },
  {
    name: 'certificate-10-days',
    what: 'The certificate has 10 days left',
    traffic: [200],
    changes: [{ certificateDays: 10 }],
    expected: { call: 'ticket', within: 90 },
  },
  {
    name: 'usual-day',
    what: 'A usual day and night',
    traffic: everyTraffic,
    watched: 24 * 60,
    changes: [],
    expected: { call: 'quiet' },
  },
  {
    name: 'junk-callbacks',
    what: 'Somebody sends 100 callbacks a second without a cookie',
    traffic: everyTraffic,
    changes: [{ strangers: 'callback-of-nobody', perMinute: 6_000 }],
    expected: { call: 'quiet' },
    // Where hardly anybody signs in, they are nearly all requests.
    expectedAt: { 15: { call: 'quiet', orTicket: true }, 5: { call: 'quiet', orTicket: true } },
  },
];
