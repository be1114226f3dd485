import { describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { choose, follow } from '../support/pages/visit.ts';
import { until } from '../support/until.ts';
import { inChromium } from './in-chromium.ts';
import { heading, usersOf } from './users.ts';

inChromium('several tabs, Back and reloads', (chromium) => {
  const users = usersOf(chromium);

  describe('three parallel tabs', () => {
    const wanted = ['/?tab=1', '/account?tab=2', '/?tab=3'] as const;
    const newest = wanted[2];

    /** At One Login's page. One Login takes only the newest one for good (design decision 6). */
    async function openTabs(): Promise<readonly Page[]> {
      const tabs: Page[] = [];
      for (const returnTo of wanted) {
        const tab = await chromium.newPage();
        await tab.goto(users.loginUrl(returnTo));
        tabs.push(tab);
      }
      return tabs;
    }

    test('that are finished newest first end signed in', async () => {
      for (const tab of (await openTabs()).toReversed()) {
        await choose({ page: tab }, 'maria');
        await users.expectSignedIn(tab, newest);
      }
    });

    test('that are finished oldest first end signed in, or on a page with one button', async () => {
      for (const tab of await openTabs()) {
        await choose({ page: tab }, 'maria');
        await users.expectSignedInOrOneButton(tab, newest);
      }
    });

    test('that are opened at the same time each end where they wanted', async () => {
      await users.signIn(await chromium.newPage());
      await chromium.context.clearCookies({ name: '__Host-one-login-session' });
      await Promise.all(
        wanted.map(async (returnTo) => {
          const tab = await chromium.newPage();
          await tab.goto(users.loginUrl(returnTo));
          await users.expectSignedInOrOneButton(tab, returnTo);
        }),
      );
    });

    test('that are the first visit and begin before any has a cookie each end where they wanted', async () => {
      chromium.service.standIn.change({ signInAutomaticallyAs: 'maria' });
      const held = Promise.withResolvers<void>();
      const since = chromium.service.watch();
      const end = chromium.service.dynamodb.injectFault({ action: 'PutItem', hold: held.promise });
      const tabs = await Promise.all(wanted.map(() => chromium.newPage()));
      const visits = tabs.map((tab, index) => tab.goto(users.loginUrl(wanted[index] ?? '/')));
      await until('all three have begun', () => {
        const stored = since().aws.filter(({ action }) => action === 'PutItem');
        return stored.length === wanted.length;
      });
      end();
      held.resolve();
      await Promise.all(visits);
      for (const [index, tab] of tabs.entries())
        await users.expectSignedInOrOneButton(tab, wanted[index] ?? '/');
    });
  });

  test('Back after signing in, and signing in there once more, ends signed in', async () => {
    const page = await chromium.newPage();
    await page.goto(chromium.service.url);
    await users.signIn(page, '/account');
    await page.goBack();
    expect(page.url()).toContain(chromium.service.standIn.url);
    await choose({ page }, 'maria');
    await users.expectSignedIn(page, '/account');
    await page.goBack();
    await page.goBack();
    expect(page.url()).toBe(`${chromium.service.url}/`);
  });

  test('a callback that is reloaded or a bookmark ends signed in, after signing out on a page with one button', async () => {
    const page = await chromium.newPage();
    const callbacks: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('/auth/callback?')) callbacks.push(request.url());
    });
    await users.signIn(page, '/account');
    await page.reload();
    await users.expectSignedIn(page, '/account');
    const [callback = ''] = callbacks;
    await page.goto(callback);
    await users.expectSignedIn(page, '/account');
    await page.goto(`${chromium.service.publicUrl}/logout`);
    await follow(page.getByRole('button', { name: 'Sign out' }));
    await page.goto(callback);
    expect(await heading(page)).toBe('You need to sign in again');
    await page.reload();
    await users.expectSignedInOrOneButton(page, '/account');
  });
});
