import { readdirSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { errorTable } from '../../lambdas/core/errors.ts';
import { paths } from '../../lambdas/example-service-pages.ts';
import { errorPages, stepPages } from '../../lambdas/http/pages/page-file.ts';
import { texts } from '../../lib/pages/page-texts.ts';
import { catalogue, sites } from '../support/pages/catalogue.ts';

const standInPages = new URL('../../stand-in/pages/', import.meta.url);

test('the catalogue has every page that the stand-in can make', async () => {
  const makers: string[] = [];
  for (const file of readdirSync(standInPages)) {
    const exported = Object.keys(await import(new URL(file, standInPages).href));
    makers.push(...exported.filter((name) => name.endsWith('Page')));
  }
  expect(makers.length).toBeGreaterThan(5);
  const catalogued = new Set(catalogue['stand-in'].map(({ madeBy }) => madeBy));
  expect(makers.filter((name) => !catalogued.has(name))).toEqual([]);
});

test('the catalogue has every page that the routes can show, those of the table of errors among them', () => {
  const names = new Set(catalogue['relying-party'].map(({ name }) => name));
  const inTable = Object.values(errorTable).map(({ page }) => page);
  expect([...errorPages, ...stepPages, ...inTable].filter((name) => !names.has(name))).toEqual([]);
});

test('the catalogue has every page that API Gateway shows by itself', () => {
  const names = new Set(catalogue['relying-party'].map(({ name }) => name));
  expect(Object.keys(texts.en.gatewayPages).filter((name) => !names.has(name))).toEqual([]);
});

test('the catalogue has every page of the example service', () => {
  const catalogued = new Set(catalogue['example-service'].map(({ madeBy }) => madeBy));
  expect(paths.filter((path) => !catalogued.has(path))).toEqual([]);
});

test('no two pages of a site have the same name', () => {
  for (const site of sites) {
    const names = catalogue[site].map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
  }
});
