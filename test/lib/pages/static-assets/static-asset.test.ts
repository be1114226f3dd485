import { describe, expect, it } from '@jest/globals';
import { renderServiceAssets } from '../../../../lib/pages/static-assets/session-timeout.ts';
import { findAssetPath, pageAssets, renderAsset } from '../../../../lib/pages/static-assets/static-asset.ts';

const all = pageAssets.map(renderAsset);
const text = (name: (typeof all)[number]['name']) => renderAsset(name).content.toString();

describe('renderAsset', () => {
  it('puts the name and a hash into the path, and nothing of a library', () => {
    for (const { name, path } of all) {
      const [stem, extension] = name.split('.');

      expect(path).toMatch(new RegExp(`^assets/${stem}-[0-9a-f]{16}\\.${extension}$`));
      expect(path).not.toMatch(/frontend|v\d|\d\.\d/);
    }
    expect(findAssetPath('govuk.css')).toBe(renderAsset('govuk.css').path);
  });

  it('makes stylesheets refer only to the assets beside them', () => {
    const paths = all.map(({ path }) => path);
    const referred = (['govuk.css', 'service-header.css'] as const).flatMap((name) =>
      [...text(name).matchAll(/url\(([^)]*)\)/g)].map(([, url]) => `assets/${url}`),
    );

    expect(new Set(referred)).toEqual(
      new Set([
        findAssetPath('gds-transport-light.woff2'),
        findAssetPath('gds-transport-bold.woff2'),
        findAssetPath('govuk-crest.svg'),
      ]),
    );
    expect(paths).toEqual(expect.arrayContaining(referred));
  });

  it('leaves versions of libraries and paths of sources out of stylesheets', () => {
    const telling = /\d+\.\d+\.\d+|frontend-version|sourceMapping|node_modules/;
    const found = all
      .filter(({ name }) => /\.css$/.test(name))
      .map(({ name, content }) => [name, telling.exec(content.toString())?.[0]]);

    expect(found).toEqual([
      ['govuk.css', undefined],
      ['service-header.css', undefined],
    ]);
  });

  it('leaves the rules of GOV.UK Frontend out of the stylesheet of the service header', () => {
    expect(text('service-header.css')).toContain('.rebranded-one-login-header__nav');
    expect(text('service-header.css')).toContain('.toggle-enabled .rebranded-one-login-header__nav__list');
    expect(text('service-header.css')).not.toContain('.govuk-');
  });
});

describe('renderServiceAssets', () => {
  const render = (idleMinutes: number, absoluteMinutes: number) =>
    renderServiceAssets({ session: { idleMinutes, absoluteMinutes } });

  it('puts neither a hash nor a name of the sources into the path', () => {
    expect(render(60, 480).map(({ path }) => path)).toEqual([
      'assets/session-timeout.js',
      'assets/session-timeout.css',
    ]);
  });

  it.each([
    ['an hour', 60, 480, { warning: 300, margin: 60, leastGain: 360 }],
    ['15 minutes', 15, 480, { warning: 300, margin: 45, leastGain: 90 }],
    ['3 minutes', 3, 480, { warning: 60, margin: 9, leastGain: 18 }],
    ['10 minutes in all', 10, 10, { warning: 200, margin: 30, leastGain: 60 }],
  ])('makes the warning no longer than a third of a session of %s', (_, idle, absolute, expected) => {
    const script = render(idle, absolute)[0]?.content.toString() ?? '';
    const numbers = script.match(/\b\d+000\b/g) ?? [];
    expect(numbers.sort()).toEqual(
      expect.arrayContaining(Object.values(expected).map((seconds) => `${seconds}000`)),
    );
    expect(script).not.toMatch(/WARNING|MARGIN|LEAST_GAIN|TEXTS/);
  });

  it('stays small, because browsers read the files again every 5 minutes', () => {
    const [script, stylesheet] = render(60, 480).map(({ content }) => content.length);
    expect(script).toBeLessThan(4.5 * 1024);
    expect(stylesheet).toBeLessThan(1.5 * 1024);
  });

  it('needs only ASCII, because a script has the encoding of its page', () => {
    for (const { content } of render(60, 480)) expect(content.every((byte) => byte < 128)).toBe(true);
  });
});
