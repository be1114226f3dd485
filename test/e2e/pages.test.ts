import { describe, expect, test } from '@jest/globals';
import { type PageDefinition, pageDefinitions } from '../../lib/pages/page-definitions.ts';
import type { CataloguedPage } from '../support/pages/catalogue.ts';
import { gatewayPages } from '../support/pages/gateway-pages.ts';
import { follow, followByKeyboard, followFromElsewhere } from '../support/pages/visit.ts';
import { refusalsIn } from '../support/service.ts';
import { describeInChromium, page, service } from './in-chromium.ts';
import { describePages } from './page-rules.ts';
import { readHeading } from './users.ts';

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
  describe('offers', () => {
    /** Starts at a route of ours, and presses a button of the stand-in's page after an optional choice there. */
    async function choose(route: 'login' | 'prove-identity', button: string, choice?: string) {
      await page.goto(`${service.publicUrl}/${route}?return_to=/`);
      if (choice !== undefined) await page.getByRole('radio', { name: choice, exact: true }).first().click();
      await follow(page.getByRole('button', { name: button, exact: true }));
    }

    test('a person by one click', async () => {
      await choose('login', 'Tomos Pugh – no phone number (authenticator app)');
      expect(page.url()).toBe(`${service.url}/`);
      expect(await page.locator('main').innerText()).toContain('tomos@example.com');
    });

    test.each([
      ['an error', ['access_denied – no description'], 'authorization_access_denied'],
      [
        'a fault with a person',
        ['Maria Okafor – e-mail and phone', 'NONCE_NOT_MATCHING'],
        'id_token_nonce_unexpected',
      ],
    ] as const)('%s', async (_, [button, choice], code) => {
      const since = service.watch();
      await choose('login', button, choice);
      expect(refusalsIn(since())).toEqual([code]);
    });

    test('the outcome of an identity check with a person', async () => {
      await choose(
        'prove-identity',
        'Maria Okafor – e-mail and phone',
        'The person has to go to a Post Office',
      );
      expect(await readHeading()).toBe('Prove your identity at a Post Office');
    });
  });

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
