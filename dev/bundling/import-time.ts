import { execFileSync } from 'node:child_process';

/** Prints the time to load a module as Lambda does: with `import` or `require`. */
const script = `
  const [, file] = process.argv;
  const start = performance.now();
  const loaded = file.endsWith('.mjs') ? import(file) : Promise.resolve(require(file));
  loaded.then(() => console.log(performance.now() - start));
`;

/**
 * Measures how long modules take to load, each time in a new process. They take turns, so that other work on the machine
 * slows all of them alike.
 *
 * @param files absolute paths, `.mjs` or `.cjs`
 * @param environment the whole environment of the processes
 * @param runs how often each file is loaded
 * @returns file → the median, in milliseconds
 * @throws Error if a file cannot be loaded
 */
export function measureImportTimes(
  files: readonly string[],
  environment: Readonly<Record<string, string>>,
  runs: number,
): ReadonlyMap<string, number> {
  const times = new Map(files.map((file) => [file, [] as number[]]));
  for (let run = 0; run < runs; run += 1) {
    for (const [file, measured] of times) measured.push(measureImportTime(file, environment));
  }
  return new Map([...times].map(([file, measured]) => [file, findMedian(measured)]));
}

function measureImportTime(file: string, environment: Readonly<Record<string, string>>): number {
  const output = execFileSync(process.execPath, ['--eval', script, file], {
    env: environment,
    encoding: 'utf8',
    stdio: 'pipe',
  });
  return Number(output);
}

function findMedian(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
