import type { ColdStart, StarterKind } from './parts/cold-start.ts';
import { requestsLeft } from './parts/cost.ts';
import type { BenchResults } from './run-bench.ts';

/** A goal beside what was measured. */
export interface GoalRow {
  readonly goal: string;
  /** The function, unless it is a goal of several. */
  readonly name?: string;
  readonly limit: number;
  /** Empty for a number of things that the goal names. */
  readonly unit: string;
  readonly measured: number;
  readonly reached: boolean;
}

/** What should be reached: the measure must not be above the limit. */
interface Goal {
  readonly goal: string;
  readonly name?: string;
  readonly limit: number;
  readonly unit: string;
  /** @returns undefined when it was not measured */
  readonly read: (results: BenchResults) => number | undefined;
}

/** Those that have a counterpart in the reference. */
const inReference = ['login', 'callback', 'userinfo'];
const starting = [...inReference, 'authorizer', 'logout', 'backchannel-logout'];
/** In MB, as deployed. */
const memory = 1_024;

const goals: readonly Goal[] = [
  {
    goal: 'of its floor',
    name: 'callback',
    limit: 1.06,
    unit: '×',
    read: ({ latency }) => latency?.deployed['callback']?.ratio,
  },
  {
    goal: 'over its floor',
    name: 'callback',
    limit: 8,
    unit: 'ms',
    read: ({ latency }) => latency?.deployed['callback']?.over,
  },
  {
    goal: 'p99, of its floor',
    name: 'callback',
    limit: 1.16,
    unit: '×',
    read: ({ latency }) => latency?.deployed['callback']?.ratioP99,
  },
  {
    goal: 'of its floor',
    name: 'login',
    limit: 1.07,
    unit: '×',
    read: ({ latency }) => latency?.deployed['login']?.ratio,
  },
  ...['userinfo', 'authorizer'].map((name) => ({
    goal: 'over its floor',
    name,
    limit: 1.8,
    unit: 'ms',
    read: ({ latency }: BenchResults) => latency?.deployed[name]?.over,
  })),
  { goal: 'calls', name: 'logout', limit: 1, unit: '', read: ({ calls }) => calls?.['logout']?.calls.length },
  {
    goal: 'calls',
    name: 'backchannel-logout',
    limit: 4,
    unit: '',
    read: ({ calls }) => calls?.['backchannel-logout']?.calls.length,
  },
  {
    goal: 'CPU of a sign-in, of the reference',
    limit: 0.55,
    unit: '×',
    read: ({ cpu }) => cpu?.['sign-in']?.ratio,
  },
  {
    goal: 'CPU of userinfo, of the reference',
    limit: 0.7,
    unit: '×',
    read: ({ cpu }) => cpu?.userinfo?.ratio,
  },
  ...starting.map((name) => ({
    goal: 'cold start, of defaults',
    name,
    limit: 0.45,
    unit: '×',
    read: (results: BenchResults) => compareStarts(results, name, 'defaults', 'whole'),
  })),
  ...inReference.map((name) => ({
    goal: 'cold start, of the reference',
    name,
    limit: 0.33,
    unit: '×',
    read: (results: BenchResults) => compareStarts(results, name, 'reference', 'whole'),
  })),
  ...starting.map((name) => ({
    goal: 'import, of defaults',
    name,
    limit: 0.2,
    unit: '×',
    read: (results: BenchResults) => compareStarts(results, name, 'defaults', 'imported'),
  })),
  ...starting.map((name) => ({
    goal: 'first request',
    name,
    limit: 35,
    unit: 'ms',
    read: (results: BenchResults) => findStart(results, name, 'deployed')?.first,
  })),
  ...starting.map((name) => ({
    goal: 'bundle',
    name,
    limit: name === 'callback' ? 80 : 50,
    unit: 'KB',
    read: ({ bundles }: BenchResults) => {
      const bytes = bundles?.[name]?.bytes;
      return bytes === undefined ? undefined : bytes / 1_000;
    },
  })),
  {
    goal: 'a million sign-ins of the production example',
    limit: 140,
    unit: 'USD',
    read: ({ cost }) => cost?.traffic,
  },
  ...Object.keys(requestsLeft).map((time) => ({
    goal: `the same, users remembered for ${time}`,
    limit: 75,
    unit: 'USD',
    read: ({ cost }: BenchResults) => cost?.remembered?.[time],
  })),
];

function findStart({ coldStart }: BenchResults, name: string, kind: StarterKind): ColdStart | undefined {
  return coldStart?.find((each) => each.name === name && each.kind === kind && each.memory === memory);
}

function compareStarts(
  results: BenchResults,
  name: string,
  other: StarterKind,
  field: 'whole' | 'imported',
): number | undefined {
  const deployed = findStart(results, name, 'deployed');
  const compared = findStart(results, name, other);
  return deployed && compared && deployed[field] / compared[field];
}

/** Lists the goals for which something was measured. */
export function compareWithGoals(results: BenchResults): readonly GoalRow[] {
  return goals.flatMap(({ read, ...goal }) => {
    const measured = read(results);
    return measured === undefined ? [] : [{ ...goal, measured, reached: measured <= goal.limit }];
  });
}
