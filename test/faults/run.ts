/** `npm run faults`: the whole matrix as a table, or the flows whose names contain one of the arguments. */
import { FaultyBackend } from './faulty-backend.ts';
import { flows } from './flows.ts';
import { runMatrix } from './matrix.ts';
import { listFailures, printTable } from './table.ts';

const wanted = process.argv.slice(2);
const chosen = flows.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
const results = await runMatrix(await FaultyBackend.start(), chosen);
const failures = listFailures(results);
const summary = `${results.length} cells, ${failures.length} of them not as they should be`;
process.stdout.write(`${[printTable(results), '', ...failures, summary].join('\n')}\n`);
// What a fault has left open is of no interest any more.
process.exit(failures.length > 0 ? 1 : 0);
