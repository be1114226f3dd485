import { expect, test } from '@jest/globals';
import { choose, follow } from '../support/pages/visit.ts';
import { inChromium } from './in-chromium.ts';
import { usersOf } from './users.ts';

inChromium('proving an identity', (chromium) => {
  const users = usersOf(chromium);

  test('a user proves their identity when a page needs it', async () => {
    const page = await chromium.newPage();
    await users.signIn(page);
    await follow(page.getByRole('link', { name: 'Your application' }));
    await follow(page.getByRole('button', { name: 'Prove your identity' }));
    await choose({ page }, 'maria');
    expect(page.url()).toBe(`${chromium.service.url}/application`);
    expect(await page.locator('main').innerText()).toContain('Your name is Maria Grace Okafor.');
  });

  test('a user who proved it at a Post Office comes back by the e-mail, and sees the result', async () => {
    const { standIn } = chromium.service;
    const before = await chromium.newPage();
    await before.goto(`${chromium.service.publicUrl}/prove-identity`);
    await choose({ page: before }, 'in-person');

    const page = await chromium.newPage();
    await page.goto(standIn.finishInPersonCheck('in-person', 'PROVED'));
    await follow(page.getByRole('button', { name: 'Continue' }));
    if (page.url().startsWith(standIn.url)) await choose({ page }, 'in-person');
    expect(new URL(page.url()).pathname).toBe('/identity-result');
    expect(await page.locator('main').innerText()).toContain('Your identity has been proved.');
  });
});
