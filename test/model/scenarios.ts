import type { Scenario } from './explore.ts';
import { lifetimes, type Request } from './system.ts';

const login = (name: string, browser: string, user: string): Request => ({
  name,
  route: 'login',
  browser,
  user,
});
const signedInAtHome: readonly Request[] = [
  login('login 0', 'home', 'maria'),
  { name: 'session 0', route: 'callback', browser: 'home', attempt: 'login 0' },
];

const signInAfterRotation = {
  name: 'sign-in',
  route: 'callback',
  browser: 'home',
  attempt: 'login 1',
  instance: 'cold',
  after: ['rotation'],
} as const;

/** Small enough to explore whole. Together they have every race that the flow has a guard for. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'two tabs and a replay',
    before: [login('login 1', 'home', 'maria'), login('login 2', 'home', 'maria')],
    requests: [
      { name: 'tab 1', route: 'callback', browser: 'home', attempt: 'login 1' },
      { name: 'replay', route: 'callback', browser: 'home', attempt: 'login 1' },
      { name: 'tab 2', route: 'callback', browser: 'home', attempt: 'login 2' },
    ],
    reaches: ['tab 1: signed in', 'replay: already signed in', 'replay: refused', 'tab 2: signed in'],
    faults: 1,
  },
  {
    name: 'another browser with a stolen link, and a code that is injected',
    before: [login('login 1', 'home', 'maria'), login('login 2', 'work', 'ahmed')],
    requests: [
      { name: 'own', route: 'callback', browser: 'home', attempt: 'login 1' },
      { name: 'stolen', route: 'callback', browser: 'work', attempt: 'login 1' },
      { name: 'injected', route: 'callback', browser: 'work', attempt: 'login 2', code: 'login 1' },
      { name: 'without cookies', route: 'callback', browser: 'nobody', attempt: 'login 1' },
    ],
    reaches: ['own: signed in', 'stolen: refused', 'injected: refused'],
    faults: 0,
  },
  {
    name: 'a back-channel logout during a sign-in',
    before: [login('login 1', 'work', 'maria')],
    requests: [
      { name: 'sign-in', route: 'callback', browser: 'work', attempt: 'login 1' },
      { name: 'notification', route: 'backchannel-logout', user: 'maria', token: 'token 1' },
    ],
    reaches: ['sign-in: signed in', 'sign-in: refused', 'notification: revoked'],
    faults: 1,
    ticks: 1,
  },
  {
    name: 'a back-channel logout during activity',
    before: signedInAtHome,
    requests: [
      { name: 'notification', route: 'backchannel-logout', user: 'maria', token: 'token 1' },
      { name: 'use', route: 'userinfo', browser: 'home' },
    ],
    reaches: ['use: user', 'use: login required', 'notification: revoked'],
    faults: 1,
    jumps: [lifetimes.idle / 2],
  },
  {
    name: 'a logout token that is replayed when the user has signed in again',
    before: [login('login 1', 'home', 'maria')],
    requests: [
      { name: 'notification', route: 'backchannel-logout', user: 'maria', token: 'token 1' },
      { name: 'replay', route: 'backchannel-logout', user: 'maria', token: 'token 1' },
      { name: 'sign-in', route: 'callback', browser: 'home', attempt: 'login 1' },
    ],
    reaches: ['sign-in: signed in', 'replay: refused'],
    faults: 0,
    ticks: 1,
  },
  {
    name: 'two notifications during a sign-in',
    before: [login('login 1', 'home', 'maria')],
    requests: [
      { name: 'notification', route: 'backchannel-logout', user: 'maria', token: 'token 1' },
      { name: 'another', route: 'backchannel-logout', user: 'maria', token: 'token 2' },
      { name: 'sign-in', route: 'callback', browser: 'home', attempt: 'login 1' },
    ],
    reaches: ['sign-in: signed in', 'sign-in: refused', 'another: revoked'],
    faults: 0,
    ticks: 1,
  },
  {
    name: 'a sign-out during a step-up in another tab',
    before: [...signedInAtHome, { name: 'login 1', route: 'reauthenticate', browser: 'home', user: 'maria' }],
    requests: [
      { name: 'step-up', route: 'callback', browser: 'home', attempt: 'login 1' },
      { name: 'sign-out', route: 'logout', browser: 'home' },
    ],
    reaches: ['step-up: signed in', 'step-up: refused', 'sign-out: signed out'],
    faults: 1,
    ticks: 1,
  },
  {
    name: 'a sign-out, and the back-channel logout that it causes, during a sign-in',
    before: [login('login 1', 'home', 'maria')],
    requests: [
      { name: 'sign-in', route: 'callback', browser: 'home', attempt: 'login 1' },
      { name: 'sign-out', route: 'logout', browser: 'home' },
      {
        name: 'notification',
        route: 'backchannel-logout',
        user: 'maria',
        token: 'token 1',
        after: ['sign-out'],
      },
    ],
    reaches: ['sign-in: signed in', 'sign-in: refused', 'notification: revoked'],
    faults: 1,
  },
  {
    name: 'a re-authentication that fails in one tab and succeeds in another',
    before: [...signedInAtHome, { name: 'login 1', route: 'reauthenticate', browser: 'home', user: 'maria' }],
    requests: [
      { name: 'fails', route: 'failed callback', browser: 'home', attempt: 'login 1' },
      { name: 'succeeds', route: 'callback', browser: 'home', attempt: 'login 1' },
    ],
    reaches: ['succeeds: signed in', 'fails: refused', 'fails: already signed in'],
    faults: 1,
    ticks: 1,
  },
  {
    name: 'a re-authentication as another user',
    before: [...signedInAtHome, { name: 'login 1', route: 'reauthenticate', browser: 'home', user: 'ahmed' }],
    requests: [
      { name: 'as another', route: 'callback', browser: 'home', attempt: 'login 1' },
      { name: 'use', route: 'userinfo', browser: 'home' },
    ],
    reaches: ['as another: refused', 'use: user', 'use: login required'],
    faults: 1,
  },
  {
    name: 'the expiry of an attempt',
    before: [login('login 1', 'home', 'maria')],
    requests: [
      { name: 'sign-in', route: 'callback', browser: 'home', attempt: 'login 1' },
      { name: 'replay', route: 'callback', browser: 'home', attempt: 'login 1' },
    ],
    reaches: ['sign-in: signed in', 'replay: refused'],
    faults: 1,
    jumps: [lifetimes.attempt - 1, lifetimes.attempt],
  },
  {
    name: 'the expiry of a session without activity',
    before: signedInAtHome,
    requests: [
      { name: 'use 1', route: 'userinfo', browser: 'home' },
      { name: 'use 2', route: 'userinfo', browser: 'home' },
    ],
    reaches: ['use 2: user', 'use 2: login required'],
    faults: 1,
    jumps: [lifetimes.idle / 2, lifetimes.idle - 1, lifetimes.idle],
  },
  {
    name: 'the expiry of a session with activity all the time',
    before: [
      ...signedInAtHome,
      ...[1, 2, 3, 4, 5, 6, 7, 8].map((ninth): Request => {
        const at = (ninth * lifetimes.absolute) / 9;
        return { name: `use ${ninth}`, route: 'userinfo', browser: 'home', at };
      }),
    ],
    requests: [
      { name: 'use 9', route: 'userinfo', browser: 'home' },
      { name: 'use 10', route: 'userinfo', browser: 'home' },
    ],
    reaches: ['use 9: user', 'use 10: login required'],
    faults: 1,
    jumps: [lifetimes.absolute - 1, lifetimes.absolute],
  },
  {
    name: 'a rotation of keys during a sign-in, with a token by the removed key',
    before: [login('login 1', 'home', 'maria'), login('login 2', 'work', 'ahmed')],
    requests: [
      { name: 'rotation', route: 'rotation' },
      { name: 'sign-in', route: 'callback', browser: 'home', attempt: 'login 1', instance: 'cold' },
      {
        name: 'removed key',
        route: 'callback',
        browser: 'work',
        attempt: 'login 2',
        instance: 'cold',
        key: 'key-1',
      },
    ],
    reaches: ['sign-in: signed in', 'removed key: signed in', 'removed key: refused'],
    faults: 1,
  },
  {
    name: 'two sign-ins on instances that both lack a new key',
    before: [login('login 1', 'home', 'maria'), login('login 2', 'work', 'ahmed')],
    requests: [
      { name: 'rotation', route: 'rotation' },
      signInAfterRotation,
      {
        name: 'other',
        route: 'callback',
        browser: 'work',
        attempt: 'login 2',
        instance: 'warm',
        after: ['rotation'],
      },
    ],
    reaches: ['sign-in: signed in', 'sign-in: refused', 'other: signed in', 'other: refused'],
    faults: 0,
  },
  {
    name: 'the minute after a rotation of keys',
    before: [login('login 1', 'home', 'maria'), login('login 2', 'work', 'ahmed')],
    requests: [
      { name: 'rotation', route: 'rotation' },
      signInAfterRotation,
      {
        name: 'removed key',
        route: 'callback',
        browser: 'work',
        attempt: 'login 2',
        instance: 'warm',
        key: 'key-1',
        after: ['sign-in'],
      },
    ],
    reaches: ['sign-in: signed in', 'removed key: signed in', 'removed key: refused'],
    faults: 1,
    jumps: [59_999, 60_000],
  },
];
