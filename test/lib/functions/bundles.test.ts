import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listFunctions, writePages } from '../../../lib/functions/bundles.ts';
import { functionPages } from '../../../lib/pages/page-definitions.ts';
import { renderPages } from '../../../lib/pages/render-pages.ts';
import { pageConfig } from '../../support/rendered-pages.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'bundles-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

describe('listFunctions', () => {
  it('finds the folders of lambdas with an index.ts', () => {
    const names = listFunctions();
    expect(names).toEqual(expect.arrayContaining(['callback', 'login', 'logout', 'userinfo']));
    expect(names).toEqual(names.toSorted());
    expect(names).not.toContain('core');
    for (const name of names) expect(existsSync(`lambdas/${name}/index.ts`)).toBe(true);
  });
});

describe('writePages', () => {
  it.each([
    ['login', ['pages.json']],
    ['example-service', ['frames.json']],
    ['userinfo', []],
  ])('writes the pages that the function %s shows', (name, files) => {
    const target = mkdtempSync(join(directory, name));
    writePages({ ...pageConfig, authorizers: [] }, name, target);
    expect(readdirSync(target)).toEqual(files);
    const pages = functionPages[name];
    if (pages === undefined) return;
    const text = readFileSync(join(target, 'pages.json'), 'utf8');
    expect(text).toBe(JSON.stringify(renderPages(pageConfig, pages)));
    expect(text).toContain(pageConfig.serviceName);
  });
});
