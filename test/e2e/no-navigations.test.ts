import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { follow } from '../support/pages/visit.ts';
import { until } from '../support/until.ts';
import { inChromium } from './in-chromium.ts';
import { heading, usersOf } from './users.ts';

/** What a page may do with an address without its user going there. */
const waysWithoutUser: Readonly<Record<string, (page: Page, url: string) => Promise<unknown>>> = {
  "a script's fetch": (page, url) => page.evaluate(`fetch('${url}', { redirect: 'manual' }).then()`),
  "a script's POST": (page, url) => page.evaluate(`fetch('${url}', { method: 'POST' }).then()`),
  'an image': (page, url) => append(page, 'img', { src: url }),
  'a frame': (page, url) => append(page, 'iframe', { src: url }),
  'a prefetch by a link element': (page, url) => append(page, 'link', { rel: 'prefetch', href: url }),
  'a prefetch by speculation rules': (page, url) => speculate(page, 'prefetch', url),
  'a prerender by speculation rules': (page, url) => speculate(page, 'prerender', url),
};
const byGet = Object.keys(waysWithoutUser).filter((name) => !name.endsWith('POST'));

inChromium(
  'what a page does by itself',
  (chromium) => {
    const users = usersOf(chromium);
    const answered = (log: readonly Readonly<Record<string, unknown>>[], route: string) =>
      log.filter((line) => line['event'] === 'answered' && line['route'] === route);

    test.each(Object.keys(waysWithoutUser))(
      '%s signs nobody out, and the click after it does',
      async (name) => {
        const page = await chromium.newPage();
        await users.signIn(page);
        const since = chromium.service.watch();
        await waysWithoutUser[name]?.(page, `${chromium.service.publicUrl}/logout`);
        await until('the request', () => answered(since().log, 'logout').length > 0);
        expect(answered(since().log, 'logout')).toEqual([expect.objectContaining({ status: 403 })]);
        await page.goto(chromium.service.url);
        expect(await heading(page)).toBe('You are signed in');
        await waysWithoutUser[name]?.(page, `${chromium.service.publicUrl}/logout`);
        await follow(page.getByRole('link', { name: 'Sign out' }));
        expect(await heading(page)).toBe('You are signed out');
        chromium.complaints.splice(0);
      },
    );

    test.each(byGet)('%s starts no sign-in, and the click after it does', async (name) => {
      const page = await chromium.newPage();
      await page.goto(chromium.service.url);
      const since = chromium.service.watch();
      const attempts = await chromium.service.attemptRows();
      await waysWithoutUser[name]?.(page, users.loginUrl('/'));
      await until('the request', () => answered(since().log, 'login').length > 0);
      expect(answered(since().log, 'login')).toEqual([expect.objectContaining({ status: 403 })]);
      expect(await chromium.service.attemptRows()).toHaveLength(attempts.length);
      expect(since().aws).toEqual([]);
      await append(page, 'a', { href: users.loginUrl('/'), id: 'go', textContent: 'Go' });
      await follow(page.locator('#go'));
      expect(await heading(page)).toBe('Sign in');
      chromium.complaints.splice(0);
    });
  },
  { bypassCSP: true },
);

/** Puts an element into the page. */
function append(page: Page, name: string, attributes: Readonly<Record<string, string>>): Promise<unknown> {
  const made = `Object.assign(document.createElement('${name}'), ${JSON.stringify(attributes)})`;
  return page.evaluate(`document.body.append(${made})`);
}

function speculate(page: Page, action: 'prefetch' | 'prerender', url: string): Promise<unknown> {
  const textContent = JSON.stringify({ [action]: [{ urls: [url], eagerness: 'immediate' }] });
  return append(page, 'script', { type: 'speculationrules', textContent });
}
