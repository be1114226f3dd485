import type { Incident } from '../incident.ts';
import { everyTraffic } from './shared.ts';

/** Nothing is wrong here, and users are not hurt. */
const quiet: readonly Omit<Incident, 'expected'>[] = [
  { name: 'usual-day', what: 'A usual day and night', traffic: everyTraffic, watched: 24 * 60, changes: [] },
  {
    name: 'usual-evening',
    what: 'Fewer and fewer users come',
    traffic: everyTraffic,
    beginsAt: 17,
    watched: 600,
    changes: [],
  },
  {
    name: 'nobody-at-night',
    what: 'No users come at three in the morning',
    traffic: everyTraffic,
    beginsAt: 1,
    watched: 300,
    changes: [{ traffic: 0 }],
  },
  {
    name: 'launch',
    what: 'For an hour five times as many users come',
    traffic: everyTraffic,
    changes: [{ traffic: 5, to: 60 }],
  },
  {
    name: 'half-the-users',
    what: 'Half as many users come as on other days',
    traffic: everyTraffic,
    watched: 600,
    changes: [{ traffic: 0.5 }],
  },
  {
    name: 'three-in-ten-give-up',
    what: 'Three in ten users do not come back from One Login',
    traffic: everyTraffic,
    watched: 600,
    changes: [{ users: 'gives-up', share: 0.22 }],
  },
  {
    name: 'blip-of-one-login',
    what: '/token returns 502 for four minutes',
    traffic: everyTraffic,
    watched: 24 * 60,
    changes: [{ users: 'token-502', to: 4 }],
  },
  {
    name: 'one-crash',
    what: 'The function callback crashes for a moment',
    traffic: [15, 5],
    changes: [{ function: 'callback', fails: 'crashes', to: 2 }],
  },
  {
    name: 'rotated-and-published',
    what: 'One Login rotates its keys and publishes them first',
    traffic: [200],
    changes: [{ schedule: 'refresh-jwks', becomes: 'refresh-jwks-fetched', to: 10 }],
  },
  {
    name: 'one-failed-fetch',
    what: 'After a rotation one fetch of the keys fails, and the next succeeds',
    traffic: [200],
    changes: [
      { users: 'key-fetch-failed', to: 1 },
      { schedule: 'refresh-jwks', becomes: 'refresh-jwks-failed', to: 5 },
    ],
  },
  {
    name: 'slow-for-ten-minutes',
    what: 'For ten minutes one in ten users waits for 2 seconds',
    traffic: [200, 15],
    changes: [{ slow: 'callback', plus: 1_500, share: 0.1, to: 10 }],
  },
  {
    name: 'signed-out-users-stay',
    what: 'Pages of users who are signed out request userinfo again and again',
    traffic: everyTraffic,
    changes: [{ strangers: 'session-over', perMinute: 5 }],
  },
];

/** People and programs outside do what they like. */
const strangers: readonly Omit<Incident, 'expected' | 'traffic'>[] = [
  {
    name: 'junk-callbacks',
    what: 'A stranger sends 100 callbacks a second without a cookie',
    changes: [{ strangers: 'callback-of-nobody', perMinute: 6_000 }],
  },
  {
    name: 'robot-with-made-up-codes',
    what: 'A robot goes to the login and comes back with a made-up code, 2 to 5 times a minute',
    changes: [{ strangers: 'robot-code', perMinute: 3.5 }],
  },
  {
    name: 'robot-at-the-login',
    what: 'A robot follows the link to the login five times a minute',
    changes: [{ strangers: 'robot-login', perMinute: 5 }],
  },
  {
    name: 'robot-at-night',
    what: 'At night a robot follows the link to the login ten times in half an hour',
    beginsAt: 1,
    watched: 300,
    changes: [{ strangers: 'robot-login', perMinute: 1 / 3 }],
  },
  ...['server-error', 'invalid-request', 'unauthorized-client'].map((error) => ({
    name: `reload-of-${error}`,
    what: `A user reloads ?error=${error.replace('-', '_')} of an attempt of their own`,
    changes: [
      { strangers: `made-up-${error}`, perMinute: 1, to: 2 },
      { strangers: `made-up-${error}`, step: 'reload', perMinute: 3 },
    ],
  })),
  {
    name: 'reload-of-callback',
    what: 'A user reloads a callback that was used',
    changes: [{ strangers: 'reload-of-callback', step: 'reload-later', perMinute: 3 }],
  },
  {
    name: 'junk-logout-tokens',
    what: 'A stranger sends 22 invalid logout tokens',
    changes: [{ strangers: 'logout-token-junk', perMinute: 22, to: 1 }],
  },
  {
    name: 'flood-of-logout-tokens',
    what: 'A stranger sends 100 invalid logout tokens a minute',
    changes: [{ strangers: 'logout-token-junk', perMinute: 100 }],
  },
  {
    name: 'scanner',
    what: 'A program tries 300 paths a minute that do not exist',
    changes: [{ strangers: 'unknown-page', perMinute: 300 }],
  },
  {
    name: 'userinfo-without-session',
    what: 'A program without a session calls the APIs 300 times a minute',
    changes: [{ strangers: 'nobody-asks', perMinute: 300 }],
  },
];

export const quietIncidents: readonly Incident[] = quiet.map((incident) => ({
  ...incident,
  expected: { call: 'quiet' },
}));

/** A ticket is right too. */
export const strangerIncidents: readonly Incident[] = strangers.map((incident) => ({
  ...incident,
  traffic: everyTraffic,
  expected: { call: 'quiet', orTicket: true },
}));
