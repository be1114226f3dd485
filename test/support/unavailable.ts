import { expect } from '@jest/globals';
import type { RouteName } from './all-routes.ts';
import { listActions } from './html.ts';
import { type Page, readHeading } from './web-browser.ts';

/** The heading of the page names the side with the fault. */
const headings = {
  ours: 'Sorry, there is a problem with the service',
  'One Login': 'GOV.UK One Login is temporarily unavailable',
} as const;

/** Expects the response that every caller must get for a fault on our side or One Login's. */
export function expectUnavailable(
  { status, headers, body }: Page,
  route: RouteName,
  whose: keyof typeof headings,
): void {
  // One Login accepts 200, 400 and 500 as a response (OIDC Back-Channel Logout, 2.8).
  const statuses = route === 'backchannel-logout' ? [500] : [502, 503];
  expect([route, statuses.includes(status), status]).toEqual([route, true, status]);
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.getSetCookie()).toEqual([]);
  if (route === 'backchannel-logout' || route.startsWith('userinfo')) {
    expect(headers.get('content-type')).toBe('application/json');
    expect(JSON.parse(body)).toHaveProperty('error');
  } else {
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(readHeading({ body })).toBe(headings[whose]);
    // One way on, and who helps if it leads nowhere.
    expect(listActions(body)).toEqual(['Try again', 'Find out about call charges', 'help@service.example']);
  }
}
