import type { ScheduledEvent } from 'aws-lambda';
import type { Browser } from '../support/browser.ts';
import { sessionLifetimes } from '../support/instance.ts';
import { createProviderSigningKey, did } from '../support/provider-documents.ts';
import { readRefresherResponse } from './caller-response.ts';
import {
  authorize,
  begin,
  comeBackFrom,
  notify,
  notifyByMadeUpKey,
  request,
  returnTo,
  type SendRequest,
  signIn,
  userinfo,
} from './requests.ts';
import type { World } from './world.ts';

/** The kinds of flows for which there are rules. */
export type FlowKind = 'begin' | 'callback' | 'session' | 'logout' | 'backchannel' | 'refresh';

/** One request of a caller, up to the response. */
export interface Flow {
  readonly name: string;
  readonly kind: FlowKind;
  /** The result without a fault. */
  readonly usual: Usual;
  /** Prepares everything that the request needs. @returns the request, for the same browser in any world */
  prepare(world: World, browser: Browser): Promise<SendRequest>;
}

/** The result of a flow without a fault. */
export interface Usual {
  readonly status: number;
  /** What a redirect's location begins with. */
  readonly location?: string;
  /** Of JSON. */
  readonly code?: string;
  /** How many sessions there are afterwards. */
  readonly sessions: number;
}

const minute = 60_000;
const atOneLogin = 'https://provider.example/';

/** A request that starts a sign-in. */
function beginning(name: string, route: string, usual: Usual, signedIn: boolean): Flow {
  return {
    name,
    kind: 'begin',
    usual,
    prepare: async (world, browser) => {
      if (signedIn) await signIn(world, browser);
      return (_, sender) => request(sender, `${route}?${new URLSearchParams({ return_to: returnTo })}`);
    },
  };
}

/** A callback, in a browser that has a session already or not. */
function callback(name: string, route: string, changes: CallbackChanges): Flow {
  const { session, rotate = () => undefined } = changes;
  return {
    name,
    kind: 'callback',
    usual: { status: 303, location: returnTo, sessions: 1 },
    prepare: async (world, browser) => {
      if (session === 'before') await signIn(world, browser);
      const callbackIn = comeBackFrom(await begin(browser, route));
      // In another tab, meanwhile.
      if (session === 'meanwhile') await signIn(world, browser);
      world.clock.advance(10 * minute);
      rotate(world);
      return (now, sender) => request(sender, callbackIn(now));
    },
  };
}

interface CallbackChanges {
  /** Whether the browser has a session, and since when. */
  readonly session: 'none' | 'before' | 'meanwhile';
  /** What One Login does before the user comes back. */
  readonly rotate?: (world: World) => void;
}

const rotateTokenKey = ({ provider }: World) => {
  provider.published = [createProviderSigningKey('key-2')];
};
const rotateIdentityKey = ({ provider }: World) => {
  provider.identityKey = createProviderSigningKey(`${did}#key-2`);
};

/** A request by a user who is signed in. */
function signedIn(name: string, kind: FlowKind, usual: Usual, send: SendRequest, idle = 0): Flow {
  return {
    name,
    kind,
    usual,
    prepare: async (world, browser) => {
      await signIn(world, browser);
      world.clock.advance(idle);
      return send;
    },
  };
}

/** A notification about a user who has two sessions. */
function notification(name: string, { rotate, send = notify, usual }: NotificationChanges = {}): Flow {
  return {
    name,
    kind: 'backchannel',
    usual: usual ?? { status: 200, sessions: 0 },
    prepare: async (world, browser) => {
      await signIn(world, browser);
      await signIn(world, world.browser());
      world.clock.advance(10 * minute);
      rotate?.(world);
      return send;
    },
  };
}

interface NotificationChanges {
  readonly rotate?: (world: World) => void;
  readonly send?: SendRequest;
  readonly usual?: Usual;
}

/** Refreshes documents that are no longer fresh. */
function refresh(name: 'jwks' | 'did'): Flow {
  return {
    name: `refresh-${name}`,
    kind: 'refresh',
    usual: { status: 200, sessions: 0 },
    prepare: async ({ clock }) => {
      clock.advance(2 * 60 * minute);
      return ({ refreshers }) => readRefresherResponse(refreshers[name]({} as ScheduledEvent));
    },
  };
}

export const flows: readonly Flow[] = [
  beginning('login', '/auth/login', { status: 303, location: atOneLogin, sessions: 0 }, false),
  beginning('login with a session', '/auth/login', { status: 303, location: returnTo, sessions: 1 }, true),
  beginning(
    'prove-identity',
    '/auth/prove-identity',
    { status: 303, location: atOneLogin, sessions: 1 },
    true,
  ),
  beginning(
    'reauthenticate',
    '/auth/reauthenticate',
    { status: 303, location: atOneLogin, sessions: 1 },
    true,
  ),
  beginning(
    'in-person-return',
    '/auth/in-person-return',
    { status: 303, location: atOneLogin, sessions: 1 },
    true,
  ),
  {
    ...beginning('', '/auth/in-person-return', { status: 200, sessions: 1 }, true),
    name: 'in-person-return on the way to the result',
    prepare: async (world, browser) => {
      await signIn(world, browser);
      await begin(browser, '/auth/prove-identity');
      return (_, sender) => request(sender, '/auth/in-person-return?step=continue');
    },
  },
  callback('callback', '/auth/login', { session: 'none' }),
  callback('callback over a session', '/auth/login', { session: 'meanwhile' }),
  callback('callback of a re-authentication', '/auth/reauthenticate', { session: 'before' }),
  callback('callback of an identity request', '/auth/prove-identity', { session: 'before' }),
  callback('callback after a rotation', '/auth/login', { session: 'meanwhile', rotate: rotateTokenKey }),
  callback('callback after a rotation of identity keys', '/auth/prove-identity', {
    session: 'before',
    rotate: rotateIdentityKey,
  }),
  signedIn('userinfo', 'session', { status: 200, sessions: 1 }, userinfo),
  signedIn(
    'userinfo after a while',
    'session',
    { status: 200, sessions: 1 },
    userinfo,
    sessionLifetimes.idle / 5,
  ),
  signedIn('authorizer', 'session', { status: 200, sessions: 1 }, authorize),
  signedIn(
    'authorizer after a while',
    'session',
    { status: 200, sessions: 1 },
    authorize,
    sessionLifetimes.idle / 5,
  ),
  signedIn('logout', 'logout', { status: 303, location: `${atOneLogin}logout`, sessions: 0 }, (_, browser) =>
    request(browser, '/auth/logout'),
  ),
  signedIn(
    'logout by form',
    'logout',
    { status: 303, location: `${atOneLogin}logout`, sessions: 0 },
    (_, browser) => request(browser, '/auth/logout', 'POST'),
  ),
  notification('back-channel logout'),
  notification('back-channel logout after a rotation', { rotate: rotateTokenKey }),
  notification('back-channel logout by a made-up key', {
    send: notifyByMadeUpKey,
    usual: { status: 400, code: 'logout_token_key_unknown', sessions: 2 },
  }),
  refresh('jwks'),
  refresh('did'),
];
