import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type Bundle,
  bundle,
  bundleFunctions,
  discoverFunctions,
} from '../../../lib/functions/bundling/bundle-functions.ts';
import { pageConfig } from '../../support/rendered-pages.ts';

const directory = mkdtempSync(join(tmpdir(), 'bundle-functions-'));
afterAll(() => rmSync(directory, { recursive: true }));

let bundles: readonly Bundle[];
beforeAll(() => {
  bundles = bundle(discoverFunctions(), join(directory, 'once'));
});

function packagesOf(name: string): ReadonlySet<string> {
  const found = bundles.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no bundle of ${name}`);
  return found.contents.packages;
}

describe('the functions of the project', () => {
  test('are the folders of lambdas that have an index.ts', () => {
    const names = [...discoverFunctions().keys()];
    expect(names).toEqual(expect.arrayContaining(['callback', 'login', 'logout', 'userinfo']));
    expect(names).toEqual([...names].sort());
    expect(names).not.toContain('core');
    expect(names).not.toContain('adapters');
    for (const name of names) expect(existsSync(`lambdas/${name}/index.ts`)).toBe(true);
  });
});

describe('the bundles', () => {
  test('are one index.mjs in a directory for each function', () => {
    for (const { name, directory: own, file } of bundles) {
      expect(own).toBe(join(directory, 'once', name));
      expect(readdirSync(own)).toEqual(['index.mjs']);
      expect(file).toBe(join(own, 'index.mjs'));
    }
    expect(readdirSync(join(directory, 'once')).sort()).toEqual([...discoverFunctions().keys()]);
  });

  test('export the handler by its name', () => {
    for (const { file } of bundles) {
      expect(readFileSync(file, 'utf8')).toMatch(/export\s*\{[^}]*\bas handler\b[^}]*\}/);
    }
  });

  test('are the same bytes whenever and wherever they are made', () => {
    const again = bundleFunctions(pageConfig, join(directory, 'somewhere', 'else'));
    expect([...again.keys()]).toEqual(bundles.map(({ name }) => name));
    for (const { name, file } of bundles) {
      const second = readFileSync(join(again.get(name) ?? '', 'index.mjs'));
      expect(second.equals(readFileSync(file))).toBe(true);
    }
    const pagesOf = (directories: ReadonlyMap<string, string>) =>
      readFileSync(join(directories.get('login') ?? '', 'pages.json'), 'utf8');
    expect(pagesOf(bundleFunctions(pageConfig, join(directory, 'a-third-time')))).toBe(pagesOf(again));
  });

  test('have the pages of the service beside them, where a function shows some', () => {
    const directories = bundleFunctions(pageConfig, join(directory, 'with-pages'));
    const withPages = [...directories].filter(([, own]) => existsSync(join(own, 'pages.json')));

    expect(withPages.map(([name]) => name)).toEqual(['callback', 'login', 'logout']);
    for (const [, own] of withPages) {
      expect(readdirSync(own).sort()).toEqual(['index.mjs', 'pages.json']);
      const pages = readFileSync(join(own, 'pages.json'));
      expect(pages.toString()).toContain(pageConfig.serviceName);
      expect(pages.length).toBeLessThanOrEqual(30_000);
    }
  });

  test('hold no template engine, and no page', () => {
    for (const { name, file, contents } of bundles) {
      expect([...contents.packages]).not.toContain('nunjucks');
      // What the example service shows differs with its user.
      if (name !== 'example-service') expect(readFileSync(file, 'utf8')).not.toMatch(/<html|govuk-/);
    }
  });

  test('say nothing of where they were made', () => {
    for (const { file } of bundles) expect(readFileSync(file, 'utf8')).not.toContain(process.cwd());
  });

  test.each(['userinfo', 'logout', 'authorizer'])('do not hold the KMS client in %s', (name) => {
    expect(packagesOf(name)).toContain('@aws-sdk/client-dynamodb');
    expect(packagesOf(name)).not.toContain('@aws-sdk/client-kms');
  });

  test('hold the KMS client in callback, which signs', () => {
    expect(packagesOf('callback')).toContain('@aws-sdk/client-kms');
  });

  test('hold nothing of the SDK that only runs outside Lambda', () => {
    const packages = new Set(bundles.flatMap(({ contents }) => [...contents.packages]));
    const unwanted = [...packages].filter((name) =>
      /credential-provider|token-providers|nested-clients|endpoint-(discovery|cache)|mnemonist/.test(name),
    );
    expect(unwanted).toEqual([]);
  });

  test('import neither node:process nor node:http, which are slow to import, nor anything for event streams', () => {
    // Nobody waits for collect-audit, and what it is sent is compressed.
    for (const { file } of bundles.filter(({ name }) => name !== 'collect-audit')) {
      const imported = [...readFileSync(file, 'utf8').matchAll(/\bfrom\s*"([^"]+)"/g)].map(
        ([, name]) => name,
      );
      expect(imported.length).toBeGreaterThan(0);
      expect(imported.filter((name) => /^(node:)?(process|http|zlib)$/.test(String(name)))).toEqual([]);
    }
  });

  test('fail with the place of the mistake when something does not compile', () => {
    const missing = new Map([['missing', 'test/lib/bundling/no-such-function.ts']]);
    expect(() => bundle(missing, join(directory, 'missing'))).toThrow(
      'test/lib/bundling/no-such-function.ts',
    );
  });

  test('fail when something that is imported will be undefined', () => {
    const file = join(directory, 'incomplete.mjs');
    writeFileSync(
      file,
      "import * as process from 'node:process'; export const handler = () => process.argv;",
    );
    const incomplete = new Map([['incomplete', file]]);
    expect(() => bundle(incomplete, join(directory, 'incomplete'))).toThrow(
      '"argv" will always be undefined',
    );
  });
});
