import { expect, test } from '@jest/globals';
import { type CataloguedPage, catalogue, type Site } from '../support/pages/catalogue.ts';
import { desktop, narrow, openPage, receivePage } from '../support/pages/open-page.ts';
import { follow, type Language } from '../support/pages/visit.ts';
import { findAccessibilityViolations } from './checks/accessibility.ts';
import { findHtmlMistakes } from './checks/html.ts';
import { findFocusMistakes, findSkipLinkMistakes } from './checks/keyboard.ts';
import { measure, measureAll, type Outline, type Text } from './checks/measure.ts';
import { setTextSize } from './checks/text-size.ts';
import { describeInChromium, page, service } from './in-chromium.ts';

/** The shapes of the pages that the slow checks have examined. */
const examined = new Set<string>();

/** Rules of one site's pages. */
interface SiteRules {
  /** Checks the page in one of its languages. */
  check?(catalogued: CataloguedPage): Promise<void>;
  /** Leaves the page as users do. */
  leave?(catalogued: CataloguedPage): Promise<void>;
}

/**
 * Declares a test for each page of a site. It opens the page once, in Welsh if the page has that, and follows the page's
 * own link to English and back.
 */
export function describePages(site: Site, { check, leave }: SiteRules = {}): void {
  async function expectNoMistakes(html: string, language: Language): Promise<void> {
    const { shape, outline, texts } = await measureAll(page, ['shape', 'outline', 'texts']);
    const mistakes = [
      ...(await findHtmlMistakes(html)),
      ...findOutlineMistakes(outline, language),
      ...(await findLosses(texts)),
      ...(examined.has(shape) ? [] : await findMistakesOfShape()),
    ];
    examined.add(shape);
    expect({ language, mistakes }).toEqual({ language, mistakes: [] });
  }

  describeInChromium(
    `the ${site}`,
    () => {
      test.each(catalogue[site])('has a page $name that meets every rule for pages', async (catalogued) => {
        const open = (language: Language) => openPage(catalogued, { page, service, language });
        const switchTo = (language: Language) =>
          follow(page.locator(`a[hreflang="${language}"][lang="${language}"]`));
        const [language = 'en', other] = catalogued.languages.toReversed();

        const { status, html } = await open(language);
        expect(status).toBe(catalogued.status);
        await expectNoMistakes(html, language);
        await check?.(catalogued);
        if (other !== undefined) {
          const [outline, text] = [await measure(page, 'outline'), await page.locator('main').innerText()];
          const sent = await (catalogued.isShownOnce
            ? open(other)
            : receivePage(page, () => switchTo(other)));
          expect(await page.locator('main').innerText()).not.toBe(text);
          await expectNoMistakes(sent.html, other);
          await check?.(catalogued);
          if (!catalogued.isShownOnce) {
            await switchTo(language);
            expect(await measure(page, 'outline')).toEqual(outline);
          }
        }
        await leave?.(catalogued);
      });
    },
    { viewport: desktop },
  );
}

/** A page has its language, one heading of the first level, and a title that begins with the heading. */
function findOutlineMistakes({ language, title, headings }: Outline, expected: Language): readonly string[] {
  return [
    ...(language === expected ? [] : [`the language is ${language}`]),
    ...(headings.length === 1 ? [] : [`the page has ${headings.length} headings of the first level`]),
    ...(title.startsWith(`${headings[0]} – `)
      ? []
      : [`the title “${title}” does not begin with the heading`]),
  ];
}

/** A page can be read with text of twice the size (WCAG 2.2, 1.4.4) and in a narrow window (1.4.10). */
async function findLosses(usual: readonly Text[]): Promise<readonly string[]> {
  await setTextSize(page, 200);
  const large = await measureAll(page, ['texts', 'losses']);
  await setTextSize(page, 100);
  await page.setViewportSize(narrow);
  const reflowed = await measureAll(page, ['texts', 'losses']);
  await page.setViewportSize(desktop);

  expect(large.texts).toEqual(
    usual.map(({ text, fontSize }) => ({ text, fontSize: expect.closeTo(fontSize * 2) })),
  );
  expect(reflowed.texts.map(({ text }) => text)).toEqual(usual.map(({ text }) => text));
  return [
    ...large.losses.map((loss) => `at twice the size: ${loss}`),
    ...reflowed.losses.map((loss) => `${narrow.width} px wide: ${loss}`),
  ];
}

/** Pages that differ only in their words look and work alike, so that the slow checks run once for all of them. */
async function findMistakesOfShape(): Promise<readonly string[]> {
  return [
    ...(await findAccessibilityViolations(page)),
    ...(await findFocusMistakes(page)),
    ...(await findSkipLinkMistakes(page)),
  ];
}
