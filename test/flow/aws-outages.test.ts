import { describe, expect, test } from '@jest/globals';
import type { FaultInjection } from '../../local/aws/aws-endpoint.ts';
import { prepareRoutes, type RouteName, routeNames } from '../support/all-routes.ts';
import { findLink } from '../support/html.ts';
import { refusalsIn } from '../support/service.ts';
import { expectUnavailable } from '../support/unavailable.ts';
import { readHeading } from '../support/web-browser.ts';
import { useService } from './use-service.ts';

const service = await useService();

/** Asks at every route at the same time while a service of AWS is disturbed. */
async function askEverywhere(disturbed: 'dynamodb' | 'kms', injection: FaultInjection) {
  const routes = await prepareRoutes(service);
  const rows = (await service.sessionRows()).length;
  const since = service.watch();
  const end = service[disturbed].injectFault(injection);
  const pages = await Promise.all(
    routeNames.map(async (route) => [route, await routes.ask(route)] as const),
  ).finally(end);
  return { routes, rows, pages: new Map(pages), codes: new Set(refusalsIn(since())) };
}

const error = (status: number, type: string): FaultInjection => ({ error: { status, type } });

describe('while DynamoDB denies access', () => {
  test('every route that needs it is unavailable and changes nothing', async () => {
    const denied = error(400, 'AccessDeniedException');
    const { routes, rows, pages, codes } = await askEverywhere('dynamodb', denied);
    for (const [route, page] of pages) {
      if (route === 'signed-out') expect(readHeading(page)).toBe('You are signed out');
      else if (route === 'logout from elsewhere') expect(readHeading(page)).toBe('Do you want to sign out?');
      else expectUnavailable(page, route, 'ours');
    }
    expect(codes).toEqual(new Set(['dynamodb_unavailable']));
    expect(await service.sessionRows()).toHaveLength(rows);
    expect((await service.userinfo(routes.signedIn)).status).toBe(200);
    const recovered = await routes.ask('callback');
    expect([recovered.status, recovered.next?.pathname]).toEqual([303, '/claims/12']);
  });
});

/** Those that lead to One Login, and so sign. */
const signing: readonly RouteName[] = [
  'login',
  'prove-identity',
  'reauthenticate',
  'in-person-return',
  'callback',
];

describe('while the signing key is disabled', () => {
  test('nobody can begin or finish a sign-in, and signed-in users notice nothing', async () => {
    const { routes, pages, codes } = await askEverywhere('kms', error(400, 'DisabledException'));
    for (const route of signing) {
      const page = pages.get(route);
      if (page) expectUnavailable(page, route, 'ours');
    }
    expect(codes).toEqual(new Set(['kms_unavailable', 'authorization_access_denied']));
    expect(findLink(pages.get('callback')?.body ?? '', 'Try again')).toBe(
      `${service.publicUrl}/login?return_to=%2Fclaims%2F12&lang=en`,
    );
    expect(pages.get('login with a session')?.next?.pathname).toBe('/claims/12');
    expect(pages.get('userinfo')?.status).toBe(200);
    expect(pages.get('logout by link')?.next?.origin).toBe(service.standIn.url);
    expect(pages.get('logout by form')?.next?.origin).toBe(service.standIn.url);
    expect(pages.get('backchannel-logout')?.status).toBe(200);
    expect((await routes.ask('login')).status).toBe(303);
  });
});
