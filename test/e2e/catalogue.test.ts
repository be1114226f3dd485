import { readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { errorTable } from '../../lambdas/core/errors.ts';
import { paths } from '../../lambdas/example-service-pages.ts';
import { errorPages, stepPages } from '../../lambdas/http/pages/page-file.ts';
import { texts } from '../../lib/pages/page-texts.ts';
import { catalogue, sites } from '../support/pages/catalogue.ts';

const standInPages = new URL('../../stand-in/pages/', import.meta.url);

describe('the catalogue', () => {
  const names = new Set(catalogue['relying-party'].map(({ name }) => name));
  const inTable = Object.values(errorTable).map(({ page }) => page);

  test.each<[string, readonly string[]]>([
    ['the routes', [...errorPages, ...stepPages]],
    ['the table of errors', inTable],
    ['API Gateway', Object.keys(texts.en.gatewayPages)],
  ])('has every page of %s', (_, pages) => {
    expect(pages.filter((name) => !names.has(name))).toEqual([]);
  });

  test('has every page of the example service', () => {
    const catalogued = new Set(catalogue['example-service'].map(({ madeBy }) => madeBy));
    expect(paths.filter((path) => !catalogued.has(path))).toEqual([]);
  });

  test('has every page of the stand-in', async () => {
    const makers: string[] = [];
    for (const file of readdirSync(standInPages)) {
      const exported = Object.keys(await import(new URL(file, standInPages).href));
      makers.push(...exported.filter((name) => name.endsWith('Page')));
    }
    expect(makers.length).toBeGreaterThan(4);
    const catalogued = new Set(catalogue['stand-in'].map(({ madeBy }) => madeBy));
    expect(makers.filter((name) => !catalogued.has(name))).toEqual([]);
  });

  test.each(sites)('has no two pages of the %s with the same name', (site) => {
    const pages = catalogue[site].map(({ name }) => name);
    expect(pages).toEqual([...new Set(pages)]);
  });
});
