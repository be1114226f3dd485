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
    await follow(page.getByRole('link', { name: 'Prove your identity' }));
    await choose({ page }, 'maria');
    expect(page.url()).toBe(`${chromium.service.url}/application`);
    expect(await page.locator('main').innerText()).toContain('Your name is Maria Grace Okafor.');
  });
});
