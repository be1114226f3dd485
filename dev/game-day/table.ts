import type { Verdict } from './verdict.ts';

const headings = ['', 'incident', 'per hour', 'expected', 'called after minutes', 'runbook'] as const;

/** @returns the verdicts as a table, with the reason below each that is wrong, and the totals */
export function formatTable(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map((verdict) => [
    verdict.wrong.length === 0 ? 'right' : 'WRONG',
    verdict.incident,
    `${verdict.perHour}`,
    verdict.expected,
    describeCalls(verdict) || '-',
    findRunbook(verdict) ?? '-',
  ]);
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const format = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const lines = verdicts.flatMap(({ wrong }, index) => [
    format(rows[index] ?? []),
    ...wrong.map((reason) => `       ${reason}`),
  ]);
  const wrong = verdicts.filter((verdict) => verdict.wrong.length > 0).length;
  return [format(headings), ...lines, '', `${verdicts.length} replays, ${wrong} wrong`].join('\n');
}

/** The runbook of the first page, else of the first ticket. */
function findRunbook({ calls }: Verdict): string | undefined {
  return (calls.find(({ kind }) => kind === 'page') ?? calls[0])?.runbook;
}

function describeCalls({ calls }: Verdict): string {
  const alarms = new Map<string, number[]>();
  for (const { alarm, kind, minute } of calls) {
    const name = kind === 'page' ? `${alarm}!` : alarm;
    alarms.set(name, [...(alarms.get(name) ?? []), minute]);
  }
  return [...alarms]
    .map(
      ([alarm, [first, ...again]]) =>
        `${alarm} ${first}${again.length > 0 ? ` and ${again.length} times again` : ''}`,
    )
    .join(', ');
}
