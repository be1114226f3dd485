import { compareWithGoals, type GoalRow } from '../goals.ts';
import { type BundleSize, bundleOwners } from '../parts/bundles.ts';
import type { RouteCalls } from '../parts/calls.ts';
import type { ColdStart, StarterKind } from '../parts/cold-start.ts';
import type { Cost } from '../parts/cost.ts';
import type { StepCpu } from '../parts/cpu.ts';
import type { RouteLatency } from '../parts/latency.ts';
import { flatGrowth, type MemoryUse } from '../parts/memory.ts';
import type { BenchResults, Machine } from '../run-bench.ts';
import { formatTable as formatAligned } from './format-table.ts';

type ByName<Value> = Readonly<Record<string, Value>>;

/** The head, and the rows below it. Cells have few spaces, because the words of all pages are limited. */
type Table = readonly (readonly string[])[];

/**
 * Formats results as Markdown, which is legible in a terminal as well.
 *
 * @param pictures title of a part → Markdown of the picture below its table
 */
export function formatResults(
  results: BenchResults,
  pictures: ByName<string> = {},
  formatTable: (table: Table) => string = formatAligned,
): string {
  const { machine, latency, calls, cpu, coldStart, bundles, memory, cost } = results;
  const goals = compareWithGoals(results);
  const parts: readonly (readonly [title: string, table: Table | undefined])[] = [
    ['The goals', goals.length === 0 ? undefined : listGoals(goals)],
    ['Latency as deployed, in ms', latency && listLatencies(latency.deployed)],
    ['Latency when warm, in ms', latency && listLatencies(latency.warm)],
    ['Calls', calls && listCalls(calls)],
    ['CPU, in ms', cpu && listCpu(cpu)],
    ['Cold starts, in ms', coldStart && listColdStarts(coldStart)],
    ['Bundles, in KB', bundles && listBundles(bundles)],
    ['Memory', memory && listMemory(memory)],
    ['Cost of a million sign-ins', cost && listCost(cost)],
  ];
  return [
    describeMachine(machine),
    ...parts.flatMap(([title, table]) =>
      table === undefined
        ? []
        : [`## ${title}`, formatTable(table), ...(pictures[title] ? [pictures[title]] : [])],
    ),
  ].join('\n\n');
}

function describeMachine({ day, revision, node, cpus, load, sharesCpu }: Machine): string {
  const shares = sharesCpu
    ? ''
    : ' This user can’t limit CPU shares: every function had a whole CPU, and smaller memory sizes are absent.';
  return `Measured by \`npm run bench\` on ${day} at commit ${revision}, with Node ${node} on ${cpus}, load before it ${load}.${shares}`;
}

/** One row for a goal and a limit, one column for a function. What is missed has how far off it is beside it. */
function listGoals(rows: readonly GoalRow[]): Table {
  const byGoal = Map.groupBy(rows, ({ goal, limit }) => `${goal}@${limit}`);
  const names = [...new Set(rows.map(({ name }) => name))].sort(
    (a, b) => Number(a !== undefined) - Number(b !== undefined),
  );
  const format = (value: number) => String(Number(value.toPrecision(3)));
  const formatCell = ({ measured, limit, reached }: GoalRow) =>
    reached ? format(measured) : `${format(measured)}(+${format(measured - limit)})`;
  return [
    ['goal', 'at most', ...names.map((name) => name ?? 'all')],
    ...[...byGoal.values()].map((group) => {
      const [{ goal, limit, unit }] = group as [GoalRow];
      const cells = names.map((column) =>
        group
          .filter(({ name }) => name === column)
          .map(formatCell)
          .join(''),
      );
      const atMost = unit === '×' ? `${format(limit)}×` : `${format(limit)} ${unit}`.trim();
      return [goal, atMost, ...cells];
    }),
  ];
}

function listLatencies(routes: ByName<RouteLatency>): Table {
  return [
    ['route', 'pairs', 'floor', 'p99', 'measured', 'p99', 'ratio', 'p99', 'over', 'CPU'],
    ...Object.entries(routes).map(([route, { floor, measured, ratio, ratioP99, over, cpu }]) => [
      route,
      String(measured.runs),
      ...[floor.p50, floor.p99, measured.p50, measured.p99].map((value) => value.toFixed(1)),
      ratio.toFixed(2),
      ratioP99.toFixed(2),
      over.toFixed(1),
      cpu.toFixed(1),
    ]),
  ];
}

function listCalls(routes: ByName<RouteCalls>): Table {
  return [
    ['route', 'needed', 'made', 'which'],
    ...Object.entries(routes).map(([route, { floor, calls }]) => [
      route,
      String(floor),
      String(calls.length),
      calls.join(','),
    ]),
  ];
}

function listCpu(steps: ByName<StepCpu>): Table {
  return [
    ['step', 'deployed', 'floor', 'reference', 'deployed/reference', 'rounds'],
    ...Object.entries(steps).map(
      ([
        step,
        {
          measured,
          floor,
          reference,
          ratio,
          spread: [least, most],
        },
      ]) => [
        step,
        ...[measured, floor, reference, ratio].map((value) => value.toFixed(2)),
        `${least.toFixed(2)}–${most.toFixed(2)}`,
      ],
    ),
  ];
}

/** In the words of the page. */
const kinds: Readonly<Record<StarterKind, string>> = {
  deployed: 'deployed',
  floor: 'floor',
  defaults: 'defaults',
  reference: 'reference',
  empty: '',
};

/** One row for all memory sizes of a bundle. */
function listColdStarts(starts: readonly ColdStart[]): Table {
  const sizes = [...new Set(starts.map(({ memory }) => memory))].map((size) => size.toLocaleString('en-GB'));
  const byBundle = Map.groupBy(starts, ({ name, kind }) => `${name}@${kind}`);
  return [
    ['function', 'bundle', `whole at ${sizes.join('/')} MB`, 'import', 'first', 'second'],
    ...[...byBundle.values()].map((group) => {
      const [{ name, kind }] = group as [ColdStart];
      return [
        name,
        kinds[kind],
        ...(['whole', 'imported', 'first', 'second'] as const).map((field) =>
          group.map((start) => start[field].toFixed(0)).join('/'),
        ),
      ];
    }),
  ];
}

function listBundles(bundles: ByName<BundleSize>): Table {
  const format = (bytes: number) => (bytes / 1_000).toFixed(1);
  return [
    ['function', 'deployed', 'ours', 'SDK', 'jose', 'middy', 'others', 'defaults'],
    ...Object.entries(bundles).map(([name, { bytes, defaults, owners }]) => [
      name,
      format(bytes),
      ...bundleOwners.map((owner) => format(owners[owner])),
      format(defaults),
    ]),
  ];
}

function listMemory(functions: ByName<MemoryUse>): Table {
  return [
    ['function', 'invocations', 'heap KB', 'KB more each 1,000', `flat (below ${flatGrowth})`, 'process MB'],
    ...Object.entries(functions).map(([name, { invocations, heap, growth, process }]) => [
      name,
      String(invocations),
      (heap.at(-1) ?? Number.NaN).toFixed(0),
      growth.toFixed(1),
      growth < flatGrowth ? 'yes' : 'no',
      process.toFixed(0),
    ]),
  ];
}

/** One row, because a page has few words. */
function listCost({ currency, lines, traffic, total }: Cost): Table {
  const amounts = { ...lines, traffic, everything: total };
  return [
    ['in', ...Object.keys(amounts)],
    [currency, ...Object.values(amounts).map((amount) => amount.toFixed(2))],
  ];
}
