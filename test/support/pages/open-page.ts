import type { Browser, BrowserContextOptions, Page, Response } from 'playwright-core';
import { complaintsOf } from '../chromium.ts';
import type { Service } from '../service.ts';
import type { CataloguedPage } from './catalogue.ts';
import type { Language } from './visit.ts';

/** The window of a usual screen. */
export const desktop = { width: 1440, height: 900 } as const;
/** The narrowest window that a page has to fit in (WCAG 2.2, 1.4.10). */
export const narrow = { width: 320, height: 640 } as const;

/** A page of the catalogue in a browser of its own. */
export interface OpenPage {
  readonly page: Page;
  readonly status: number;
  /** As it was sent. */
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What the browser complained about, on the way there as well. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

/** Goes to a page in a new browser profile. Afterwards the stand-in behaves as it did at the start. */
export async function openPage(
  catalogued: CataloguedPage,
  language: Language,
  { browser, service }: { readonly browser: Browser; readonly service: Service },
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  const locale = catalogued.goesByBrowserLanguage ? language : 'en-GB';
  const context = await browser.newContext({ viewport: desktop, locale, ...options });
  context.setDefaultTimeout(30_000);
  const complaints = complaintsOf(context);
  const page = await context.newPage();
  let last: Response | undefined;
  page.on('response', (response) => {
    const isPage = response.request().isNavigationRequest() && response.frame() === page.mainFrame();
    if (isPage) last = response;
  });
  await catalogued.open({ page, service, language });
  if (last === undefined) throw new Error(`${catalogued.name}: no page came`);
  return {
    page,
    status: last.status(),
    html: await last.text(),
    headers: last.headers(),
    complaints,
    close: async () => {
      await context.close();
      await service.standIn.backchannelLogoutsSettled();
      service.standIn.reset();
    },
  };
}
