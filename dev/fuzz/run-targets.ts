import fc from 'fast-check';
import type { Target } from './target.ts';

/** What a run of one target found. */
export interface TargetReport {
  readonly name: string;
  readonly inputs: number;
  readonly seconds: number;
  /** The longest time that the processor needed for one input, in milliseconds. */
  readonly slowest: number;
  /** What does not hold, with the shrunk input and the command that repeats it. */
  readonly failure?: string;
}

export interface RunOptions {
  readonly seed: number;
  readonly inputs: number;
  /** An input for which the processor needs longer fails. Not set in tests, because a busy machine may decide it. */
  readonly mostMilliseconds?: number;
}

/** The characters of a shrunk input that are printed. */
const longestPrinted = 4000;

/** Runs one target. The same seed gives the same inputs. */
export async function runTarget<Input>(target: Target<Input>, options: RunOptions): Promise<TargetReport> {
  const { seed, inputs, mostMilliseconds = Number.POSITIVE_INFINITY } = options;
  const began = performance.now();
  let slowest = 0;
  const property = fc.asyncProperty(target.inputs, async (input) => {
    const before = process.cpuUsage();
    await target.examine(input);
    const { user } = process.cpuUsage(before);
    slowest = Math.max(slowest, user / 1000);
    if (user / 1000 > mostMilliseconds)
      throw new Error(`it took ${Math.round(user / 1000)} ms of the processor`);
  });
  const result = await fc.check(property, { seed, numRuns: inputs });
  const report = {
    name: target.name,
    inputs: result.numRuns,
    seconds: (performance.now() - began) / 1000,
    slowest,
  };
  if (!result.failed) return report;
  const error = result.errorInstance;
  const shrunk = fc.stringify(result.counterexample?.[0]);
  const failure = [
    `${target.name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    `shrunk input: ${shrunk.length > longestPrinted ? `${shrunk.slice(0, longestPrinted)}… (${shrunk.length} characters)` : shrunk}`,
    `to repeat: npm run fuzz -- --only ${target.name} --seed ${seed} --runs ${result.numRuns}`,
  ].join('\n');
  return { ...report, failure };
}
