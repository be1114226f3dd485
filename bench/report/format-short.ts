import { formatTable } from '../../dev/generate/fill-page.ts';
import { compareWithGoals, type GoalRow } from '../goals.ts';
import type { ColdStart, StarterKind } from '../parts/cold-start.ts';
import type { BenchResults } from '../run-bench.ts';
import { describeMachine } from './format-results.ts';

/**
 * Formats the figures of the page: the goals, the pictures, cold starts and memory. All others are in the results.
 *
 * @param pictures title of a part → Markdown of its picture
 */
export function formatShort(results: BenchResults, pictures: Readonly<Record<string, string>>): string {
  const { machine, coldStart = [], memory = {} } = results;
  return [
    describeMachine(machine),
    '## The goals',
    formatGoals(compareWithGoals(results)),
    ...Object.values(pictures),
    '## Cold starts, in ms',
    formatColdStarts(coldStart.filter((start) => start.memory === 1_024)),
    '## Memory',
    formatTable([
      ['function', 'invocations', 'KB more each 1,000'],
      ...Object.entries(memory).map(([name, { invocations, growth }]) => [
        name,
        String(invocations),
        growth.toFixed(1),
      ]),
    ]),
  ].join('\n\n');
}

/** One row for a goal that several functions have. */
function formatGoals(rows: readonly GoalRow[]): string {
  const byGoal = Map.groupBy(rows, ({ goal, limit }) => `${goal.replace(/^[\w-]+, /, '')}@${limit}`);
  const format = (value: number) => String(Number(value.toPrecision(3)));
  return formatTable([
    ['goal', 'at most', 'measured', 'missed'],
    ...[...byGoal.values()].map((group) => {
      const [{ goal, limit, unit }] = group as [GoalRow];
      const findName = (row: GoalRow) => /^[\w-]+(?=, )/.exec(row.goal)?.[0] ?? '';
      const missed = group.filter(({ reached }) => !reached);
      return [
        group.length === 1 ? goal : goal.replace(/^[\w-]+, /, ''),
        `${format(limit)} ${unit}`.trim(),
        group
          .map((row) => `${group.length === 1 ? '' : findName(row)} ${format(row.measured)}`.trim())
          .join(', '),
        missed.length === group.length ? 'yes' : missed.map(findName).join(', '),
      ];
    }),
  ]);
}

const kinds: readonly StarterKind[] = ['deployed', 'floor', 'defaults', 'reference'];

function formatColdStarts(starts: readonly ColdStart[]): string {
  const names = [...new Set(starts.map(({ name }) => name))].filter((name) => name !== 'empty');
  const find = (name: string, kind: StarterKind) =>
    starts.find((start) => start.name === name && start.kind === kind)?.whole.toFixed(0) ?? '';
  return formatTable([
    ['function', 'as deployed', 'the calls alone', 'the CDK’s defaults', 'the reference'],
    ...names.map((name) => [name, ...kinds.map((kind) => find(name, kind))]),
  ]);
}
