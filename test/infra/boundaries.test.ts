import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The folders of functions in `lambdas/`. Functions share the other folders. */
const functions = globSync('lambdas/*/index.ts', { cwd: root }).map((file) => dirname(file));

const imports = listSources('{bin,dev,lib,lambdas}/**/*.ts').flatMap(readImports);

describe('the core', () => {
  it('imports nothing but itself, node:crypto and node:zlib', () => {
    const taken = imports.filter(({ from, to }) => isBelow(from, 'lambdas/core') && !isAllowedInCore(to));

    expect(taken.map(describeImport)).toEqual([]);
  });

  // id: core-is-pure
  it('takes everything as an argument: it reads no environment and no clock, and uses no network', () => {
    const offenders = listSources('lambdas/core/**/*.ts').filter((file) =>
      /\bprocess\.|(?<![.#\w])fetch\(|\bDate\.now\(|\bnew Date\(\)/.test(readCode(file)),
    );

    expect(offenders).toEqual([]);
  });
});

describe('lambdas', () => {
  it('import nothing from another function', () => {
    const between = imports.filter(({ from, to }) => {
      const [importer, imported] = [findFunctionFolder(from), findFunctionFolder(to)];
      return isBelow(from, 'lambdas') && imported !== undefined && importer !== imported;
    });

    expect(between.map(describeImport)).toEqual([]);
  });

  it('import nothing that runs at synthesis', () => {
    const taken = imports.filter(
      ({ from, to }) =>
        isBelow(from, 'lambdas') &&
        (isBelow(to, 'lib') || isBelow(to, 'bin') || isBelow(to, 'dev') || /^(aws-cdk|constructs)/.test(to)),
    );

    expect(taken.map(describeImport)).toEqual([]);
  });
});

describe('lib', () => {
  it('imports from lambdas only environments and what both share: languages, URLs, cookie names, secret members of keys, headers, metrics and pages', () => {
    const taken = imports.filter(({ from, to }) => isBelow(from, 'lib') && isBelow(to, 'lambdas'));
    const shared = taken.filter(({ to }) => !/^lambdas\/[\w-]+\/environment\.ts$/.test(to));

    expect(new Set(shared.map(({ to }) => to))).toEqual(
      new Set([
        'lambdas/core/language.ts',
        'lambdas/core/one-login/secret-members.ts',
        'lambdas/core/session/cookie-names.ts',
        'lambdas/core/urls.ts',
        'lambdas/environment.ts',
        'lambdas/http/security-headers.ts',
        'lambdas/telemetry/metrics.ts',
        'lambdas/http/pages/page-file.ts',
        'lambdas/example-service-pages.ts',
      ]),
    );
  });
});

describe('the local environment and the stand-in for One Login', () => {
  // id: test-code-not-deployed
  it('are imported by nothing that is deployed', () => {
    const taken = imports.filter(
      ({ from, to }) =>
        !isBelow(from, 'bin') &&
        !isBelow(from, 'dev') &&
        ['local', 'stand-in', 'test'].some((room) => isBelow(to, room)),
    );
    const takenByApp = imports.filter(
      ({ from, to }) => from === 'bin/app.ts' && (isBelow(to, 'local') || isBelow(to, 'stand-in')),
    );

    expect([...taken, ...takenByApp].map(describeImport)).toEqual([]);
  });
});

describe('a file', () => {
  it('does not import itself through others', () => {
    const all = listSources('{bin,dev,lib,lambdas,local,stand-in}/**/*.ts').flatMap(readImports);
    const imported = new Map<string, string[]>();
    for (const { from, to } of all) imported.set(from, [...(imported.get(from) ?? []), to]);

    expect([...imported.keys()].filter((file) => reaches(file, file, imported))).toEqual([]);
  });
});

/** Whether a file imports another one, directly or through others. */
function reaches(from: string, to: string, imported: ReadonlyMap<string, readonly string[]>): boolean {
  const seen = new Set<string>();
  const left = [...(imported.get(from) ?? [])];
  for (let file = left.pop(); file !== undefined; file = left.pop()) {
    if (file === to) return true;
    if (seen.has(file)) continue;
    seen.add(file);
    left.push(...(imported.get(file) ?? []));
  }
  return false;
}

interface Import {
  /** From the project's root. */
  readonly from: string;
  /** From the project's root when relative, else the package. */
  readonly to: string;
}

function listSources(pattern: string): readonly string[] {
  return globSync(pattern, { cwd: root });
}

function readImports(file: string): readonly Import[] {
  const specifiers = readCode(file).matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)'([^']+)'/g);
  return [...specifiers].map(([, specifier = '']) => ({
    from: file,
    to: specifier.startsWith('.') ? relative(root, join(root, dirname(file), specifier)) : specifier,
  }));
}

/** @returns the code of a file without comments */
function readCode(file: string): string {
  return readFileSync(join(root, file), 'utf8')
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/(^|\s)\/\/.*$/gm, '$1');
}

function isAllowedInCore(to: string): boolean {
  return isBelow(to, 'lambdas/core') || /^node:(crypto|zlib)$/.test(to);
}

/** @returns the folder of the function with this file, if there is one */
function findFunctionFolder(path: string): string | undefined {
  return functions.find((folder) => isBelow(path, folder));
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`);
}

function describeImport({ from, to }: Import): string {
  return `${from} imports ${to}`;
}
