import { existsSync } from 'node:fs';
import process from 'node:process';
import type { Browser, BrowserType, LaunchOptions } from 'playwright-core';
import { MissingToolError } from '../command.ts';

const args = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];

/**
 * Starts a headless browser: that of `CHROMIUM_PATH`, Playwright's own, or the machine's Chromium, Chrome or Edge.
 *
 * @throws MissingToolError if there is none, or no Playwright to drive it
 */
export async function launchBrowser(): Promise<Browser> {
  const chromium = await loadPlaywright();
  for (const options of listBrowsers(chromium)) {
    try {
      return await chromium.launch({ ...options, args });
    } catch (error) {
      // A channel is a browser that may not be installed.
      if (options.channel === undefined) throw error;
    }
  }
  throw new MissingToolError(
    'Chromium is missing: run npx playwright-core install chromium, or set CHROMIUM_PATH to a Chromium or Chrome',
  );
}

async function loadPlaywright(): Promise<BrowserType> {
  try {
    return (await import('playwright-core')).chromium;
  } catch {
    throw new MissingToolError('playwright-core is missing: run npm install --save-dev playwright-core');
  }
}

function listBrowsers(chromium: BrowserType): readonly LaunchOptions[] {
  const { CHROMIUM_PATH: chosen } = process.env;
  if (chosen !== undefined) {
    if (existsSync(chosen)) return [{ executablePath: chosen }];
    throw new MissingToolError(`CHROMIUM_PATH: there is no file ${chosen}`);
  }
  const files = [chromium.executablePath(), '/usr/bin/chromium'].filter(existsSync);
  return [
    ...files.map((executablePath) => ({ executablePath })),
    { channel: 'chrome' },
    { channel: 'msedge' },
  ];
}
