import type { Page } from 'playwright-core';

/** The size of text, in pixels, that browsers start with. */
const usual = { standard: 16, fixed: 13 };

/**
 * Sets the size of text as a reader does in the browser's settings.
 *
 * @param percent of the usual size
 */
export async function setTextSize(page: Page, percent: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Page.setFontSizes', {
    fontSizes: { standard: (usual.standard * percent) / 100, fixed: (usual.fixed * percent) / 100 },
  });
}
