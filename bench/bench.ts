/**
 * `npm run bench`: measures what is deployed beside the floor of the protocol and beside a reference. See
 * `docs/performance.md`.
 */
import { parseArgs } from 'node:util';
import { formatResults } from './report/format-results.ts';
import { writePage } from './report/write-page.ts';
import { runBench, usualAmounts } from './run-bench.ts';
import { partNames, readSelection } from './selection.ts';

const help = `npm run bench -- [--only NAME]... [--json] [--write]

Measures latency beside the floor of the protocol, calls, CPU beside an Express application, cold starts, bundles, memory and cost.

  --only NAME  a part (${partNames.join(', ')}), or what is measured (such as callback); again for more
  --json       prints the figures for programs
  --write      writes docs/performance.md with its pictures and figures; measures everything
  --help       prints this`;

try {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true, default: [] },
      json: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.write && values.only.length > 0) throw new Error('--write measures everything, without --only');
  if (values.help) console.log(help);
  else await bench(values);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function bench({ only, json, write }: { only: readonly string[]; json: boolean; write: boolean }) {
  // Progress goes to standard error, so that the results can be redirected.
  const results = await runBench(readSelection(only), usualAmounts, (line) => console.error(line));
  console.log(json ? JSON.stringify(results, null, 2) : formatResults(results));
  if (write) writePage(results);
}
