/**
 * `npm run screenshots`: starts the local environment, opens every page of the catalogue in each of its languages, and
 * takes pictures of it: on a usual screen, 320 px wide, and with text of twice the size. `index.html` in the folder shows
 * them all.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import type { Page } from 'playwright-core';
import { CommandError, readOnce, runProgram } from '../bin/command.ts';
import { setTextSize } from '../test/e2e/checks/text-size.ts';
import { browserIsThere, launchBrowser, missingBrowser } from '../test/support/chromium.ts';
import { type CataloguedPage, catalogue, type Site, sites } from '../test/support/pages/catalogue.ts';
import { desktop, narrow, openPage } from '../test/support/pages/open-page.ts';
import type { Language } from '../test/support/pages/visit.ts';
import { startService } from '../test/support/service.ts';
import { type Picture, renderContactSheet } from './screenshots/contact-sheet.ts';

const program = new Command('npm run screenshots --')
  .description('Takes pictures of every page of the catalogue.')
  .option('--out <folder>', 'folder for the pictures', 'dist/screenshots')
  .option('--only <page>', 'name of the only page of the catalogue to take', readOnce)
  .action(takeScreenshots);

await runProgram(program);

async function takeScreenshots({
  out,
  only,
}: {
  readonly out: string;
  readonly only?: string;
}): Promise<void> {
  const wanted = selectPages(only);
  if (!browserIsThere) throw new CommandError(missingBrowser);
  const pictures = await takeAll(wanted, out);
  const sheet = join(out, 'index.html');
  await writeFile(sheet, renderContactSheet(pictures));
  console.log(`${pictures.length} pictures, see ${sheet}`);
}

/** A page in one language. */
interface Wanted {
  readonly site: Site;
  readonly page: CataloguedPage;
  readonly language: Language;
}

/** @throws CommandError when no page has that name */
function selectPages(only: string | undefined): readonly Wanted[] {
  const all = sites.flatMap((site) =>
    catalogue[site].flatMap((page) => page.languages.map((language) => ({ site, page, language }))),
  );
  const wanted = only === undefined ? all : all.filter(({ page }) => page.name === only);
  if (wanted.length > 0) return wanted;
  const names = [...new Set(all.map(({ page }) => page.name))];
  throw new CommandError(`--only: there is no page ${only}; there are ${names.join(', ')}`);
}

async function takeAll(wanted: readonly Wanted[], out: string): Promise<readonly Picture[]> {
  const [service, browser] = await Promise.all([startService(), launchBrowser()]);
  try {
    const tab = await browser.newPage({ viewport: desktop });
    const pictures: Picture[] = [];
    for (const { site, page, language } of wanted) {
      console.log(`${site}/${page.name} in ${language}`);
      await mkdir(join(out, site), { recursive: true });
      await openPage(page, { page: tab, service, language });
      pictures.push(...(await take({ site, page, language }, tab, out)));
    }
    return pictures;
  } finally {
    await Promise.all([browser.close(), service.close()]);
  }
}

async function take(
  { site, page: { name }, language }: Wanted,
  tab: Page,
  out: string,
): Promise<readonly Picture[]> {
  const snap = async (view: Picture['view'], fullPage = true): Promise<Picture> => {
    const file = `${site}/${name}.${language}.${view}.png`;
    await tab.screenshot({ path: join(out, file), fullPage });
    return { site, name, language, view, file, title: await tab.title() };
  };
  const usual = await snap('desktop');
  await enlargeText(tab);
  const enlarged = await snap('large-text', false);
  await tab.setViewportSize(narrow);
  await setTextSize(tab, 100);
  const small = await snap('narrow');
  await tab.setViewportSize(desktop);
  return [usual, enlarged, small];
}

/** To 200 %, in a window in which the whole page fits: a change of the window resets the size of text. */
async function enlargeText(page: Page): Promise<void> {
  await setTextSize(page, 200);
  const height = await page.evaluate<number>('document.documentElement.scrollHeight');
  await page.setViewportSize({ ...desktop, height: Math.max(height, desktop.height) });
  await setTextSize(page, 200);
}
