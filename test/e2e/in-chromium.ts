import { afterAll, afterEach, beforeAll, describe, expect } from '@jest/globals';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { browserIsThere, collectComplaints, launchBrowser, startTimeout } from '../support/chromium.ts';
import type { TestEnvironmentOptions } from '../support/environment.ts';
import { type Service, startService } from '../support/service.ts';

/** The running service, which all tests of a file share as they share the browser. */
export let service: Service;
let browser: Browser;
/** The browser profile of the tests that run. It has no cookies when a test starts. */
export let context: BrowserContext;
/** The first tab. All tests use it, because a new tab or profile takes longer than most tests. */
export let page: Page;
/** The browser's complaints. A test that expects some removes them, all others fail the test. */
export let complaints: string[];

let serviceOptions: TestEnvironmentOptions = {};

/** Sets the options of the running service, before the tests start it. */
export function configureService(options: TestEnvironmentOptions): void {
  serviceOptions = options;
}

/** Opens another tab, which is closed after the test. */
export const openTab = (): Promise<Page> => context.newPage();

if (browserIsThere) {
  beforeAll(async () => {
    [service, browser] = await Promise.all([startService(serviceOptions), launchBrowser()]);
  }, startTimeout);

  afterAll(async () => {
    await browser?.close();
    await service?.close();
  });
}

/**
 * Declares tests that need a browser. They are skipped where there is none. Pages can't run scripts unless the options
 * allow it.
 */
export function describeInChromium(
  name: string,
  define: () => void,
  options: BrowserContextOptions = { javaScriptEnabled: false },
): void {
  (browserIsThere ? describe : describe.skip)(name, () => {
    beforeAll(async () => {
      context = await browser.newContext(options);
      context.setDefaultTimeout(30_000);
      complaints = collectComplaints(context);
      page = await context.newPage();
    }, startTimeout);

    afterAll(() => context?.close());

    afterEach(async () => {
      for (const tab of context.pages()) if (tab !== page) await tab.close();
      await page.unrouteAll();
      await context.clearCookies();
      await service.standIn.backchannelLogoutsSettled();
      service.standIn.reset();
      expect(complaints.splice(0)).toEqual([]);
    });

    define();
  });
}
