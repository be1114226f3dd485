import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { choose, follow } from '../support/pages/visit.ts';
import type { Service } from '../support/service.ts';

/** What users do at a service, and what they see there. */
export function usersOf(world: { readonly service: Service }) {
  const loginUrl = (returnTo: string) =>
    `${world.service.publicUrl}/login?return_to=${encodeURIComponent(returnTo)}`;

  async function expectSignedIn(page: Page, at: string): Promise<void> {
    expect(page.url()).toBe(world.service.url + at);
    expect(await heading(page)).toMatch(/^(You are signed in|Your account)$/);
  }

  return {
    loginUrl,
    expectSignedIn,
    async signIn(page: Page, returnTo = '/'): Promise<void> {
      await page.goto(loginUrl(returnTo));
      await choose({ page }, 'maria');
      await expectSignedIn(page, returnTo);
    },
    /** Whatever happened, the user is signed in where they wanted, or one button takes them there. */
    async expectSignedInOrOneButton(page: Page, at: string): Promise<void> {
      if (page.url() !== world.service.url + at) {
        expect(await heading(page)).toMatch(/^(You need to sign in again|You have not been signed in)$/);
        // Beside who helps.
        expect(
          await page
            .locator('main')
            .locator('a:not([href^="mailto:"], [href$="/call-charges"]), button, input')
            .count(),
        ).toBe(1);
        await follow(page.getByRole('button', { name: 'Sign in again' }));
        if (page.url().startsWith(world.service.standIn.url)) await choose({ page }, 'maria');
      } else {
        // The page may have been asked for with the session of another tab, a moment before this one's replaced it.
        await page.reload();
      }
      await expectSignedIn(page, at);
    },
  };
}

/** The page's one heading of the first level. */
export function heading(page: Page): Promise<string> {
  return page.locator('h1').innerText();
}
