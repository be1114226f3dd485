import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The folders of `lambdas/` that are functions. The others are what functions share. */
const functions = globSync('lambdas/*/index.ts', { cwd: root }).map((file) => dirname(file));

const imports = sourcesOf('{bin,dev,lib,lambdas}/**/*.ts').flatMap(importsOf);

test('the core knows neither AWS nor middy nor what stands around it', () => {
  expect(
    imports.filter(({ from, to }) => isBelow(from, 'lambdas/core') && !allowedInCore(to)).map(describeImport),
  ).toEqual([]);
});

test('the core takes everything as an argument: it reads no environment and calls no network', () => {
  const offenders = sourcesOf('lambdas/core/**/*.ts').filter((file) =>
    /\bprocess\.|(?<![.#\w])fetch\(|\bDate\.now\(|\bnew Date\(\)/.test(codeOf(file)),
  );

  expect(offenders).toEqual([]);
});

test('routes never import each other', () => {
  const between = imports.filter(({ from, to }) => {
    const [importer, imported] = [functionOf(from), functionOf(to)];
    return isBelow(from, 'lambdas') && imported !== undefined && importer !== imported;
  });

  expect(between.map(describeImport)).toEqual([]);
});

test('what runs at synth time takes from what runs in Lambda only the form of what it is told: variables, pages and metrics', () => {
  const taken = imports.filter(({ from, to }) => isBelow(from, 'lib') && isBelow(to, 'lambdas'));

  const shared = taken.filter(({ to }) => !/^lambdas\/[\w-]+\/environment\.ts$/.test(to));
  expect(new Set(shared.map(({ to }) => to))).toEqual(
    new Set([
      'lambdas/core/language.ts',
      'lambdas/core/urls.ts',
      'lambdas/environment.ts',
      'lambdas/http/security-headers.ts',
      'lambdas/telemetry/metrics.ts',
      'lambdas/http/pages/page-file.ts',
      'lambdas/example-service-pages.ts',
    ]),
  );
});

test('what runs in Lambda takes nothing from what runs at synth time', () => {
  const taken = imports.filter(
    ({ from, to }) =>
      isBelow(from, 'lambdas') &&
      (isBelow(to, 'lib') || isBelow(to, 'bin') || isBelow(to, 'dev') || /^(aws-cdk|constructs)/.test(to)),
  );

  expect(taken.map(describeImport)).toEqual([]);
});

test('the local environment and the stand-in for One Login are out of reach of everything that is deployed', () => {
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

test('nothing imports in a circle', () => {
  const all = sourcesOf('{bin,dev,lib,lambdas,local,stand-in}/**/*.ts').flatMap(importsOf);
  const imported = new Map<string, string[]>();
  for (const { from, to } of all) imported.set(from, [...(imported.get(from) ?? []), to]);

  expect([...imported.keys()].filter((file) => reaches(file, file, imported))).toEqual([]);
});

/** Whether a file imports another one, by way of any others. */
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

function sourcesOf(pattern: string): readonly string[] {
  return globSync(pattern, { cwd: root });
}

function importsOf(file: string): readonly Import[] {
  const specifiers = codeOf(file).matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)'([^']+)'/g);
  return [...specifiers].map(([, specifier = '']) => ({
    from: file,
    to: specifier.startsWith('.') ? relative(root, join(root, dirname(file), specifier)) : specifier,
  }));
}

/** Without comments, which may speak of anything. */
function codeOf(file: string): string {
  return readFileSync(join(root, file), 'utf8')
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/(^|\s)\/\/.*$/gm, '$1');
}

function allowedInCore(to: string): boolean {
  return isBelow(to, 'lambdas/core') || /^jose(\/|$)/.test(to) || to === 'node:crypto';
}

/** The function that a file belongs to, if it belongs to one. */
function functionOf(path: string): string | undefined {
  return functions.find((folder) => isBelow(path, folder));
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`);
}

function describeImport({ from, to }: Import): string {
  return `${from} imports ${to}`;
}
