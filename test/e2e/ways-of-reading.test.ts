import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { narrow } from '../support/pages/open-page.ts';
import { choose, follow, type Language } from '../support/pages/visit.ts';
import { measure } from './checks/measure.ts';
import { setTextSize } from './checks/text-size.ts';
import { inChromium } from './in-chromium.ts';

inChromium('the whole journey, from the start page to the end of the session,', (chromium) => {
  /**
   * Goes it by links and buttons alone.
   *
   * @param look is called with each page, the stand-in's as well
   */
  async function walk(page: Page, language: Language, look: () => Promise<void>): Promise<void> {
    const { service } = chromium;
    const arrive = async (url: string) => {
      expect(page.url().split('?')[0]).toBe(url);
      await look();
    };
    const followTo = async (path: string) => follow(page.locator(`a[href*="${path}"]`).first());

    await page.goto(service.url);
    if (language === 'cy') await follow(page.locator('a[hreflang="cy"]'));
    await arrive(`${service.url}/`);
    await followTo('/auth/login');
    await arrive(`${service.standIn.url}/sign-in`);
    await choose({ page }, 'maria');
    await arrive(`${service.url}/`);
    await followTo('/account');
    await arrive(`${service.url}/account`);
    await followTo('/application');
    await arrive(`${service.url}/application`);
    await followTo('/auth/prove-identity');
    await arrive(`${service.standIn.url}/sign-in`);
    await choose({ page }, 'maria');
    await arrive(`${service.url}/application`);
    await followTo('/session');
    await arrive(`${service.url}/session`);
    await followTo('/auth/logout');
    await arrive(`${service.publicUrl}/signed-out`);
  }

  test('is in Welsh for a user who chose it on the first page', async () => {
    const page = await chromium.newPage();
    let pages = 0;
    await walk(page, 'cy', async () => {
      pages += 1;
      if (page.url().startsWith(chromium.service.standIn.url)) {
        const asked = page.locator('dt', { hasText: 'ui_locales' }).locator('+ dd');
        expect(await asked.innerText()).toBe('cy');
      } else {
        const { language, title } = await measure(page, 'outline');
        expect([title, language]).toEqual([title, 'cy']);
      }
    });
    expect(pages).toBe(9);
  });

  test('loses nothing 320 px wide', async () => {
    const page = await chromium.newPage();
    await page.setViewportSize(narrow);
    await walk(page, 'en', async () => {
      expect([page.url(), ...(await measure(page, 'losses'))]).toEqual([page.url()]);
    });
  });

  test('loses nothing with text of twice the size', async () => {
    const page = await chromium.newPage();
    await walk(page, 'cy', async () => {
      // A new page begins with the usual size.
      await setTextSize(page, 200);
      expect([page.url(), ...(await measure(page, 'losses'))]).toEqual([page.url()]);
    });
  });

  test('is the same with scripts', async () => {
    const context = await chromium.browser.newContext();
    const page = await context.newPage();
    const requests: string[] = [];
    page.on('request', (request) => {
      if (request.resourceType() === 'script') requests.push(request.url());
    });
    await walk(page, 'en', async () => {});
    expect(requests).toEqual([]);
    await context.close();
  });
});
