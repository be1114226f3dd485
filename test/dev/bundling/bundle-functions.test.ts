import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type Bundle,
  bundle,
  bundleFunctions,
  findEntryPoints,
} from '../../../dev/bundling/bundle-functions.ts';

const directory = mkdtempSync(join(tmpdir(), 'bundle-functions-'));
afterAll(() => rmSync(directory, { recursive: true }));

let bundles: readonly Bundle[];
beforeAll(() => {
  bundles = bundle(findEntryPoints(), join(directory, 'once'));
});

describe('bundle', () => {
  it('writes one index.mjs into a directory for each function', () => {
    for (const { name, directory: own, file } of bundles) {
      expect(own).toBe(join(directory, 'once', name));
      expect(readdirSync(own)).toEqual(['index.mjs']);
      expect(file).toBe(join(own, 'index.mjs'));
    }
    expect(readdirSync(join(directory, 'once')).sort()).toEqual([...findEntryPoints().keys()]);
  });

  it('exports the handler by its name', () => {
    for (const { file } of bundles) {
      expect(readFileSync(file, 'utf8')).toMatch(/export\s*\{[^}]*\bas handler\b[^}]*\}/);
    }
  });

  it('leaves out the template engine and the pages', () => {
    for (const { name, file, contents } of bundles) {
      expect([...contents.packages]).not.toContain('nunjucks');
      // The pages of the example service differ with the user.
      if (name !== 'example-service') expect(readFileSync(file, 'utf8')).not.toMatch(/<html|govuk-/);
    }
  });

  it('leaves out the path of the project', () => {
    for (const { file } of bundles) expect(readFileSync(file, 'utf8')).not.toContain(process.cwd());
  });

  it('includes the KMS client only in a function that signs', () => {
    const withClient = (service: string) =>
      bundles
        .filter(({ contents }) => contents.files.has(`lambdas/adapters/${service}/client.ts`))
        .map(({ name }) => name);

    expect(withClient('kms')).toEqual(['callback', 'login', 'publish-jwks']);
    expect(withClient('dynamodb')).toEqual(expect.arrayContaining(['userinfo', 'logout', 'authorizer']));
  });

  it('includes the SDK only in a function that no user waits for', () => {
    const withSdk = bundles.filter(({ contents }) =>
      [...contents.packages].some((name) => /^@(aws-sdk|smithy)\//.test(name)),
    );
    expect(withSdk.map(({ name }) => name)).toEqual(['reserve-concurrency']);
  });

  it('leaves out the parts of the SDK that only run outside Lambda', () => {
    const packages = new Set(bundles.flatMap(({ contents }) => [...contents.packages]));
    const unwanted = [...packages].filter((name) =>
      /credential-provider|token-providers|nested-clients|endpoint-(discovery|cache)|mnemonist/.test(name),
    );
    expect(unwanted).toEqual([]);
  });

  it('has no import of what is slow to import', () => {
    const texts = bundles.map(({ file }) => readFileSync(file, 'utf8'));
    const imported = texts.flatMap((text) =>
      [...text.matchAll(/\bfrom\s*"([^"]+)"/g)].map(([, name]) => name),
    );
    expect(imported).toContain('node:timers/promises');
    expect(
      imported.filter((name) => /^(node:)?(process|http|https|crypto|zlib)$/.test(String(name))),
    ).toEqual([]);
  });

  it('loads node:zlib only where sessions or its input are compressed', () => {
    const loading = bundles.filter(({ file }) => readFileSync(file, 'utf8').includes('"node:zlib"'));
    expect(loading.map(({ name }) => name)).toEqual([
      'authorizer',
      'callback',
      'collect-audit',
      'login',
      'logout',
      'userinfo',
    ]);
  });

  it('throws with the file name if something does not compile', () => {
    const missing = new Map([['missing', 'test/dev/bundling/no-such-function.ts']]);
    expect(() => bundle(missing, join(directory, 'missing'))).toThrow(
      'test/dev/bundling/no-such-function.ts',
    );
  });

  it('throws if an import is undefined', () => {
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

describe('bundleFunctions', () => {
  // id: reproducible-bundles
  it('makes the same bundles at every time and place', () => {
    const others = bundleFunctions(join(directory, 'somewhere', 'else'));

    expect(others.map(({ name }) => name)).toEqual(bundles.map(({ name }) => name));
    for (const [index, { file }] of bundles.entries()) {
      expect(readFileSync(others[index]?.file ?? '', 'utf8') === readFileSync(file, 'utf8')).toBe(true);
    }
  });
});
