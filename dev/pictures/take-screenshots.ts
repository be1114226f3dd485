import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../bin/screenshots/browser.ts';
import { renderDeploymentPages } from '../../bin/screenshots/deployment-pages.ts';
import { servePage } from '../../bin/screenshots/serve-page.ts';
import { type LocalEnvironment, startLocalEnvironment } from '../../local/environment.ts';
import { loadLocalConfig } from '../../local/local-config.ts';
import { synthesise } from '../../local/synthesis/synthesise.ts';
import type { Screenshot } from './picture-files.ts';

/** As wide as pages on GitHub. */
const width = 820;
/** From 0 to 100. With this, letters are sharp. */
const quality = 80;

/** Before the end of the session, when the dialog has opened. */
const secondsLeft = 5 * 60;

/**
 * Takes pictures of pages of the example service, which runs as `npm start` runs it.
 *
 * @throws MissingToolError without a browser
 */
export async function takeScreenshots(directory: string): Promise<void> {
  const browser = await launchBrowser();
  const assemblyDirectory = mkdtempSync(join(tmpdir(), 'one-login-lambda-pictures-'));
  let service: LocalEnvironment | undefined;
  try {
    const config = loadLocalConfig();
    await synthesise({ config, directory: assemblyDirectory });
    service = await startLocalEnvironment({ config, assemblyDirectory });
    mkdirSync(directory, { recursive: true });
    const takePicture = async (page: Page, file: Screenshot) =>
      writeFileSync(join(directory, file), await capture(page));
    const page = await openTab(browser);
    await signIn(page, service);
    await takePicture(page, 'account.webp');
    await openTimeoutDialog(page, service);
    await takePicture(page, 'session-timeout.webp');
    await openErrorPage(page, service);
    await takePicture(page, 'error-page.webp');
  } finally {
    await service?.close();
    await browser.close();
    rmSync(assemblyDirectory, { recursive: true });
  }
}

async function openTab(browser: Browser): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width, height: 600 },
    locale: 'en-GB',
    timezoneId: 'Europe/London',
  });
  return context.newPage();
}

/** Takes a picture of a page down to its footer. */
async function capture(page: Page): Promise<Buffer> {
  const main = await page.locator('main').boundingBox();
  if (main === null) throw new Error(`${page.url()} has no main`);
  await page.setViewportSize({ width, height: Math.ceil(main.y + main.height) });
  // Playwright itself writes no WebP, which is smaller than PNG by far.
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality });
  await session.detach();
  return Buffer.from(data, 'base64');
}

async function signIn(page: Page, { publicUrl, url }: LocalEnvironment): Promise<void> {
  await page.goto(`${publicUrl}/login?return_to=${encodeURIComponent('/account')}`);
  await page.locator('button[value="maria"]').click();
  await page.waitForURL(`${url}/account`);
}

/** Opens a page whose session ends soon. */
async function openTimeoutDialog(page: Page, { url }: LocalEnvironment): Promise<void> {
  await page.clock.setFixedTime(Date.now());
  await page.route('**/auth/userinfo*', async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    const idle_expires_at = Math.floor(Date.now() / 1_000) + 60 + secondsLeft;
    await route.fulfill({ response, json: { ...body, session: { ...body.session, idle_expires_at } } });
  });
  await page.goto(`${url}/account`);
  await page.getByRole('alertdialog').waitFor();
}

async function openErrorPage(page: Page, { publicUrl }: LocalEnvironment): Promise<void> {
  const pages = renderDeploymentPages(loadLocalConfig(), publicUrl);
  const found = pages.find(({ name, language }) => name === 'temporarily-unavailable' && language === 'en');
  if (found === undefined) throw new Error('there is no page temporarily-unavailable');
  await servePage(page, publicUrl, found.html);
  await page.goto(publicUrl);
}
