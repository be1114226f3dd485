import { beforeAll, expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { until } from '../../support/until.ts';
import { findAccessibilityViolations } from '../checks/accessibility.ts';
import { complaints, context, describeInChromium, page, service } from '../in-chromium.ts';
import { buildLoginUrl, readHeading } from '../users.ts';

export const [second, minute] = [1_000, 60_000];
/** In `config/local.json` a session ends after an hour. The sign-out is a minute before, and the warning 5 minutes before that. */
export const [warning, signOut] = [54 * minute, 59 * minute];

/** Makes a page count what it has begun and not done: reading its session, going to another page. Keeps a timer that runs. */
const counter = `{
  const { fetch, setTimeout } = window;
  const { json } = Response.prototype;
  const finish = () => setTimeout(() => { window.unsettled -= 1; });
  window.unsettled = 0;
  window.setRealTimeout = setTimeout;
  window.fetch = (...request) => {
    window.unsettled += 1;
    const response = fetch(...request);
    response.then(({ ok }) => ok || finish(), finish);
    return response;
  };
  Response.prototype.json = function () {
    const body = json.call(this);
    body.then(finish, finish);
    return body;
  };
  navigation.addEventListener('navigate', () => { window.unsettled += 1; });
}`;

/** Declares tests in which time passes in the browser only when a test lets it pass. */
export function describeInPassingTime(name: string, define: () => void): void {
  describeInChromium(
    name,
    () => {
      beforeAll(async () => {
        await context.addInitScript(counter);
        await context.clock.install();
        await context.clock.pauseAt(Date.now() + second);
      });
      define();
    },
    {},
  );
}

/** How much a page has begun and not done. */
export const countUnsettled = (tab: Page): Promise<number> =>
  tab.evaluate<number>('window.unsettled').catch(() => 1);

/** Waits until the pages have done what they began. No time passes meanwhile, however slow the machine is. */
export function settle(): Promise<void> {
  return until('all pages have settled', async () => {
    const counts = await Promise.all(context.pages().map(countUnsettled));
    return counts.every((count) => count === 0);
  });
}

/** Examines the page, whose timers stand still, with a program that needs them. */
export async function findViolations(): ReturnType<typeof findAccessibilityViolations> {
  await page.evaluate('window.setTimeout = window.setRealTimeout');
  return findAccessibilityViolations(page);
}

/** Opens a page of the service, and waits until it has read its session. */
export async function open(path: string, tab = page): Promise<void> {
  await tab.goto(service.url + path);
  await settle();
}

export const scriptLine = '<script src="/auth/assets/session-timeout.js" defer></script>';

/** Gives the service a page with the dialog and other content. */
export function routePage(content: string, headers: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const body = `<!doctype html><html lang="en"><title>A page</title>${scriptLine}<main><h1>A page</h1>${content}</main></html>`;
  return page.route('**/page', (route) => route.fulfill({ contentType: 'text/html', headers, body }));
}

export async function openPage(...content: Parameters<typeof routePage>): Promise<void> {
  await routePage(...content);
  await open('/page');
}

/** Makes the sessions older, so that for them the server's clock has gone on. */
export function age(milliseconds: number): Promise<void> {
  const passed = { N: String(milliseconds) };
  return service.updateSessions('SET idle_expires_at = idle_expires_at - :passed', { ':passed': passed });
}

/** Lets time pass, during which nothing runs in the browser. */
export async function pass(milliseconds: number): Promise<void> {
  await age(milliseconds);
  await context.clock.fastForward(milliseconds);
  await settle();
}

/** Lets time pass, during which pages run. */
export async function run(milliseconds: number): Promise<void> {
  await context.clock.runFor(milliseconds);
  await settle();
}

/** Lets time pass, during which pages run, until a tab is at a path of the service. */
export async function runUntil(path: string, tab = page): Promise<void> {
  for (let tries = 0; !tab.url().startsWith(service.url + path); tries += 1) {
    if (tries > 60) throw new Error(`the user is not at ${path}, but at ${tab.url()}`);
    await run(second);
  }
  await tab.waitForLoadState();
}

export const findDialog = (tab = page) => tab.getByRole('alertdialog');
export const findButton = (tab = page) => findDialog(tab).getByRole('button');

/** Browsers log each 401 that a script gets. */
export function expectOnly(...expected: readonly string[]): void {
  const found = complaints
    .splice(0)
    .map((complaint) => expected.find((each) => complaint.includes(each)) ?? complaint);
  expect([...new Set(found)]).toEqual(expected);
}

/** Makes the page act as if the user came back to its tab. */
export async function showAgain(): Promise<void> {
  await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
}

/** One Login shows its sign-in page only to users who have no session there. */
export async function expectSignedOut(tab = page): Promise<void> {
  expect(await readHeading(tab)).toBe('You are signed out');
  await tab.goto(buildLoginUrl('/'));
  expect(await readHeading(tab)).toBe('Sign in');
}
