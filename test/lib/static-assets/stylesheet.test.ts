import { describe, expect, test } from '@jest/globals';
import { rewriteStylesheet, rulesAbout } from '../../../lib/pages/static-assets/stylesheet.ts';

const served = (url: string) => (url === '/assets/a.woff2' ? 'a-1.woff2' : undefined);

describe('rewriting a stylesheet', () => {
  test('names the files as they are served, and drops sources of a font that are not', () => {
    const css = '@font-face{src:url(/assets/a.woff2) format("woff2"),url("/assets/a.woff") format("woff")}';

    expect(rewriteStylesheet(css, served)).toBe('@font-face{src:url(a-1.woff2) format("woff2")}');
  });

  test.each([
    [
      'a custom property with the version',
      ':root{--x-frontend-version:"6.6.0";--colour:#fff}',
      ':root{--colour:#fff}',
    ],
    ['the same as the last one', ':root{--colour:#fff;--x-version:"6.6.0"}', ':root{--colour:#fff;}'],
    ['a comment', 'a{color:red}/* made by x 1.2.3 */', 'a{color:red}'],
    ['where the source is', 'a{color:red}\n/*# sourceMappingURL=x.css.map */\n', 'a{color:red}'],
  ])('leaves out %s', (_name, css, expected) => {
    expect(rewriteStylesheet(css, served)).toBe(expected);
  });

  test("keeps the notice of the font's copyright", () => {
    expect(rewriteStylesheet('/*! Copyright (c) A. Person */a{color:red}', served)).toContain('A. Person');
  });

  test('refuses one that refers to a file which is not served', () => {
    expect(() => rewriteStylesheet('a{background:url(/assets/new.svg)}', served)).toThrow('/assets/new.svg');
  });

  test('refuses one that tells a version all the same', () => {
    expect(() => rewriteStylesheet('/*! x 1.2.3 */', served)).toThrow('tells a version, 1.2.3');
  });
});

test('takes only the rules about some classes, those within media queries as well', () => {
  const css = `/* .mine { */
.other{color:red}.mine{color:blue}
@media print{.other{color:black}}
@media (min-width:1em){@supports (color:red){.mine__part:focus{color:black}}}`;

  expect(rulesAbout(css, ['mine'])).toBe(
    '.mine{color:blue}\n@media (min-width:1em){@supports (color:red){.mine__part:focus{color:black}}}',
  );
});
