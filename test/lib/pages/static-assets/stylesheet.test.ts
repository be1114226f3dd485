import { describe, expect, it } from '@jest/globals';
import { rewriteStylesheet, selectRules } from '../../../../lib/pages/static-assets/stylesheet.ts';

const served = (url: string) => (url === '/assets/a.woff2' ? 'a-1.woff2' : undefined);

describe('rewriteStylesheet', () => {
  it('uses the names of the served files, and drops sources of a font that are not served', () => {
    const css = '@font-face{src:url(/assets/a.woff2) format("woff2"),url("/assets/a.woff") format("woff")}';

    expect(rewriteStylesheet(css, served)).toBe('@font-face{src:url(a-1.woff2) format("woff2")}');
  });

  it.each([
    [
      'a custom property with the version',
      ':root{--x-frontend-version:"6.6.0";--colour:#fff}',
      ':root{--colour:#fff}',
    ],
    [
      'a version as the last custom property',
      ':root{--colour:#fff;--x-version:"6.6.0"}',
      ':root{--colour:#fff;}',
    ],
    ['a comment', 'a{color:red}/* made by x 1.2.3 */', 'a{color:red}'],
    ['the path of the source', 'a{color:red}\n/*# sourceMappingURL=x.css.map */\n', 'a{color:red}'],
  ])('leaves out %s', (_name, css, expected) => {
    expect(rewriteStylesheet(css, served)).toBe(expected);
  });

  it("keeps the notice of the font's copyright", () => {
    expect(rewriteStylesheet('/*! Copyright (c) A. Person */a{color:red}', served)).toContain('A. Person');
  });

  it('throws if a file is not served', () => {
    expect(() => rewriteStylesheet('a{background:url(/assets/new.svg)}', served)).toThrow('/assets/new.svg');
  });

  it('throws if a version is left', () => {
    expect(() => rewriteStylesheet('/*! x 1.2.3 */', served)).toThrow('contains a version, 1.2.3');
  });
});

describe('selectRules', () => {
  it('selects the rules of some classes, also within media queries', () => {
    const css = `/* .mine { */
.other{color:red}.mine{color:blue}
@media print{.other{color:black}}
@media (min-width:1em){@supports (color:red){.mine__part:focus{color:black}}}`;

    expect(selectRules(css, ['mine'])).toBe(
      '.mine{color:blue}\n@media (min-width:1em){@supports (color:red){.mine__part:focus{color:black}}}',
    );
  });
});
