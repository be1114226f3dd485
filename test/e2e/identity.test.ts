import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { choose, follow, tick } from '../support/pages/visit.ts';
import { inChromium } from './in-chromium.ts';
import { heading, usersOf } from './users.ts';

inChromium('proving an identity', (chromium) => {
  const users = usersOf(chromium);

  /** Signs in, goes to the page that needs an identity, and from there to One Login. */
  async function begin(): Promise<Page> {
    const page = await chromium.newPage();
    await users.signIn(page);
    await follow(page.getByRole('link', { name: 'Your application' }));
    expect(await heading(page)).toBe('You need to prove your identity');
    await follow(page.getByRole('button', { name: 'Prove your identity' }));
    return page;
  }

  async function expectProved(page: Page): Promise<void> {
    expect(page.url()).toBe(`${chromium.service.url}/application`);
    expect(await page.locator('main').innerText()).toContain('Your name is Maria Grace Okafor.');
  }

  test('a user proves their identity when a page needs it', async () => {
    const page = await begin();
    await choose({ page }, 'maria');
    await expectProved(page);
  });

  test('a user whose identity was not proved is told so, stays signed in, and can try again', async () => {
    const page = await begin();
    await tick({ page }, 'NOT_PROVED_WITH_RETURN_CODES');
    await choose({ page }, 'maria');
    expect(await heading(page)).toBe('You could not prove your identity');
    await follow(page.locator('main').getByRole('button'));
    expect(await heading(page)).toBe('You are signed in');
    await follow(page.getByRole('link', { name: 'Your application' }));
    await follow(page.getByRole('button', { name: 'Prove your identity' }));
    await choose({ page }, 'maria');
    await expectProved(page);
  });

  test('a user who cancels can begin again by one button, and ends where they wanted', async () => {
    const page = await begin();
    await choose({ page }, 'ACCESS_DENIED');
    await follow(page.locator('main').getByRole('button'));
    await choose({ page }, 'maria');
    await expectProved(page);
  });

  test.each([
    ['when the check went well', 'The result of your identity check'],
    ['when it did not', 'You could not prove your identity'],
  ])('a user who comes back from a Post Office is led to the result, %s', async (link, result) => {
    const page = await begin();
    await tick({ page }, 'IN_PERSON');
    await choose({ page }, 'maria');
    // Days later: the browser has been closed.
    await chromium.context.clearCookies();
    await follow(page.getByRole('link', { name: link }));
    expect(await heading(page)).toBe('Continue to see the result of your identity check');
    await follow(page.locator('main').getByRole('button'));
    await choose({ page }, 'maria');
    expect(await heading(page)).toBe(result);
  });
});
