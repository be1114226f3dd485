import type { Locator, Page } from 'playwright-core';
import type { Service } from '../service.ts';

export const languages = ['en', 'cy'] as const;
export type Language = (typeof languages)[number];

/** What a way to a page needs. */
export interface Visit {
  /** A tab of a browser without cookies. */
  readonly page: Page;
  readonly service: Service;
  readonly language: Language;
}

/** Starts at a route of ours, up to the stand-in's page unless there is nothing to choose. */
export function begin(
  { page, service, language }: Visit,
  route: 'login' | 'prove-identity' | 'reauthenticate' | 'in-person-return' = 'login',
  returnTo = '/',
): Promise<unknown> {
  const query = new URLSearchParams({ return_to: returnTo, lang: language });
  return page.goto(`${service.publicUrl}/${route}?${query}`);
}

/** Follows a link or presses a button, and waits for the next page. */
export async function follow(target: Locator): Promise<void> {
  const page = target.page();
  // The event "load" alone may be that of the page before.
  await Promise.all([page.waitForEvent('framenavigated'), target.click()]);
  await page.waitForLoadState('load');
}

/** Follows a link by the Enter key, or presses what looks like a button by the Space key. */
export async function followByKeyboard(target: Locator): Promise<void> {
  const isButton = await target.evaluate((element) => element.matches('button, [role=button]'));
  const page = target.page();
  await Promise.all([page.waitForEvent('framenavigated'), target.press(isButton ? 'Space' : 'Enter')]);
  await page.waitForLoadState('load');
}

/** Presses a button of the stand-in: the id of a person, or the name of an error. */
export function choose({ page }: Pick<Visit, 'page'>, value: string): Promise<void> {
  return follow(page.locator(`button[value="${value}"]`));
}

/** Ticks the outcome of an identity check, or a fault, on the stand-in's page. */
export function tick({ page }: Pick<Visit, 'page'>, value: string): Promise<void> {
  return page.locator(`input[value="${value}"]`).check();
}

/** Signs in, and returns to the service. */
export async function signIn(visit: Visit, returnTo = '/', person = 'maria'): Promise<void> {
  await begin(visit, 'login', returnTo);
  await choose(visit, person);
}

/** Goes to an address by a link on a page of another site. */
export async function followFromElsewhere({ page }: Pick<Visit, 'page'>, url: string): Promise<void> {
  await page.goto(`data:text/html,<a href="${url}">Win a prize</a>`);
  await follow(page.getByRole('link'));
}
