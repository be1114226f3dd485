import { expect, test } from '@jest/globals';
import type { CataloguedPage } from '../support/pages/catalogue.ts';
import { gatewayPages } from '../support/pages/gateway-pages.ts';
import { follow } from '../support/pages/visit.ts';
import { testLanguageSwitch } from './language-switch.ts';
import { describePagesOf, type Visited } from './page-rules.ts';

describePagesOf('relying-party', (visited) => {
  testReference(visited);
  testLanguageSwitch(visited);
  testAction(visited);
});

/** What a user can quote leads to the line of the log that says what was wrong. */
function testReference({ catalogued, opened, service }: Visited): void {
  if (!catalogued.isError || isGateways(catalogued)) return;

  test('shows the number of its request, by which the log knows it', async () => {
    const text = await opened().page.locator('main').innerText();
    const [reference] = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(text) ?? ['none'];
    const lines = service().logs.filter(({ line }) => line.includes(reference));
    expect(lines.map(({ line }) => JSON.parse(line).event)).toContain('refused');
  });
}

/** Nobody is left without a way on. */
function testAction({ catalogued, opened, service }: Visited): void {
  test('has one action for each language, which leads on', async () => {
    const { page } = opened();
    // Besides the address of who helps.
    const actions = page.locator('main').locator('a:not([href^="mailto:"]), button');
    expect(await actions.count()).toBe(isGateways(catalogued) ? 2 : 1);
    await follow(actions.first());
    expect([service().url, service().standIn.url]).toContain(new URL(page.url()).origin);
  });
}

/** API Gateway's own pages are in both languages at once, and what it refuses no function has a log of. */
function isGateways({ name }: CataloguedPage): boolean {
  return gatewayPages.some((page) => page.name === name);
}
