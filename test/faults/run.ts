/** `npm run faults`: the whole matrix as a table, or the flows whose names contain one of the arguments. */
import { FaultyBackend } from './faulty-backend.ts';
import { flows } from './flows.ts';
import { cellsOf, prepareFlow, runCells } from './matrix.ts';
import { printTable } from './table.ts';

const wanted = process.argv.slice(2);
const chosen = flows.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
const backend = await FaultyBackend.start();
const prepared = [];
for (const flow of chosen) prepared.push(await prepareFlow(backend, flow));
const results = await runCells(backend, prepared.flatMap(cellsOf));
process.stdout.write(`${printTable(results)}\n`);
// What a fault has left open is of no interest any more.
process.exit(results.some(({ problems }) => problems.length > 0) ? 1 : 0);
