/** The requests of callers, in any world. */
import { lambdaContext } from '../support/api-event.ts';
import { type Browser, readLocation } from '../support/browser.ts';
import { createProviderSigningKey } from '../support/provider-documents.ts';
import { clientId } from '../support/relying-party.ts';
import { type CallerResponse, readAuthorizerResponse, readResponse } from './caller-response.ts';
import type { World } from './world.ts';

export type SendRequest = (world: World, browser: Browser) => Promise<CallerResponse>;

export const returnTo = '/claims/12';

/** As a browser sends them when the user follows a link of the service's own pages. */
const navigation = {
  'Sec-Fetch-Site': 'same-origin',
  'Sec-Fetch-Mode': 'navigate',
  'Sec-Fetch-Dest': 'document',
} as const;

/** A request to one of the routes. */
export async function request(browser: Browser, path: string, method = 'GET'): Promise<CallerResponse> {
  const origin = method === 'POST' ? { Origin: 'https://service.example' } : {};
  return readResponse(await browser.request(path, { method, headers: { ...navigation, ...origin } }));
}

/** Begins at a route. @returns where it redirects: not to One Login if the session has everything already */
export async function begin(browser: Browser, route: string): Promise<string> {
  const query = new URLSearchParams({ return_to: returnTo });
  return readLocation(await browser.request(`${route}?${query}`, { headers: navigation }));
}

/** The user comes back from One Login. @returns the callback, whose code is new each time */
export function comeBackFrom(location: string): (world: World) => string {
  return ({ provider, behind }) => {
    const { code, state } = provider.authorize(location);
    behind.secrets.set('code', code).set('state', state);
    return `/auth/callback?${new URLSearchParams({ code, state })}`;
  };
}

/** Signs in. @returns whether that took a visit to One Login @throws Error when it fails */
export async function signIn(world: World, browser: Browser, route = '/auth/login'): Promise<boolean> {
  const location = await begin(browser, route);
  if (location === returnTo) return false;
  const { status, heading } = await request(browser, comeBackFrom(location)(world));
  if (status !== 303) throw new Error(`the user could not sign in: ${status} ${heading}`);
  return true;
}

export const userinfo: SendRequest = (_, browser) => request(browser, '/auth/userinfo');
export const authorize: SendRequest = ({ authorizer }, browser) => {
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const event = {
    type: 'REQUEST',
    methodArn: 'arn:aws:execute-api:eu-west-2:111122223333:api123/live/GET/orders/42',
    httpMethod: 'GET',
    multiValueHeaders: { Cookie: [cookie] },
    requestContext: { requestId: '00000000-0000-4000-8000-000000000001' },
  };
  return readAuthorizerResponse(authorizer(event, lambdaContext(8_000)));
};

/** With a new token each time, as One Login does. */
export const notify: SendRequest = async (world) => {
  const token = world.provider.logoutToken(clientId);
  world.behind.secrets.set('logout token', token);
  return readResponse(await world.notify(token));
};

/** A notification that is signed by a key that is not One Login's. */
export const notifyByMadeUpKey: SendRequest = async ({ provider, notify: send }) => {
  const [, payload = ''] = provider.logoutToken(clientId).split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  return readResponse(
    await send(provider.sign(claims, { typ: 'logout+jwt' }, createProviderSigningKey('made-up'))),
  );
};
