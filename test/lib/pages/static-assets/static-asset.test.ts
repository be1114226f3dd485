import { describe, expect, it } from '@jest/globals';
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
