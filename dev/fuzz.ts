/**
 * `npm run fuzz`: sends hostile input by every way into the product, and prints what does not hold. It exits with 1 if
 * anything does not.
 */
import { randomInt } from 'node:crypto';
import process from 'node:process';
import { Command, InvalidArgumentError } from 'commander';
import { exitCodes, runProgram } from '../bin/command.ts';
import { runTarget, type TargetReport } from './fuzz/run-targets.ts';
import type { Target } from './fuzz/target.ts';
import { targets } from './fuzz/targets.ts';

interface Options {
  readonly runs: number;
  readonly seed: number;
  readonly only: readonly Target[];
}

/** The time of the processor for one input: far more than any needs on a busy machine, far less than a function's deadline. */
const mostMilliseconds = 2000;

const list = targets.map(({ name, about }) => `  ${name.padEnd(24)}${about}`).join('\n');

const program = new Command('npm run fuzz --')
  .description('Sends hostile input by every way into the product, and prints what does not hold.')
  .option('--runs <number>', 'how many inputs', (text) => readInteger(text, 1), 100_000)
  .option(
    '--seed <number>',
    'the same seed gives the same inputs',
    (text) => readInteger(text, 0),
    randomInt(1_000_000_000),
  )
  .option('--only <target>', 'one target', readOnly, targets)
  .addHelpText('after', `\nTargets:\n${list}`)
  .action(run);

await runProgram(program);

function readInteger(text: string, atLeast: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= atLeast) return value;
  throw new InvalidArgumentError(`Allowed: a whole number, ${atLeast} to 999999999.`);
}

function readOnly(text: string): readonly Target[] {
  const found = targets.filter(({ name }) => name === text);
  if (found.length > 0) return found;
  throw new InvalidArgumentError(
    `There is no target ${text}; there are ${targets.map(({ name }) => name).join(', ')}.`,
  );
}

async function run({ runs, seed, only }: Options): Promise<void> {
  print(`seed ${seed}`);
  const reports: TargetReport[] = [];
  const shares = only.reduce((sum, { share }) => sum + share, 0);
  for (const target of only) {
    const inputs = Math.max(1, Math.round((runs * target.share) / shares));
    const report = await runTarget(target, { seed, inputs, mostMilliseconds });
    reports.push(report);
    const { name, seconds, slowest, failure } = report;
    const time = `${seconds.toFixed(1)} s`.padStart(8);
    print(
      `${name.padEnd(24)}${String(report.inputs).padStart(8)} inputs ${time}, the slowest ${Math.round(slowest)} ms`,
    );
    if (failure !== undefined) print(`\n${failure}\n`);
  }
  const inputs = reports.reduce((sum, each) => sum + each.inputs, 0);
  const seconds = reports.reduce((sum, each) => sum + each.seconds, 0);
  const failures = reports.filter(({ failure }) => failure !== undefined).length;
  print(
    `${inputs} inputs in ${Math.round(seconds)} seconds, ${Math.round(inputs / seconds)} a second; targets that failed: ${failures}`,
  );
  if (failures > 0) process.exitCode = exitCodes.bad;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
