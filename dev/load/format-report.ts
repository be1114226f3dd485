import type { LoadReport } from './run-load.ts';
import { judgeMemory, keptKilobytes, measureKept, measureSlope, shortestMinutes } from './sample-memory.ts';

/** Whether no visit went wrong and the memory did not grow. A run that is too short for the memory can pass. */
export function isGood(report: LoadReport): boolean {
  return report.errors.size === 0 && judgeMemory(report.memory, findKept(report)) !== 'growing';
}

function findKept({ memory, visits, seconds }: LoadReport): number {
  return measureKept(memory, (visits * 60) / seconds);
}

/** Formats a report for a person: the figures of each route, the memory, and every error. */
export function formatReport(report: LoadReport): string {
  const { users, visits, seconds, times, errors } = report;
  const rows = [...times]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([route, values]) => {
      const sorted = values.toSorted((one, other) => one - other);
      const columns = [0.5, 0.95, 0.99, 1].map((share) => `${Math.round(findPercentile(sorted, share))}`);
      return [route, `${values.length}`, ...columns];
    });
  const failed = [...errors.values()].reduce((sum, count) => sum + count, 0);
  return [
    `${visits} visits of ${users} users in ${Math.round(seconds)} s: ${(visits / seconds).toFixed(1)} visits a second`,
    '',
    ...formatTable([['milliseconds', 'requests', 'p50', 'p95', 'p99', 'longest'], ...rows]),
    '',
    ...describeMemory(report),
    ...[...errors].map(([error, count]) => `FAIL  ${count} times: ${error}`),
    `${failed === 0 ? 'pass' : 'FAIL'}  ${failed} of ${visits} visits went wrong`,
  ].join('\n');
}

/** @param sorted not empty, the smallest first */
export function findPercentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** The first column is a text, the others are numbers. */
function formatTable(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  '),
  );
}

function describeMemory(report: LoadReport): readonly string[] {
  const { memory } = report;
  const last = memory.at(-1);
  if (!last) return ['memory: not measured'];
  const most = Math.max(...memory.map(({ megabytes }) => megabytes));
  const slope = measureSlope(memory);
  const kept = findKept(report);
  const growth = `a visit of the second half leaves ${kept.toFixed(1)} KB (${slope.toFixed(1)} MB a minute)`;
  const judgements = {
    flat: `pass  memory is flat: ${growth}`,
    growing: `FAIL  memory grows: ${growth}, more than ${keptKilobytes}`,
    'too short': `memory is judged after ${shortestMinutes} minutes: ${growth}`,
  };
  return [
    `memory: ${Math.round(last.megabytes)} MB at the end, at most ${Math.round(most)} MB`,
    judgements[judgeMemory(memory, kept)],
  ];
}
