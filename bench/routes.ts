import { randomUUID } from 'node:crypto';
import { apiEvent, type EventOptions } from '../test/support/api-event.ts';
import { delays } from './ground/messages.ts';
import type { Ground } from './ground/start-ground.ts';

/** Calls that begin together. */
export type Stage = readonly FloorCall[];

/** A call that the protocol needs: where it goes, and how long its response takes. */
export interface FloorCall {
  readonly to: 'dynamodb' | 'kms' | 'oneLogin';
  readonly milliseconds: number;
}

/** Hands an event to one of the functions. */
export type Invoke = (functionName: string, event: unknown) => Promise<unknown>;

/** A route, or the authorizer. */
export interface Route {
  readonly name: string;
  readonly functionName: string;
  /** The calls that the protocol needs, one stage after the other. */
  readonly floor: readonly Stage[];
  /** Makes an event that can be handled once, with whatever has to come before it. */
  prepare(ground: Ground, invoke: Invoke): Promise<unknown>;
  /** @returns whether it is the right response */
  accepts(answer: unknown): boolean;
}

const dynamodb: FloorCall = { to: 'dynamodb', milliseconds: delays.dynamodb };
const sign: FloorCall = { to: 'kms', milliseconds: delays.sign };
const token: FloorCall = { to: 'oneLogin', milliseconds: delays.token };
const userinfo: FloorCall = { to: 'oneLogin', milliseconds: delays.userinfo };

/** A callback: consume beside sign, the token, userinfo, put the session, read the marks. */
const callbackFloor: readonly Stage[] = [[dynamodb, sign], [token], [userinfo], [dynamodb], [dynamodb]];

export const routes: readonly Route[] = [
  {
    name: 'login',
    functionName: 'login',
    // The attempt is stored beside the signature.
    floor: [[dynamodb, sign]],
    prepare: async () => loginEvent,
    accepts: redirects,
  },
  {
    name: 'callback',
    functionName: 'callback',
    floor: callbackFloor,
    prepare: prepareCallback,
    accepts: redirects,
  },
  {
    name: 'userinfo',
    functionName: 'userinfo',
    floor: [[dynamodb]],
    prepare: async (ground, invoke) => pageEvent('/auth/userinfo', await signIn(ground, invoke)),
    accepts: (answer) => readAnswer(answer).statusCode === 200,
  },
  {
    name: 'authorizer',
    functionName: 'authorizer',
    floor: [[dynamodb]],
    prepare: async (ground, invoke) => authorizerEvent(await signIn(ground, invoke)),
    accepts: (answer) => JSON.stringify(answer).includes('"Effect":"Allow"'),
  },
  {
    name: 'prove-identity',
    functionName: 'login',
    // The session is read first. The place where the user left off is kept beside the attempt and the signature.
    floor: [[dynamodb], [dynamodb, dynamodb, sign]],
    prepare: async (ground, invoke) => pageEvent('/auth/prove-identity', await signIn(ground, invoke)),
    accepts: redirects,
  },
  {
    name: 'callback with identity',
    functionName: 'callback',
    // The session that was raised is deleted when the new one is certain.
    floor: [...callbackFloor, [dynamodb]],
    prepare: async (ground, invoke) => {
      const session = await signIn(ground, invoke);
      const begun = await invoke('login', pageEvent('/auth/prove-identity', session));
      return returnFromOneLogin(ground, begun, { cookies: session });
    },
    accepts: redirects,
  },
  {
    name: 'reauthenticate',
    functionName: 'login',
    floor: [[dynamodb], [dynamodb, sign]],
    prepare: async (ground, invoke) => pageEvent('/auth/reauthenticate', await signIn(ground, invoke)),
    accepts: redirects,
  },
  {
    name: 'logout',
    functionName: 'logout',
    // One deletion that returns what it deleted.
    floor: [[dynamodb]],
    prepare: async (ground, invoke) => pageEvent('/auth/logout', await signIn(ground, invoke)),
    accepts: redirects,
  },
  {
    name: 'backchannel-logout',
    functionName: 'backchannel-logout',
    // Remember the token's id, mark, find the sessions, delete them.
    floor: [[dynamodb], [dynamodb], [dynamodb], [dynamodb]],
    prepare: async (ground, invoke) => {
      // Another person each time: a notification ends all sessions of a person.
      const person = randomUUID();
      await signIn(ground, invoke, person);
      const body = new URLSearchParams({ logout_token: await ground.mintLogoutToken(person) }).toString();
      const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
      return apiEvent({ method: 'POST', path: '/auth/backchannel-logout', body, headers });
    },
    accepts: (answer) => readAnswer(answer).statusCode === 200,
  },
];

