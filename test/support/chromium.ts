import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';

/**
 * The browser: what CHROMIUM_PATH names, or where Linux distributions install theirs. Without one the tests in a browser
 * are skipped, unless REQUIRE_BROWSER=1 says that they must not be.
 */
const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

export const browserIsThere = existsSync(executablePath);
export const browserIsRequired = process.env['REQUIRE_BROWSER'] === '1';

/**
 * How long a deployment and a browser may take to start on a busy machine, in milliseconds: the deployment may have to be
 * synthesised first.
 */
export const startTimeout = 300_000;

/** What to do about a missing browser. */
export const missingBrowser =
  `there is no Chromium at ${executablePath}: install it (on Debian by: apt-get install chromium), ` +
  'or let CHROMIUM_PATH name one';

/** It calls nobody but the pages that it is sent to. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/**
 * Collects what a browser complains about in its console: violations of the content security policy, resources that
 * could not be loaded. That a page itself came with an error status is no complaint.
 */
export function complaintsOf(context: BrowserContext): string[] {
  const complaints: string[] = [];
  context.on('console', (message) => {
    const isStatusOfPage =
      /^Failed to load resource: the server responded with a status of [45]\d\d/.test(message.text()) &&
      message.location().url === message.page()?.url();
    if (['error', 'warning'].includes(message.type()) && !isStatusOfPage) complaints.push(message.text());
  });
  context.on('weberror', (webError) => complaints.push(String(webError.error())));
  return complaints;
}
