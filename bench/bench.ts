/**
 * `npm run bench`: measures what is deployed beside the floor of the protocol and beside a reference. See
 * `docs/performance.md`.
 */
import { parseArgs } from 'node:util';
import { formatResults } from './report/format-results.ts';
import { runBench, usualAmounts } from './run-bench.ts';
import { readSelection } from './selection.ts';

try {
  const { values } = parseArgs({
    options: { only: { type: 'string', multiple: true }, json: { type: 'boolean', default: false } },
  });
  // Progress goes to standard error, so that the results can be redirected.
  const results = await runBench(readSelection(values.only ?? []), usualAmounts, (line) =>
    console.error(line),
  );
  console.log(values.json ? JSON.stringify(results, null, 2) : formatResults(results));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
