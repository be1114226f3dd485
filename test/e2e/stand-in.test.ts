import { describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { follow, followFromElsewhere } from '../support/pages/visit.ts';
import { refusalsIn } from '../support/service.ts';
import { inChromium } from './in-chromium.ts';

inChromium("the stand-in's pages", (chromium) => {
  describe('let one choose', () => {
    /** Presses a button, after choosing something or not. */
    async function click(page: Page, button: string, choice?: string): Promise<void> {
      if (choice !== undefined) await page.getByRole('radio', { name: choice, exact: true }).first().click();
      await follow(page.getByRole('button', { name: button, exact: true }));
    }

    async function begin(route: 'login' | 'prove-identity'): Promise<Page> {
      const page = await chromium.newPage();
      await page.goto(`${chromium.service.publicUrl}/${route}?return_to=/`);
      return page;
    }

    test('a person by one click', async () => {
      const page = await begin('login');
      await click(page, 'Tomos Pugh – no phone number (authenticator app)');
      expect(page.url()).toBe(`${chromium.service.url}/`);
      expect(await page.locator('main').innerText()).toContain('tomos@example.com');
    });

    test('an error to go back with by one click', async () => {
      const page = await begin('login');
      const since = chromium.service.watch();
      await click(page, 'access_denied – no description');
      expect(refusalsIn(since())).toEqual(['authorization_access_denied']);
    });

    test('a fault and a person by two clicks', async () => {
      const page = await begin('login');
      const since = chromium.service.watch();
      await click(page, 'Maria Okafor – e-mail and phone', 'NONCE_NOT_MATCHING');
      expect(refusalsIn(since())).toEqual(['id_token_nonce_unexpected']);
    });

    test('what an identity check comes to and a person by two clicks', async () => {
      const page = await begin('prove-identity');
      await click(page, 'Maria Okafor – e-mail and phone', 'The person has to go to a Post Office');
      expect(await page.locator('h1').innerText()).toBe('Prove your identity at a Post Office');
    });
  });

  test('nobody can take it for GOV.UK: it says what it is first, and has other colours', async () => {
    const page = await chromium.newPage();
    await followFromElsewhere({ page }, chromium.service.standIn.url);
    expect(await page.getByRole('banner').innerText()).toMatch(/^This is not GOV\.UK One Login\./);
    const colours = await page.evaluate<string[]>(
      "[...document.querySelectorAll('body, header, main')].map((box) => getComputedStyle(box).backgroundColor)",
    );
    // Black, the blue and the grey of GOV.UK's pages.
    for (const colour of ['rgb(11, 12, 12)', 'rgb(29, 112, 184)', 'rgb(243, 242, 241)']) {
      expect(colours).not.toContain(colour);
    }
  });
});
