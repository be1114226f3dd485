import { describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { follow } from '../support/pages/visit.ts';
import { until } from '../support/until.ts';
import { inChromium } from './in-chromium.ts';
import { heading, usersOf } from './users.ts';

inChromium('signing out', (chromium) => {
  const users = usersOf(chromium);

  test('a user whom another site leads to the sign-out is asked, and can do it', async () => {
    const page = await chromium.newPage();
    await users.signIn(page);
    await page.goto(chromium.elsewhere.url);
    await follow(page.getByRole('link', { name: 'Win a prize' }));
    expect(await heading(page)).toBe('Do you want to sign out?');
    await page.goto(chromium.service.url);
    expect(await heading(page)).toBe('You are signed in');
    await page.goto(chromium.elsewhere.url);
    await follow(page.getByRole('link', { name: 'Win a prize' }));
    await follow(page.getByRole('button', { name: 'Sign out' }));
    expect(await heading(page)).toBe('You are signed out');
    await page.goto(chromium.service.url);
    expect(await heading(page)).toBe('Example service');
  });

  test.each([
    ['link', async (page: Page) => page.getByRole('link', { name: 'Sign out' }).dblclick()],
    [
      'form',
      async (page: Page) => {
        await page.goto(`${chromium.service.publicUrl}/logout`);
        await page.getByRole('button', { name: 'Sign out' }).dblclick();
      },
    ],
  ])('a user who clicks twice on the %s is signed out at One Login as well', async (_, clickTwice) => {
    const page = await chromium.newPage();
    await users.signIn(page);
    await clickTwice(page);
    // Ours or One Login's, by which of the two requests the browser waited for.
    await page.getByRole('heading', { name: /signed out$/ }).waitFor();
    await page.goto(users.loginUrl('/'));
    expect(await heading(page)).toBe('Sign in');
  });

  test('a user who signs out of two browsers one after the other is signed out at One Login in both', async () => {
    const other = await chromium.browser.newContext({ javaScriptEnabled: false });
    const pages = [await chromium.newPage(), await other.newPage()];
    for (const page of pages) await users.signIn(page);
    // The first sign-out ends the sessions of both here: the second one leaves the user on One Login's page.
    for (const [index, page] of pages.entries()) {
      await follow(page.getByRole('link', { name: 'Sign out' }));
      expect(await heading(page)).toBe(['You are signed out', 'You have signed out'][index]);
      await chromium.service.standIn.backchannelLogoutsSettled();
    }
    for (const page of pages) {
      await page.goto(users.loginUrl('/'));
      expect(await heading(page)).toBe('Sign in');
    }
    await other.close();
  });

  describe("on a page whose policy is form-action 'self'", () => {
    /** A page of the service's with a link and a form, under that policy. */
    async function openPage(page: Page, formAction: string): Promise<void> {
      await users.signIn(page);
      await page.route('**/with-policy', (route) =>
        route.fulfill({
          contentType: 'text/html',
          headers: { 'content-security-policy': `form-action ${formAction}` },
          body: '<a href="/auth/logout">Sign out</a><form method="post" action="/auth/logout"><button>Sign out</button></form>',
        }),
      );
      await page.goto(`${chromium.service.url}/with-policy`);
    }

    test('a user signs out by a link', async () => {
      const page = await chromium.newPage();
      await openPage(page, "'self'");
      await follow(page.getByRole('link'));
      expect(await heading(page)).toBe('You are signed out');
    });

    test("a user signs out by a form if it also allows One Login's origins", async () => {
      const page = await chromium.newPage();
      await openPage(page, `'self' ${chromium.service.standIn.url}`);
      await follow(page.getByRole('button'));
      expect(await heading(page)).toBe('You are signed out');
    });

    test('a form leads nowhere, and the browser says so', async () => {
      const page = await chromium.newPage();
      await openPage(page, "'self'");
      await page.getByRole('button').click();
      await until('the complaint', () => chromium.complaints.length > 0);
      expect(chromium.complaints.splice(0).join()).toContain('form-action');
      expect(page.url()).toBe(`${chromium.service.url}/with-policy`);
    });
  });

  test('a user who signs in again in another tab is not told by the first that they have signed out', async () => {
    const page = await chromium.newPage();
    await users.signIn(page);
    await follow(page.getByRole('link', { name: 'Sign out' }));
    const signedOut = page.url();
    await users.signIn(await chromium.newPage());
    await page.goto(signedOut);
    expect(await heading(page)).toBe('Do you want to sign out?');
  });

  test('a user who signs out at One Login, for another service, is signed out here at the next click', async () => {
    const [here, there] = [await chromium.newPage(), await chromium.newPage()];
    await users.signIn(here);
    await there.goto(`${chromium.service.standIn.url}/logout`);
    expect(await heading(there)).toBe('You have signed out');
    await chromium.service.standIn.backchannelLogoutsSettled();
    expect(await heading(here)).toBe('You are signed in');
    await follow(here.getByRole('link', { name: 'Your account' }));
    expect(await heading(here)).toBe('Sign in');
    expect(here.url()).toContain(chromium.service.standIn.url);
  });

  test('a user who is told how long their session lasts is told, too, that it has ended', async () => {
    const page = await chromium.newPage();
    await users.signIn(page);
    await follow(page.getByRole('link', { name: 'Your session' }));
    expect(await heading(page)).toBe('How long you stay signed in');
    const { sub } = chromium.service.standIn.people.find(({ id }) => id === 'maria') ?? { sub: '' };
    await chromium.service.standIn.sendBackchannelLogout({ sub });
    await page.reload();
    expect(await heading(page)).toBe('You have been signed out');
  });

  test('signing out in one tab signs out the others', async () => {
    const [one, other] = [await chromium.newPage(), await chromium.newPage()];
    await users.signIn(one);
    await other.goto(`${chromium.service.url}/account`);
    expect(await heading(other)).toBe('Your account');
    await follow(one.getByRole('link', { name: 'Sign out' }));
    await follow(other.getByRole('link', { name: 'Your application' }));
    expect(await heading(other)).toBe('You need to prove your identity');
    await other.goto(chromium.service.url);
    expect(await heading(other)).toBe('Example service');
  });
});
