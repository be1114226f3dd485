import type { Page } from 'playwright-core';
import { type Focus, measure } from './measure.ts';

/**
 * Goes through a page by the Tab key.
 *
 * @returns what is wrong: a stop that is left out, out of order or above the one before, or that doesn't show the focus
 */
export async function findFocusMistakes(page: Page): Promise<readonly string[]> {
  const stops = await measure(page, 'stops');
  const mistakes: string[] = [];
  let before: Focus | undefined;
  for (const [index, stop] of stops.entries()) {
    await page.keyboard.press('Tab');
    const focus = await measure(page, 'focus');
    if (focus.index !== index)
      return [...mistakes, `not ${stop.element}, but ${focus.element} has the focus`];
    if (focus.looks === stop.looks) mistakes.push(`${stop.element} looks the same with the focus`);
    if (before && focus.bottom <= before.top) mistakes.push(`${stop.element} is above ${before.element}`);
    before = focus;
  }
  return mistakes;
}

/**
 * Follows the first link by the keyboard, as people do who want to skip what is on every page, and goes on by the Tab
 * key.
 *
 * @returns what is wrong: anything but the first stop of the content, or of what comes after it, has the focus then
 */
export async function findSkipLinkMistakes(page: Page): Promise<readonly string[]> {
  const stops = await measure(page, 'stops');
  const first = stops.findIndex(({ isBeforeMain }) => !isBeforeMain);
  const link = await goToFirstStop(page, stops.length);
  if (!/^a “(Skip to main content|Neidio i’r prif gynnwys)”$/i.test(link)) return [`${link} comes first`];
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  const { index, element } = await measure(page, 'focus');
  // From a page's last stop the focus leaves the page, or begins again.
  const isRight = first === -1 ? index <= 0 : index === first;
  return isRight ? [] : [`not ${stops[first]?.element ?? 'the end'}, but ${element} has the focus`];
}

/** From wherever the focus is: beyond the last stop it begins again. @returns the first stop */
async function goToFirstStop(page: Page, stops: number): Promise<string> {
  for (let presses = 0; presses < stops + 2; presses += 1) {
    await page.keyboard.press('Tab');
    const { index, element } = await measure(page, 'focus');
    if (index === 0) return element;
  }
  return 'nothing';
}
