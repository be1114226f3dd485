import { expect, test } from '@jest/globals';
import { follow } from '../support/pages/visit.ts';
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
    expect(await heading(page)).toBe('You have signed out');
    await page.goto(chromium.service.url);
    expect(await heading(page)).toBe('Example service');
  });
});
