import { type FaultName, faultNames } from './faults.ts';
import type { CellResult } from './matrix.ts';

const marks = { fine: '✓', wrong: '✗', none: '·' } as const;

/** The matrix as text: a row for each call of each flow, a column for each fault. */
export function printTable(results: readonly CellResult[]): string {
  const rows = Map.groupBy(results, ({ prepared, call }) => `${prepared.flow.name}: ${call.label}`);
  const width = Math.max(...[...rows.keys()].map(({ length }) => length));
  const columns = faultNames.map((name, index) => `${' '.repeat(width)}  ${'│ '.repeat(index)}${name}`);
  const lines = [...rows].map(([name, cells]) => {
    const byFault = new Map(cells.map((cell) => [cell.fault, cell]));
    return `${name.padEnd(width)}  ${faultNames.map((fault) => chooseMark(byFault, fault)).join(' ')}`;
  });
  return [...columns, ...lines].join('\n');
}

/** What is wrong in each cell that is not as it should be. */
export function listFailures(results: readonly CellResult[]): readonly string[] {
  return results
    .filter(({ problems }) => problems.length > 0)
    .map(
      ({ prepared, call, fault, problems }) =>
        `${prepared.flow.name}: ${call.service} ${call.label}, ${fault}: ${problems.join('; ')}`,
    );
}

function chooseMark(cells: ReadonlyMap<FaultName, CellResult>, fault: FaultName): string {
  const cell = cells.get(fault);
  if (cell === undefined) return marks.none;
  return cell.problems.length === 0 ? marks.fine : marks.wrong;
}
