import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { browserIsThere, launchBrowser, startTimeout } from '../support/chromium.ts';
import { type CataloguedPage, catalogue, type Site } from '../support/pages/catalogue.ts';
import { desktop, narrow, type OpenPage, openPage } from '../support/pages/open-page.ts';
import type { Language } from '../support/pages/visit.ts';
import { type Service, startService } from '../support/service.ts';
import { accessibilityViolations } from './checks/accessibility.ts';
import { htmlMistakes } from './checks/html.ts';
import { focusMistakes, skipMistakes } from './checks/keyboard.ts';
import { measure } from './checks/measure.ts';
import { setTextSize } from './checks/text-size.ts';

/** A page that is open while the tests of its rules run. */
export interface Visited {
  readonly catalogued: CataloguedPage;
  readonly language: Language;
  /** Once its tests run. */
  readonly opened: () => OpenPage;
  readonly service: () => Service;
}

/**
 * What has to hold of each page of a site, in each of its languages. The pages are visited one after the other, each
 * once, in one browser.
 *
 * @param more declares further tests of a page; the last ones, so that they may leave it
 */
export function describePagesOf(site: Site, more: (visited: Visited) => void = () => {}): void {
  let service: Service;
  let browser: Browser;

  beforeAll(async () => {
    if (browserIsThere) [service, browser] = await Promise.all([startService(), launchBrowser()]);
  }, startTimeout);

  afterAll(async () => {
    await browser?.close();
    await service?.close();
  });

  const visits = catalogue[site].flatMap((page) => page.languages.map((language) => ({ page, language })));

  (browserIsThere ? describe : describe.skip).each(visits)('$page.name in $language', (visit) => {
    let opened: OpenPage;

    beforeAll(async () => {
      opened = await openPage(visit.page, visit.language, { browser, service });
    }, startTimeout);

    afterAll(() => opened?.close());

    test('comes with its status, one heading, its language and a title that begins with the heading', async () => {
      const { language, title, headings } = await measure(opened.page, 'outline');
      expect([opened.status, language, headings]).toEqual([
        visit.page.status,
        visit.language,
        [expect.any(String)],
      ]);
      expect(title.startsWith(`${headings[0]} – `)).toBe(true);
    });

    test('is valid HTML', async () => {
      expect(await htmlMistakes(opened.html)).toEqual([]);
    });

    test('has no violation that axe-core can find', async () => {
      expect(await accessibilityViolations(opened.page)).toEqual([]);
    });

    test('can be read at twice the size of text', async () => {
      const usual = await measure(opened.page, 'texts');
      await setTextSize(opened.page, 200);
      const large = await measure(opened.page, 'texts');
      expect(large).toEqual(
        usual.map(({ text, fontSize }) => ({ text, fontSize: expect.closeTo(fontSize * 2) })),
      );
      expect(await measure(opened.page, 'losses')).toEqual([]);
      await setTextSize(opened.page, 100);
    });

    test('can be read 320 px wide', async () => {
      const wide = await measure(opened.page, 'texts');
      await opened.page.setViewportSize(narrow);
      expect((await measure(opened.page, 'texts')).map(({ text }) => text)).toEqual(
        wide.map(({ text }) => text),
      );
      expect(await measure(opened.page, 'losses')).toEqual([]);
      await opened.page.setViewportSize(desktop);
    });

    test('can be used by the keyboard, top to bottom', async () => {
      expect(await focusMistakes(opened.page)).toEqual([]);
    });

    test('lets its content be skipped to', async () => {
      expect(await skipMistakes(opened.page)).toEqual([]);
    });

    more({
      catalogued: visit.page,
      language: visit.language,
      opened: () => opened,
      service: () => service,
    });

    test('gives the browser nothing to complain about', () => {
      expect(opened.complaints).toEqual([]);
    });
  });
}