/** @throws Error when there is none of the name */
export function findRoute(name: string): Route {
  const found = routes.find((route) => route.name === name);
  if (found === undefined) throw new Error(`there is no route ${name}`);
  return found;
}

/** A navigation within the service. */
const navigation = {
  Accept: 'text/html,application/xhtml+xml',
  'Accept-Language': 'en-GB',
  'User-Agent':
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
  'Sec-Fetch-Site': 'same-origin',
  'Sec-Fetch-Mode': 'navigate',
  'Sec-Fetch-Dest': 'document',
};

function pageEvent(path: string, cookies: Cookies = new Map(), options: Partial<EventOptions> = {}) {
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  return apiEvent({
    path,
    headers: { ...navigation, ...(cookie === '' ? {} : { Cookie: cookie }) },
    ...options,
  });
}

export const loginEvent = pageEvent('/auth/login');

function authorizerEvent(cookies: Cookies) {
  return {
    ...pageEvent('/orders/42', cookies),
    type: 'REQUEST',
    methodArn: 'arn:aws:execute-api:eu-west-2:111122223333:api123/live/GET/orders/42',
  };
}

type Cookies = ReadonlyMap<string, string>;

/** The part of a proxy response that is read here. */
interface ProxyAnswer {
  readonly statusCode?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>;
}

const readAnswer = (answer: unknown): ProxyAnswer => Object(answer);

function redirects(answer: unknown): boolean {
  return readAnswer(answer).statusCode === 303 && !readHeader(answer, 'location')[0]?.includes('/message');
}

function readHeader(answer: unknown, name: string): readonly string[] {
  const { headers = {}, multiValueHeaders = {} } = readAnswer(answer);
  const all = [...Object.entries(headers), ...Object.entries(multiValueHeaders)];
  return all.flatMap(([key, values]) => (key.toLowerCase() === name ? [values].flat() : []));
}

function takeCookies(cookies: Cookies, answer: unknown): Cookies {
  const set = readHeader(answer, 'set-cookie').map((header) => /^([^=]+)=([^;]*)/.exec(header));
  return new Map([
    ...cookies,
    ...set.flatMap((match) => (match ? [[match[1] ?? '', match[2] ?? ''] as const] : [])),
  ]);
}

async function prepareCallback(ground: Ground, invoke: Invoke) {
  return returnFromOneLogin(ground, await invoke('login', loginEvent));
}

/**
 * Signs a person in at One Login.
 *
 * @param begun the response that redirected to One Login
 * @returns the event of the callback
 */
export async function returnFromOneLogin(
  ground: Ground,
  begun: unknown,
  { cookies = new Map(), person = 'maria' }: { readonly cookies?: Cookies; readonly person?: string } = {},
) {
  const [location] = readHeader(begun, 'location');
  if (location === undefined) throw new Error(`no redirect to One Login: ${JSON.stringify(begun)}`);
  const { pathname, search } = new URL(await ground.authorize(location, person));
  return pageEvent(`${pathname}${search}`, takeCookies(cookies, begun));
}

/** @returns the cookies of a person who has signed in */
async function signIn(ground: Ground, invoke: Invoke, person = 'maria'): Promise<Cookies> {
  const begun = await invoke('login', loginEvent);
  const callback = await returnFromOneLogin(ground, begun, { person });
  const answer = await invoke('callback', callback);
  if (!redirects(answer)) throw new Error(`the sign-in failed: ${JSON.stringify(answer)}`);
  return takeCookies(takeCookies(new Map(), begun), answer);
}
