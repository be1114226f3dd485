import { expect, test } from '@jest/globals';
import { type PageDefinition, pageDefinitions } from '../../lib/pages/page-definitions.ts';
import type { CataloguedPage } from '../support/pages/catalogue.ts';
import { gatewayPages } from '../support/pages/gateway-pages.ts';
import { followByKeyboard } from '../support/pages/visit.ts';
import { testLanguageSwitch } from './language-switch.ts';
import { describePagesOf, type Visited } from './page-rules.ts';

describePagesOf('relying-party', (visited) => {
  testReference(visited);
  testLanguageSwitch(visited);
  testAction(visited);
});

/** What a user can quote leads to the line of the log that says what was wrong. */
function testReference({ catalogued, opened, service }: Visited): void {
  if (!definitionOf(catalogued)?.showsReference) return;

  test('shows a number that can be read over a telephone, by which the log knows the request', async () => {
    const text = await opened().page.locator('main').innerText();
    const [, reference = 'none'] = /(?:Reference number|Cyfeirnod): (\S+)/.exec(text) ?? [];
    expect(reference).toMatch(/^[0-9a-f]{8}$/);
    const found = service()
      .logs.filter(({ line }) => line.includes(`"request_id":"${reference}-`))
      .map(({ line }) => JSON.parse(line).event);
    expect(found).toEqual(expect.arrayContaining(['refused', 'audit', 'answered']));
  });
}

/** Nobody is left without a way on: where the design system has no action, the service's name in the header is one. */
function testAction({ catalogued, opened, service }: Visited): void {
  test('has its action in each language, and what the keyboard follows leads on', async () => {
    const { page } = opened();
    // Besides who helps.
    const actions = page
      .locator('main')
      .locator('a:not([href^="mailto:"], [href^="https://www.gov.uk/"]), button');
    const { action, cancelUrl } = definitionOf(catalogued) ?? {
      action: catalogued.name !== 'page-not-found',
      cancelUrl: undefined,
    };
    const languagesOnPage = isGateways(catalogued) ? 2 : 1;
    expect(await actions.count()).toBe((action ? languagesOnPage : 0) + (cancelUrl ? 1 : 0));
    await followByKeyboard(
      action ? actions.first() : page.locator('.govuk-service-navigation__link').first(),
    );
    expect([service().url, service().standIn.url]).toContain(new URL(page.url()).origin);
  });
}

/** Undefined for API Gateway's own pages. */
function definitionOf({ name }: CataloguedPage): PageDefinition | undefined {
  return (pageDefinitions as Readonly<Record<string, PageDefinition>>)[name];
}

/** Those are in both languages at once. */
function isGateways({ name }: CataloguedPage): boolean {
  return gatewayPages.some((page) => page.name === name);
}
