import { expect, test } from '@jest/globals';
import { followByKeyboard } from '../support/pages/visit.ts';
import { testLanguageSwitch } from './language-switch.ts';
import { describePagesOf, type Visited } from './page-rules.ts';

describePagesOf('example-service', (visited) => {
  // What failed doesn't fail any more, once somebody reads about it.
  if (visited.catalogued.status !== 503) testLanguageSwitch(visited);
  testSpaceKey(visited);
});

function testSpaceKey({ opened }: Visited): void {
  test('follows its button by the Space key, if it has one', async () => {
    const { page } = opened();
    const buttons = page.locator('main').getByRole('button');
    const url = page.url();
    if ((await buttons.count()) > 0) {
      await followByKeyboard(buttons.first());
      expect(page.url()).not.toBe(url);
    }
  });
}
