import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatTable } from '../../dev/generate/fill-page.ts';
import { packageRoot } from '../../lib/package-root.ts';
import type { BenchResults } from '../run-bench.ts';
import { drawResults } from './draw-results.ts';
import { formatResults } from './format-results.ts';

const page = join(packageRoot, 'docs', 'performance.md');
const directory = join(packageRoot, 'docs', 'performance');

/** The results of the page. */
export const resultsFile = join(directory, 'results.json');

const begin = '<!-- Written by npm run bench -- --write -->';
const end = '<!-- The end of what is written -->';

/**
 * Lists the files of the page as they should be for some results.
 *
 * @returns path → contents
 */
export function renderPage(results: BenchResults): ReadonlyMap<string, string> {
  const pictures = drawResults(results);
  const images = pictures.map(
    ({ title, file, alternative }) => [title, `![${alternative}](performance/${file})`] as const,
  );
  const written = formatResults(results, Object.fromEntries(images), formatTable);
  const [before = ''] = readFileSync(page, 'utf8').split(begin);
  return new Map([
    [page, `${before}${begin}\n\n${written}\n\n${end}\n`],
    [resultsFile, `${JSON.stringify(results, null, 2)}\n`],
    ...pictures.map(({ file, svg }) => [join(directory, file), svg] as const),
  ]);
}

/** Writes the results into `docs/performance.md`, with its pictures and the raw figures. */
export function writePage(results: BenchResults): void {
  mkdirSync(directory, { recursive: true });
  for (const [file, contents] of renderPage(results)) writeFileSync(file, contents);
}
