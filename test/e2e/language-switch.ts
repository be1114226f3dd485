import { expect, test } from '@jest/globals';
import { follow } from '../support/pages/visit.ts';
import { measure } from './checks/measure.ts';
import type { Visited } from './page-rules.ts';

/** A page that is there in both languages has a link to itself in the other one. */
export function testLanguageSwitch({ catalogued, language, opened }: Visited): void {
  if (catalogued.languages.length === 1) return;
  const other = language === 'en' ? 'cy' : 'en';

  test('can be read in the other language, and again in this one', async () => {
    const { page } = opened();
    const first = await measure(page, 'outline');
    const text = await page.locator('main').innerText();
    await follow(page.locator(`a[hreflang="${other}"][lang="${other}"]`));
    expect((await measure(page, 'outline')).language).toBe(other);
    expect(await page.locator('main').innerText()).not.toBe(text);
    await follow(page.locator(`a[hreflang="${language}"][lang="${language}"]`));
    expect(await measure(page, 'outline')).toEqual(first);
  });
}
