import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import {
  browserIsRequired,
  browserIsThere,
  collectComplaints,
  launchBrowser,
  missingBrowser,
  startTimeout,
} from '../support/chromium.ts';
import { narrow } from '../support/pages/open-page.ts';
import { until } from '../support/until.ts';
import { findAccessibilityViolations } from './checks/accessibility.ts';
import { findHtmlMistakes } from './checks/html.ts';
import { findFocusMistakes, findSkipLinkMistakes } from './checks/keyboard.ts';
import { measure } from './checks/measure.ts';
import { setTextSize } from './checks/text-size.ts';

if (!browserIsThere && !browserIsRequired) process.stderr.write(`Tests are skipped: ${missingBrowser}\n`);

test('a browser is there, or is not required', () => {
  if (browserIsRequired && !browserIsThere) throw new Error(missingBrowser);
});

/** A page without mistakes. */
const good = {
  head: '<meta name="viewport" content="width=device-width, initial-scale=1"><title>A page</title>',
  style: 'body { font-size: 1rem; } .skip:not(:focus) { position: absolute; left: -999rem; }',
  skipLink: '<a class="skip" href="#main">Skip to main content</a>',
  header: '<header><a href="/home">Home</a></header>',
  main: '<h1>A page</h1>\n<p>Words. <a href="/more">More</a></p>',
  footer: '<footer><a href="/terms">Terms</a></footer>',
};

(browserIsThere ? describe : describe.skip)('the checks of pages', () => {
  let browser: Browser;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    browser = await launchBrowser();
    const context = await browser.newContext({ viewport: narrow });
    complaints = collectComplaints(context);
    page = await context.newPage();
  }, startTimeout);
  afterAll(() => browser?.close());

  /** Shows the good page with some parts replaced. @returns its HTML */
  async function show(changes: Partial<typeof good> = {}, headers: Record<string, string> = {}) {
    const { head, style, skipLink, header, main, footer } = { ...good, ...changes };
    const body = `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8">${head}<link rel="icon" href="data:,"><style>${style}</style></head>
<body>
${skipLink}${header}
<main id="main">${main}</main>
${footer}
</body>
</html>
`;
    await page.unrouteAll();
    await page.route('http://page.example/', (route) =>
      route.fulfill({ contentType: 'text/html', body, headers }),
    );
    await page.goto('http://page.example/');
    return body;
  }

  const checks = {
    'axe-core': () => findAccessibilityViolations(page),
    'the validator': findHtmlMistakes,
    'the check of the layout': () => measure(page, 'losses'),
    'the check of the focus': () => findFocusMistakes(page),
    'the check of the skip link': () => findSkipLinkMistakes(page),
  } satisfies Record<string, (html: string) => Promise<readonly string[]>>;

  test.each(Object.entries(checks))('%s finds no mistake in a good page', async (_, check) => {
    expect(await check(await show())).toEqual([]);
    expect(complaints).toEqual([]);
  });

  const words = 'word '.repeat(40);
  const inMain = (html: string) => ({ main: `<h1>A page</h1>${html}` });
  const tiny = { style: 'button { all: unset; font-size: 6px }' };

  test.each<[keyof typeof checks, string, Partial<typeof good>]>([
    ['axe-core', 'image-alt', inMain('<img src="data:,">')],
    ['axe-core', 'color-contrast', inMain('<p style="color: #999">Words</p>')],
    ['axe-core', 'target-size', { ...inMain('<button>.</button><button>.</button>'), ...tiny }],
    ['axe-core', 'region', { footer: '<p>Outside every landmark</p>' }],
    [
      'axe-core',
      'undecided: color-contrast',
      inMain('<p style="background: linear-gradient(red, blue)">Words</p>'),
    ],
    ['the validator', 'element-permitted-content', inMain('<ul><p>Words</p></ul>')],
    ['the validator', 'no-dup-id', { footer: '<footer id="main">Words</footer>' }],
    ['the validator', 'close-order', inMain('<div>')],
    ['the check of the layout', 'px wide in a window of 320 px', inMain(`<pre>${words}</pre>`)],
    [
      'the check of the layout',
      'cut off: p',
      inMain(`<p style="overflow: hidden; height: 1rem">${words}</p>`),
    ],
    [
      'the check of the layout',
      'one above the other: p “Words” and p “Others”',
      inMain('<p>Words</p><p style="margin-top: -2.2rem">Others</p>'),
    ],
    [
      'the check of the focus',
      'not a “Skip to main content”, but a “Terms” has the focus',
      { footer: '<footer><a href="/terms" tabindex="1">Terms</a></footer>' },
    ],
    [
      'the check of the focus',
      'looks the same with the focus',
      { style: 'a:focus { outline: 0; color: red }' },
    ],
    [
      'the check of the focus',
      'Terms” is above',
      { style: 'footer { position: absolute; top: 0 } main { margin-top: 5rem }' },
    ],
    ['the check of the skip link', 'Home” comes first', { skipLink: '' }],
    ['the check of the skip link', 'has the focus', { skipLink: good.skipLink.replace('main', 'nowhere') }],
  ])('%s finds a mistake: %s', async (name, expected, changes) => {
    expect((await checks[name](await show(changes))).join('\n')).toContain(expected);
  });

  test('the measured outline has the language, the title and the headings', async () => {
    await show();
    expect(await measure(page, 'outline')).toEqual({ language: 'en', title: 'A page', headings: ['A page'] });
  });

  test('the measured size of a text in pixels does not follow the browser', async () => {
    await show({ style: 'p { font-size: 16px }' });
    await setTextSize(page, 200);
    const sizes = new Map((await measure(page, 'texts')).map(({ text, fontSize }) => [text, fontSize]));
    expect([sizes.get('Words.'), sizes.get('A page')]).toEqual([16, 64]);
    await setTextSize(page, 100);
  });

  test('the measured shape differs with elements, classes and empty texts, and not with words', async () => {
    const measureShape = async (main: string) => {
      await show({ main });
      return measure(page, 'shape');
    };
    const shape = await measureShape('<p class="body">Words</p>');
    expect(await measureShape('<p class="body">Other words</p>')).toBe(shape);
    for (const main of ['<p class="other">Words</p>', '<p class="body"></p>', '<p>Words</p>', 'Words']) {
      expect(await measureShape(main)).not.toBe(shape);
    }
  });

  // id: browser-enforces-policy
  test.each([
    ['a violation of the content security policy', {}, "default-src 'none'", /Content Security Policy/],
    [
      'a script that is loaded',
      { head: `${good.head}<script src="/a.js"></script>` },
      '',
      /a script is loaded/,
    ],
  ])('the browser complains about %s', async (_, changes, policy, expected) => {
    await page
      .context()
      .route('**/a.js', (route) => route.fulfill({ contentType: 'text/javascript', body: '' }));
    await show(changes, { 'content-security-policy': policy });
    await until('a complaint', () => complaints.length > 0);
    expect(complaints.splice(0).join()).toMatch(expected);
  });
});
