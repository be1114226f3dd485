import { expect } from '@jest/globals';
import { choose, follow } from '../support/pages/visit.ts';
import { page, service } from './in-chromium.ts';

/** The address that signs a user in and then leads to a path of the service. */
export function buildLoginUrl(returnTo: string): string {
  return `${service.publicUrl}/login?return_to=${encodeURIComponent(returnTo)}`;
}

export async function signIn({ tab = page, returnTo = '/' } = {}): Promise<void> {
  await tab.goto(buildLoginUrl(returnTo));
  await choose({ page: tab }, 'maria');
  await expectSignedIn(returnTo, tab);
}

/** Returns the page's one heading of the first level. */
export function readHeading(tab = page): Promise<string> {
  return tab.locator('h1').innerText();
}

/** Follows the page's link of that name. */
export function followLink(name: string, tab = page): Promise<void> {
  return follow(tab.getByRole('link', { name }));
}

/** Presses the page's button of that name, or the only one below its heading. */
export function pressButton(name?: string, tab = page): Promise<void> {
  return follow(tab.locator('main').getByRole('button', name === undefined ? {} : { name }));
}

export async function expectSignedIn(path: string, tab = page): Promise<void> {
  expect({ url: tab.url(), heading: await readHeading(tab) }).toEqual({
    url: service.url + path,
    heading: expect.stringMatching(/^(You are signed in|Your account)$/),
  });
}

/** Whatever happened, the user is signed in where they wanted, or one button leads there. */
export async function expectSignedInOrOneButton(path: string, tab = page): Promise<void> {
  if (tab.url() === service.url + path) {
    // The page may have been requested with the session of another tab, a moment before this one's replaced it.
    await tab.reload();
  } else {
    expect(await readHeading(tab)).toMatch(/^(You need to sign in again|You have not been signed in)$/);
    const actions = 'a:not([href^="mailto:"], [href$="/call-charges"]), button, input';
    expect(await tab.locator('main').locator(actions).count()).toBe(1);
    await pressButton('Sign in again', tab);
    if (tab.url().startsWith(service.standIn.url)) await choose({ page: tab }, 'maria');
  }
  await expectSignedIn(path, tab);
}
