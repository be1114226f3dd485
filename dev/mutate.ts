/**
 * `npm run mutate`: changes the code of the functions in thousands of places, one at a time, and prints the changes that
 * no unit or contract test notices. It exits with 1 if there are too many.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, getPriority, setPriority } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { Command, InvalidArgumentError } from 'commander';
import { exitCodes, runProgram } from '../bin/command.ts';
import { packageRoot } from '../lib/package-root.ts';
import { formatReport } from './mutate/format-report.ts';
import { instrumentSources } from './mutate/instrument.ts';
import { type Explained, judgeResults } from './mutate/judge.ts';
import { runMutants } from './mutate/run-mutants.ts';

interface Options {
  readonly only: readonly string[];
  readonly workers: number;
  readonly json?: true;
}

const folders = ['core', 'http', 'adapters', 'authorizer', 'telemetry'].map((name) => `lambdas/${name}`);
const sources = folders.flatMap((folder) => listFiles(folder, '.ts'));
const tests = ['test/lambdas', 'test/contract'].flatMap((folder) => listFiles(folder, '.test.ts'));

const program = new Command('npm run mutate --')
  .description(
    'Changes the code in thousands of places, and prints the changes that no unit or contract test notices.',
  )
  .option('--only <path>', `a folder or a file of ${folders.join(', ')}`, readOnly, sources)
  .option(
    '--workers <number>',
    'how many processes run at the same time: 1 to 8',
    readWorkers,
    Math.min(2, availableParallelism()),
  )
  .option('--json', 'prints all results as JSON')
  .addHelpText('after', '\nExample:\n  $ npm run mutate -- --only http')
  .action(run);

await runProgram(program);

async function run({ only, workers, json }: Options): Promise<void> {
  // It takes a machine for a long time. Others come first.
  setPriority(Math.max(10, getPriority()));
  const instrumented = await instrumentSources(packageRoot, only);
  const report = (progress: string): void => console.error(progress);
  const results = await runMutants({ root: packageRoot, instrumented, tests, workers, report });
  const verdict = judgeResults(
    results,
    readExplained().filter(({ file }) => only.includes(file)),
  );
  console.log(json ? JSON.stringify({ ...verdict, results }, null, 2) : formatReport(verdict));
  if (!verdict.good) process.exitCode = exitCodes.bad;
}

function listFiles(folder: string, end: string): readonly string[] {
  const files = readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith(end))
    .map((file) => `${folder}/${file}`)
    .sort();
}

function readExplained(): readonly Explained[] {
  return JSON.parse(readFileSync(new URL('./mutate/explained.json', import.meta.url), 'utf8'));
}

function readOnly(text: string): readonly string[] {
  const path = text.replace(/^(lambdas\/)?/, 'lambdas/').replace(/\/$/, '');
  const found = sources.filter((file) => file === path || file.startsWith(`${path}/`));
  if (found.length > 0) return found;
  throw new InvalidArgumentError(`Allowed: a folder or a file of ${folders.join(', ')}.`);
}

function readWorkers(text: string): number {
  if (/^[1-8]$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Allowed: a whole number, 1 to 8.');
}
