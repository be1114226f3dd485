import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import process from 'node:process';
import { Command } from 'commander';
import type { Page } from 'playwright-core';
import { loadConfig } from '../lib/config/load-config.ts';
import { buildConfigOption } from './command.ts';
import { launchBrowser } from './screenshots/browser.ts';
import { type Picture, renderContactSheet, type View } from './screenshots/contact-sheet.ts';
import { type DeploymentPage, renderDeploymentPages } from './screenshots/deployment-pages.ts';
import { servePage } from './screenshots/serve-page.ts';

interface Options {
  readonly config: string;
  readonly output: string;
}

export const command: Command = new Command('screenshots')
  .description(
    'Takes pictures of every page of a deployment, in English and Welsh, on a usual screen and 320 pixels wide. It needs playwright-core, and Chromium or Chrome.',
  )
  .addOption(buildConfigOption())
  .option('--output <directory>', 'where to write them', 'screenshots')
  .addHelpText('after', '\nExample:\n  $ one-login screenshots --config config/production.json')
  .action(takeScreenshots);

const windows: Readonly<Record<View, { readonly width: number; readonly height: number }>> = {
  desktop: { width: 1440, height: 900 },
  // The narrowest window that a page has to fit in (WCAG 2.2, 1.4.10).
  narrow: { width: 320, height: 640 },
};

async function takeScreenshots({ config: file, output }: Options): Promise<void> {
  const config = loadConfig(file);
  // Without a public URL the address is the API's own, which pages do not show.
  const { publicUrl = 'https://service.example/auth' } = config;
  const browser = await launchBrowser();
  try {
    const pages = renderDeploymentPages(config, publicUrl);
    const tab = await browser.newPage();
    mkdirSync(output, { recursive: true });
    const pictures: Picture[] = [];
    for (const page of pages) pictures.push(...(await takePictures(page, { tab, publicUrl, output })));
    const sheet = join(output, 'index.html');
    writeFileSync(sheet, renderContactSheet(pictures));
    console.log(`${pictures.length} pictures, see ${relative('', sheet)}`);
  } finally {
    await browser.close();
  }
}

interface Studio {
  readonly tab: Page;
  readonly publicUrl: string;
  readonly output: string;
}

async function takePictures(
  { name, language, html }: DeploymentPage,
  { tab, publicUrl, output }: Studio,
): Promise<readonly Picture[]> {
  if (process.stderr.isTTY) console.error(`${name} (${language})`);
  await servePage(tab, publicUrl, html);
  await tab.goto(publicUrl);
  const pictures: Picture[] = [];
  for (const [view, window] of Object.entries(windows) as [View, (typeof windows)[View]][]) {
    const file = `${name}.${language}.${view}.png`;
    await tab.setViewportSize(window);
    await tab.screenshot({ path: join(output, file), fullPage: true });
    pictures.push({ name, language, view, file, title: await tab.title() });
  }
  return pictures;
}
