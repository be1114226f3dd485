import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';

/**
 * The browser that CHROMIUM_PATH names, or the one that Linux distributions install. Without a browser its tests are
 * skipped, unless REQUIRE_BROWSER=1 forbids that.
 */
const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

export const browserIsThere = existsSync(executablePath);
export const browserIsRequired = process.env['REQUIRE_BROWSER'] === '1';

/**
 * How long a deployment and a browser may take to start on a busy machine, in milliseconds: the deployment may have to be
 * synthesised first.
 */
export const startTimeout = 300_000;

/** The message for a developer who has no browser. */
export const missingBrowser =
  `there is no Chromium at ${executablePath}: install it (on Debian by: apt-get install chromium), ` +
  'or set CHROMIUM_PATH to one';

/**
 * Of these lists Chromium takes the last one, so this has what Playwright switches off for pages. The rest would draw menus
 * of the address bar, which takes as long as a page.
 */
const unwantedFeatures = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'WebUIOmniboxFullPopup',
].join();

/** Starts a browser that connects to nothing but the pages that it opens. */
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
      `--disable-features=${unwantedFeatures}`,
    ],
  });
}

/**
 * Collects what is wrong with the pages that a browser opens: errors and warnings in its console, such as violations of
 * the content security policy and resources that could not be loaded, and scripts of others that are loaded. The error status of a
 * page itself does not count.
 */
export function collectComplaints(context: BrowserContext): string[] {
  const complaints: string[] = [];
  // A message about a page may come before the tab has the page's address.
  const pages = new Set<string>();
  context.on('console', (message) => {
    const isStatusOfPage =
      /^Failed to load resource: the server responded with a status of [45]\d\d/.test(message.text()) &&
      pages.has(message.location().url);
    if (['error', 'warning'].includes(message.type()) && !isStatusOfPage) complaints.push(message.text());
  });
  context.on('request', (request) => {
    if (request.isNavigationRequest()) pages.add(request.url());
    const isOurs = new URL(request.url()).pathname === '/auth/assets/session-timeout.js';
    if (request.resourceType() === 'script' && !isOurs)
      complaints.push(`a script is loaded: ${request.url()}`);
  });
  context.on('weberror', (webError) => complaints.push(String(webError.error())));
  return complaints;
}
