import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { browserIsThere, complaintsOf, launchBrowser } from '../support/chromium.ts';
import { narrow } from '../support/pages/open-page.ts';
import { until } from '../support/until.ts';
import { accessibilityViolations } from './checks/accessibility.ts';
import { htmlMistakes } from './checks/html.ts';
import { focusMistakes, skipMistakes } from './checks/keyboard.ts';
import { measure } from './checks/measure.ts';
import { setTextSize } from './checks/text-size.ts';

let browser: Browser;
let context: BrowserContext;
let complaints: string[];
let page: Page;

/** A page in which nothing is wrong. */
const good = {
  head: '<meta name="viewport" content="width=device-width, initial-scale=1"><title>A page</title>',
  style: 'body { font-size: 1rem; } .skip:not(:focus) { position: absolute; left: -999rem; }',
  skipLink: '<a class="skip" href="#main">Skip to main content</a>',
  header: '<header><a href="/home">Home</a></header>',
  main: '<h1>A page</h1>\n<p>Words. <a href="/more">More</a></p>',
  footer: '<footer><a href="/terms">Terms</a></footer>',
};

(browserIsThere ? describe : describe.skip)('what is checked of each page', () => {
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  beforeEach(async () => {
    context = await browser.newContext({ viewport: narrow });
    complaints = complaintsOf(context);
    page = await context.newPage();
  });
  afterEach(() => context.close());

  /** Shows the good page with something in it replaced. @returns its HTML */
  async function show(changes: Partial<typeof good> = {}, headers: Record<string, string> = {}) {
    const { head, style, skipLink, header, main, footer } = { ...good, ...changes };
    const body = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
${head}
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
${skipLink}
${header}
<main id="main">
${main}
</main>
${footer}
</body>
</html>
`;
    await page.route('http://page.example/', (route) =>
      route.fulfill({ contentType: 'text/html', body, headers }),
    );
    await page.goto('http://page.example/');
    return body;
  }

  test('finds nothing wrong with a good page', async () => {
    expect(await htmlMistakes(await show())).toEqual([]);
    expect(await accessibilityViolations(page)).toEqual([]);
    expect(await measure(page, 'losses')).toEqual([]);
    expect(await focusMistakes(page)).toEqual([]);
    expect(await skipMistakes(page)).toEqual([]);
    expect(await measure(page, 'outline')).toEqual({ language: 'en', title: 'A page', headings: ['A page'] });
    expect(complaints).toEqual([]);
  });

  test.each([
    ['images without a text', { main: '<h1>A page</h1><img src="data:,">' }, 'image-alt'],
    ['too little contrast', { main: '<h1>A page</h1><p style="color: #999">Words</p>' }, 'color-contrast'],
    [
      'targets that are too small',
      {
        main: '<h1>A page</h1><button>.</button><button>.</button>',
        style: 'button { all: unset; font-size: 6px }',
      },
      'target-size',
    ],
    ['what is no good practice', { footer: '<p>Outside every landmark</p>' }, 'region'],
    [
      'what it can’t decide',
      { main: '<h1>A page</h1><p style="background: linear-gradient(red, blue)">Words</p>' },
      'undecided: color-contrast',
    ],
  ])('axe-core finds %s', async (_name, changes, rule) => {
    await show(changes);
    expect((await accessibilityViolations(page)).join('\n')).toContain(rule);
  });

  test.each([
    [
      'elements where they may not be',
      { main: '<h1>A page</h1><ul><p>Words</p></ul>' },
      'element-permitted-content',
    ],
    ['an id that is there twice', { footer: '<footer id="main">Words</footer>' }, 'no-dup-id'],
    ['an element that is not closed', { main: '<h1>A page</h1><div>' }, 'close-order'],
  ])('the validator finds %s', async (_name, changes, rule) => {
    const mistakes = (await htmlMistakes(await show(changes))).join('\n');
    expect(mistakes).toContain(rule);
  });

  test.each([
    ['wider than the window', `<h1>A page</h1><pre>${'word '.repeat(40)}</pre>`, /the page is \d+ px wide/],
    [
      'that is cut off',
      `<h1>A page</h1><p style="overflow: hidden; height: 1rem">${'word '.repeat(40)}</p>`,
      /cut off: p/,
    ],
    [
      'below other text',
      '<h1>A page</h1><p>Words</p><p style="margin-top: -2.2rem">Others</p>',
      /one above the other: p “Words” and p “Others”/,
    ],
  ])('a text is found %s', async (_name, main, expected) => {
    await show({ main });
    expect((await measure(page, 'losses')).join('\n')).toMatch(expected);
  });

  test('a size of text in pixels is seen not to follow the browser', async () => {
    await show({ style: 'p { font-size: 16px }' });
    await setTextSize(page, 200);
    const sizes = new Map((await measure(page, 'texts')).map(({ text, fontSize }) => [text, fontSize]));
    expect([sizes.get('Words.'), sizes.get('A page')]).toEqual([16, 64]);
  });

  test.each([
    [
      'out of order',
      { footer: '<footer><a href="/terms" tabindex="1">Terms</a></footer>' },
      /^not a “Skip.*Terms” has the focus/,
    ],
    ['without a sign of the focus', { style: 'a:focus { outline: none }' }, /looks the same with the focus/],
    [
      'above the one before',
      { style: 'footer { position: absolute; top: 0 } main { margin-top: 5rem }' },
      /Terms” is above/,
    ],
  ])('a stop of the Tab key is found %s', async (_name, changes, expected) => {
    await show(changes);
    expect((await focusMistakes(page)).join('\n')).toMatch(expected);
  });

  test.each([
    ['missing', { skipLink: '' }, /Home” comes first/],
    ['leading nowhere', { skipLink: good.skipLink.replace('#main', '#nowhere') }, /has the focus/],
  ])('a skip link is found %s', async (_name, changes, expected) => {
    await show(changes);
    expect((await skipMistakes(page)).join('\n')).toMatch(expected);
  });

  test('the browser tells of a violation of the content security policy', async () => {
    await show({}, { 'content-security-policy': "default-src 'none'" });
    await until('a complaint', () => complaints.length > 0);
    expect(complaints.join()).toMatch(/Content Security Policy/);
  });
});
