import { expect, test } from '@jest/globals';
import { type PageDefinition, pageDefinitions } from '../../lib/pages/page-definitions.ts';
import type { CataloguedPage } from '../support/pages/catalogue.ts';
import { gatewayPages } from '../support/pages/gateway-pages.ts';
import { followByKeyboard, followFromElsewhere } from '../support/pages/visit.ts';
import { describeInChromium, page, service } from './in-chromium.ts';
import { describePages } from './page-rules.ts';

// Besides who helps.
const actions = 'a:not([href^="mailto:"], [href^="https://www.gov.uk/"]), button';

describePages('relying-party', {
  async check(catalogued) {
    if (findDefinition(catalogued)?.showsReference) await expectReference();
    const { action, cancelUrl } = findDefinition(catalogued);
    const languagesOnPage = gatewayPages.includes(catalogued) ? 2 : 1;
    expect(await page.locator('main').locator(actions).count()).toBe(
      (action ? languagesOnPage : 0) + (cancelUrl ? 1 : 0),
    );
  },

  /** Every page leads on: where the design system has no action, by the service's name in the header. */
  async leave(catalogued) {
    const link = findDefinition(catalogued).action
      ? page.locator('main').locator(actions)
      : page.locator('.govuk-service-navigation__link');
    await followByKeyboard(link.first());
    expect([service.url, service.standIn.url]).toContain(new URL(page.url()).origin);
  },
});

describePages('example-service', {
  async leave() {
    const button = page.locator('main').getByRole('button').first();
    if ((await button.count()) === 0) return;
    const url = page.url();
    await followByKeyboard(button);
    expect(page.url()).not.toBe(url);
  },
});

describePages('stand-in');

describeInChromium("the stand-in's page", () => {
  test("begins with a warning that it is not GOV.UK One Login, and has none of GOV.UK's colours", async () => {
    await followFromElsewhere({ page }, service.standIn.url);
    expect(await page.getByRole('banner').innerText()).toMatch(/^This is not GOV\.UK One Login\./);
    const colours = await page.evaluate<string[]>(
      "[...document.querySelectorAll('body, header, main')].map((box) => getComputedStyle(box).backgroundColor)",
    );
    // Black, blue and grey.
    for (const colour of ['rgb(11, 12, 12)', 'rgb(29, 112, 184)', 'rgb(243, 242, 241)']) {
      expect(colours).not.toContain(colour);
    }
  });
});

/** A user can read the reference number over a telephone, and the log has the request under it. */
async function expectReference(): Promise<void> {
  const text = await page.locator('main').innerText();
  const [, reference = 'none'] = /(?:Reference number|Cyfeirnod): (\S+)/.exec(text) ?? [];
  expect(reference).toMatch(/^[0-9a-f]{8}$/);
  const events = service.logs
    .filter(({ line }) => line.includes(`"request_id":"${reference}-`))
    .map(({ line }) => JSON.parse(line).event);
  expect(events).toEqual(expect.arrayContaining(['refused', 'audit', 'answered']));
}

/** API Gateway's own pages have an action, except where the design system has none. */
function findDefinition({ name }: CataloguedPage): Pick<PageDefinition, 'showsReference' | 'cancelUrl'> & {
  readonly action?: unknown;
} {
  const definitions: Readonly<Record<string, PageDefinition>> = pageDefinitions;
  return definitions[name] ?? { action: name !== 'page-not-found' };
}
