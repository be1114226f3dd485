/** Requests of browsers and programs to the routes. */
import assert from 'node:assert/strict';
import type { APIGatewayProxyResult } from 'aws-lambda';
import { lambdaContext } from '../../test/support/api-event.ts';
import { cookieNames } from '../../test/support/cookie-names.ts';
import { examineResponse } from './examine-response.ts';
import { readOnlyCookie } from './read-only-cookie.ts';
import {
  type RequestInput,
  type ResolvedRequest,
  type RouteName,
  requestInputs,
  resolveRequest,
  routeNames,
} from './request-inputs.ts';
import type { Target } from './target.ts';
import { createWorld, publicUrl, type World } from './world.ts';

async function examineRequest(input: RequestInput): Promise<void> {
  const world = await createWorld();
  const request = resolveRequest(world, input);
  const response = await world.routes[input.route](request.event, lambdaContext());
  examineResponse(world, response, 'caller');
  await examineEffects(world, input.route, request, response);
}

async function examineEffects(
  world: World,
  route: RouteName,
  { event, query, cookieHeaders, headers }: ResolvedRequest,
  response: APIGatewayProxyResult,
): Promise<void> {
  const ownsSession = readOnlyCookie(cookieHeaders, cookieNames.session) === world.sessionCookie;
  const ownsAttempt =
    readOnlyCookie(cookieHeaders, world.browserCookie.name) === world.browserCookie.value &&
    String(query.get('state')) === world.state;
  const isSignIn = route === '/auth/callback' && ownsAttempt && String(query.get('code')) === world.code;
  if (setsSession(response)) assert(isSignIn, 'a session without a code of this browser');
  if (route === '/auth/userinfo' && response.statusCode === 200)
    assert(ownsSession, 'claims without a session');
  if (await world.hasSession()) return;
  const isOwnSignOut =
    route === '/auth/logout' &&
    ownsSession &&
    event.httpMethod !== 'HEAD' &&
    (String(headers.get('sec-fetch-site')) === 'same-origin' ||
      String(headers.get('origin')) === new URL(publicUrl).origin);
  const isNotification = route === '/auth/backchannel-logout' && response.statusCode === 200;
  const isReplaced = route === '/auth/callback' && ownsAttempt && ownsSession;
  assert(isOwnSignOut || isNotification || isReplaced, 'a session ended that the request must not end');
}

export function setsSession({ multiValueHeaders = {} }: APIGatewayProxyResult): boolean {
  return [multiValueHeaders['Set-Cookie'] ?? []]
    .flat()
    .some(
      (cookie) =>
        String(cookie).startsWith(`${cookieNames.session}=`) && !String(cookie).includes('Max-Age=0'),
    );
}

const target = (
  name: string,
  about: string,
  share: number,
  ...routes: readonly RouteName[]
): Target<RequestInput> => ({
  name,
  about,
  share,
  inputs: requestInputs(...routes),
  examine: examineRequest,
});

export const routeTargets = [
  target('routes', 'requests to all routes', 12, ...routeNames),
  target('callback', 'responses of One Login that a browser brings back', 8, '/auth/callback'),
  target('userinfo', 'cookies and headers at /auth/userinfo', 5, '/auth/userinfo'),
  target('logout', 'links and forms that sign out', 5, '/auth/logout', '/auth/signed-out'),
  target('backchannel-logout', 'posted forms', 5, '/auth/backchannel-logout'),
] as const;
