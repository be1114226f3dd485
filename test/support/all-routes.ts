import type { Service } from './service.ts';
import { type Page, WebBrowser } from './web-browser.ts';

/** What each request to a route is called in tests. */
export const routeNames = [
  'login',
  'login with a session',
  'prove-identity',
  'reauthenticate',
  'in-person-return',
  'callback',
  'callback with an error',
  'userinfo',
  'userinfo?peek=1',
  'logout by link',
  'logout by form',
  'logout from elsewhere',
  'signed-out',
  'backchannel-logout',
] as const;
export type RouteName = (typeof routeNames)[number];

/** Users half way: everything that a request to each route needs is there. */
export interface PreparedRoutes {
  /** Sends a request to a route, and follows no redirect. */
  ask(route: RouteName): Promise<Page>;
  /** The browser of the user who is signed in. */
  readonly signedIn: WebBrowser;
}

/**
 * Prepares one request for each route: users who are signed in, two attempts that have come back from One Login, a
 * logout token. No request disturbs another one.
 */
export async function prepareRoutes(service: Service): Promise<PreparedRoutes> {
  const { publicUrl, standIn } = service;
  const [signedIn, leaving, leavingToo] = [new WebBrowser(), new WebBrowser(), new WebBrowser()];
  for (const browser of [signedIn, leaving, leavingToo]) await service.signIn(browser);
  const [one, two] = [new WebBrowser(), new WebBrowser()];
  const callback = await service.begin(one, '/auth/login?return_to=/claims/12');
  const refused = await service.begin(two, '/auth/login?return_to=/claims/12');
  refused.search = `${new URLSearchParams({ error: 'access_denied', state: refused.searchParams.get('state') ?? '' })}`;
  // The logout of another user, so that the user above stays signed in.
  const tomos = standIn.people.find(({ id }) => id === 'tomos');
  const { token } = await standIn.mintLogoutToken({ sub: String(tomos?.sub) });

  const from = { url: new URL(service.url) };
  const get = (browser: WebBrowser, path: string) => browser.goFrom(from, `${publicUrl}${path}`, asOnePage);
  const requests: Readonly<Record<RouteName, () => Promise<Page>>> = {
    login: () => get(new WebBrowser(), '/login?return_to=/claims/12'),
    'login with a session': () => get(signedIn.copy(), '/login?return_to=/claims/12'),
    'prove-identity': () => get(signedIn.copy(), '/prove-identity?return_to=/claims/12'),
    reauthenticate: () => get(signedIn.copy(), '/reauthenticate?return_to=/claims/12'),
    'in-person-return': () => get(new WebBrowser(), '/in-person-return'),
    callback: () => one.open(callback, asOnePage),
    'callback with an error': () => two.open(refused, asOnePage),
    userinfo: () => get(signedIn.copy(), '/userinfo'),
    'userinfo?peek=1': () => get(signedIn.copy(), '/userinfo?peek=1'),
    'logout by link': () => get(leaving, '/logout'),
    'logout by form': () => leavingToo.goFrom(from, `${publicUrl}/logout`, { ...asOnePage, method: 'POST' }),
    'logout from elsewhere': () => signedIn.copy().open(`${publicUrl}/logout`, fromElsewhere),
    'signed-out': () => get(new WebBrowser(), '/signed-out'),
    'backchannel-logout': () =>
      new WebBrowser().open(`${publicUrl}/backchannel-logout`, {
        method: 'POST',
        body: new URLSearchParams({ logout_token: token }),
      }),
  };
  return { ask: (route) => requests[route](), signedIn };
}

const asOnePage = { followRedirects: false } as const;
const fromElsewhere = { headers: { 'sec-fetch-site': 'cross-site' } } as const;
