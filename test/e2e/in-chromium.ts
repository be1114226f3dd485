import type { RequestListener } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from '@jest/globals';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { type LoopbackServer, listenInternally } from '../../local/loopback-server.ts';
import { browserIsThere, complaintsOf, launchBrowser, startTimeout } from '../support/chromium.ts';
import { type Service, startService } from '../support/service.ts';

/** What the tests of one file share: a browser, a running service, and another site. */
export interface Chromium {
  readonly service: Service;
  /** A site that links to the service's sign-out: for browsers 127.0.0.1 is one, seen from localhost. */
  readonly elsewhere: LoopbackServer;
  readonly browser: Browser;
  /** The browser profile of the test that runs: each test has a new one. */
  readonly context: BrowserContext;
  /** What the browser has complained about in this test. Whatever is left in the end fails it. */
  readonly complaints: string[];
  newPage(): Promise<Page>;
}

/**
 * Declares tests that need a browser, which are skipped where there is none. Unless the options say otherwise, pages
 * can't run scripts.
 */
export function inChromium(
  name: string,
  define: (chromium: Chromium) => void,
  options: BrowserContextOptions = { javaScriptEnabled: false },
): void {
  const shared: { -readonly [Key in keyof Chromium]?: Chromium[Key] } = {
    newPage: () => chromium.context.newPage(),
  };
  // Complete as soon as a test runs.
  const chromium = shared as Chromium;

  const linkToSignOut: RequestListener = (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end(`<a href="${chromium.service.publicUrl}/logout">Win a prize</a>`);
  };

  (browserIsThere ? describe : describe.skip)(name, () => {
    beforeAll(async () => {
      [shared.service, shared.elsewhere, shared.browser] = await Promise.all([
        startService(),
        listenInternally((request, response) => linkToSignOut(request, response)),
        launchBrowser(),
      ]);
    }, startTimeout);

    afterAll(async () => {
      await shared.browser?.close();
      await shared.service?.close();
      await shared.elsewhere?.close();
    });

    beforeEach(async () => {
      shared.context = await chromium.browser.newContext(options);
      shared.context.setDefaultTimeout(30_000);
      shared.complaints = complaintsOf(shared.context);
    });

    afterEach(async () => {
      await shared.context?.close();
      await chromium.service.standIn.backchannelLogoutsSettled();
      chromium.service.standIn.reset();
      expect(shared.complaints).toEqual([]);
    });

    define(chromium);
  });
}
