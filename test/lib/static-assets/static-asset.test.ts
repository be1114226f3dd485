import { expect, test } from '@jest/globals';
import { assetPath, pageAssets, staticAsset } from '../../../lib/pages/static-assets/static-asset.ts';

const all = pageAssets.map(staticAsset);
const text = (name: (typeof all)[number]['name']) => staticAsset(name).content.toString();

test('the path of an asset holds its name and a hash, and nothing of a library', () => {
  for (const { name, path } of all) {
    const [stem, extension] = name.split('.');

    expect(path).toMatch(new RegExp(`^assets/${stem}-[0-9a-f]{16}\\.${extension}$`));
    expect(path).not.toMatch(/frontend|v\d|\d\.\d/);
  }
  expect(assetPath('govuk.css')).toBe(staticAsset('govuk.css').path);
});

test('stylesheets refer to nothing but the assets beside them', () => {
  const paths = all.map(({ path }) => path);
  const referred = (['govuk.css', 'service-header.css'] as const).flatMap((name) =>
    [...text(name).matchAll(/url\(([^)]*)\)/g)].map(([, url]) => `assets/${url}`),
  );

  expect(new Set(referred)).toEqual(
    new Set([
      assetPath('gds-transport-light.woff2'),
      assetPath('gds-transport-bold.woff2'),
      assetPath('govuk-crest.svg'),
    ]),
  );
  expect(paths).toEqual(expect.arrayContaining(referred));
});

test('no stylesheet tells the version of a library or where its source is', () => {
  const telling = /\d+\.\d+\.\d+|frontend-version|sourceMapping|node_modules/;
  const found = all
    .filter(({ name }) => /\.css$/.test(name))
    .map(({ name, content }) => [name, telling.exec(content.toString())?.[0]]);

  expect(found).toEqual([
    ['govuk.css', undefined],
    ['service-header.css', undefined],
  ]);
});

test('the stylesheet of the service header leaves the rules of the other stylesheet alone', () => {
  expect(text('service-header.css')).toContain('.rebranded-one-login-header__nav');
  expect(text('service-header.css')).toContain('.toggle-enabled .rebranded-one-login-header__nav__list');
  expect(text('service-header.css')).not.toContain('.govuk-');
});
