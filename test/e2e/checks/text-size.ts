import type { CDPSession, Page } from 'playwright-core';

/** The size of text, in pixels, that browsers start with. */
const usual = { standard: 16, fixed: 13 };

/** A debugger's session for each tab, which stays open as long as the tab. */
const sessions = new WeakMap<Page, Promise<CDPSession>>();

/**
 * Sets the size of text as a reader does in the browser's settings.
 *
 * @param percent of the usual size
 */
export async function setTextSize(page: Page, percent: number): Promise<void> {
  const session = sessions.get(page) ?? page.context().newCDPSession(page);
  sessions.set(page, session);
  await (await session).send('Page.setFontSizes', {
    fontSizes: { standard: (usual.standard * percent) / 100, fixed: (usual.fixed * percent) / 100 },
  });
}
