import type { Page, Response } from 'playwright-core';
import type { CataloguedPage } from './catalogue.ts';
import type { Visit } from './visit.ts';

/** The window of a usual screen. */
export const desktop = { width: 1440, height: 900 } as const;
/** The narrowest window that a page has to fit in (WCAG 2.2, 1.4.10). */
export const narrow = { width: 320, height: 640 } as const;

/** A page as the server sent it. */
export interface SentPage {
  readonly status: number;
  readonly html: string;
}

/** Opens a page of the catalogue in a browser without cookies, with a stand-in that behaves as it does at the start. */
export async function openPage(catalogued: CataloguedPage, visit: Visit): Promise<SentPage> {
  const { page, service, language } = visit;
  await page.context().clearCookies();
  await page.unrouteAll();
  await page.setExtraHTTPHeaders({
    'accept-language': catalogued.usesBrowserLanguage ? language : 'en-GB',
  });
  await service.standIn.backchannelLogoutsSettled();
  service.standIn.reset();
  return receivePage(page, () => catalogued.open(visit));
}

/** Does something that ends on a page. */
export async function receivePage(page: Page, open: () => Promise<unknown>): Promise<SentPage> {
  let last: Response | undefined;
  const remember = (response: Response) => {
    const isPage = response.request().isNavigationRequest() && response.frame() === page.mainFrame();
    if (isPage) last = response;
  };
  page.on('response', remember);
  await open();
  page.off('response', remember);
  if (last === undefined) throw new Error(`no page was loaded; the browser is at ${page.url()}`);
  return { status: last.status(), html: await last.text() };
}
