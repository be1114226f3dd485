import { goal, type Verdict } from './judge.ts';

const columns = [
  'mutants',
  'killed',
  'timed out',
  'survived',
  'not covered',
  'explained',
  'all %',
  '% without strings',
];

/** The report for a person. */
export function formatReport({ folders, unexplained, stale, good }: Verdict): string {
  const rows = folders.map((each) => [
    each.name,
    ...[each.mutants, each.killed, each.timedOut, each.survived, each.notCovered, each.explained].map(String),
    ...[each.percent, each.percentWithoutStrings].map((percent) => percent.toFixed(1)),
  ]);
  const widths = columns.map((column) => column.length + 2);
  const format = ([name = '', ...cells]: readonly string[]): string =>
    name.padEnd(20) + cells.map((cell, index) => cell.padStart(widths[index] ?? 0)).join('');
  const survivors = unexplained.map(
    ({ mutant, status }) =>
      `${mutant.file}:${mutant.line}:${mutant.column} ${mutant.mutator}${status === 'survived' ? '' : `, ${status}`}\n` +
      `  ${mutant.before}  →  ${mutant.after}`,
  );
  const old = stale.map(({ file, before, after }) => `${file}\n  ${before}  →  ${after}`);
  return [
    [format(['', ...columns]), ...rows.map(format)].join('\n'),
    section('Survivors without a reason', survivors),
    section('Reasons in dev/mutate/explained.json for what does not survive', old),
    good
      ? 'good'
      : `not good: each folder needs ${goal} % without strings, each survivor outside of strings a reason, and each reason a survivor`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : [`${title}: ${lines.length}`, ...lines].join('\n');
}
