/**
 * `npm run pictures`: writes the pictures of `docs/pictures`. Drawings come from `dev/pictures`, and pictures of pages from
 * a browser. It exits with 3 if there is no browser; the drawings are then written.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { runProgram } from '../bin/command.ts';
import { renderDrawings } from './pictures/drawings.ts';
import { picturesDirectory } from './pictures/picture-files.ts';

const program = new Command('npm run pictures --')
  .description('Writes the pictures of the documents.')
  .option('--drawings', 'only those that need no browser')
  .action(writePictures);

await runProgram(program);

async function writePictures({ drawings }: { readonly drawings?: true }): Promise<void> {
  mkdirSync(picturesDirectory, { recursive: true });
  for (const { file, svg } of renderDrawings()) writeFileSync(join(picturesDirectory, file), svg);
  if (drawings) return;
  const { takeScreenshots } = await import('./pictures/take-screenshots.ts');
  await takeScreenshots(picturesDirectory);
}
