import { compareWithGoals, type GoalRow } from '../goals.ts';
import { type BundleSize, bundleOwners } from '../parts/bundles.ts';
import type { RouteCalls } from '../parts/calls.ts';
import type { ColdStart } from '../parts/cold-start.ts';
import type { Cost } from '../parts/cost.ts';
import type { StepCpu } from '../parts/cpu.ts';
import type { RouteLatency } from '../parts/latency.ts';
import type { MemoryUse } from '../parts/memory.ts';
import type { BenchResults, Machine } from '../run-bench.ts';
import type { Summary } from '../statistics.ts';
import { formatTable } from './format-table.ts';

type ByName<Value> = Readonly<Record<string, Value>>;

/**
 * Formats results as Markdown, which is legible in a terminal as well.
 *
 * @param pictures title of a part → Markdown of the picture below its table
 */
export function formatResults(results: BenchResults, pictures: ByName<string> = {}): string {
  const { machine, latency, calls, cpu, coldStart, bundles, memory, cost } = results;
  const goals = compareWithGoals(results);
  const parts: readonly (readonly [title: string, table: string | undefined])[] = [
    ['The goals', goals.length === 0 ? undefined : formatGoals(goals)],
    ['Latency as deployed', latency && formatLatency(latency.deployed)],
    ['Latency with nothing scarce', latency && formatLatency(latency.warm)],
    ['Calls', calls && formatCalls(calls)],
    ['CPU', cpu && formatCpu(cpu)],
    ['Cold start', coldStart && formatColdStarts(coldStart)],
    ['Bundles', bundles && formatBundles(bundles)],
    ['Memory', memory && formatMemory(memory)],
    ['Cost', cost && formatCost(cost)],
  ];
  return [
    describeMachine(machine),
    ...parts.flatMap(([title, table]) =>
      table === undefined ? [] : [`## ${title}`, table, ...(pictures[title] ? [pictures[title]] : [])],
    ),
  ].join('\n\n');
}

export function describeMachine({ day, revision, node, cpus, load, sharesCpu }: Machine): string {
  const shares = sharesCpu
    ? ''
    : ' This user can’t limit CPU shares: every function had a whole CPU, and smaller memory sizes are absent.';
  return `Measured by \`npm run bench\` on ${day} at commit ${revision}, with Node ${node} on ${cpus}, load before it ${load}.${shares}`;
}

function formatGoals(rows: readonly GoalRow[]): string {
  return formatTable(
    ['goal', 'at most', 'measured', 'reached'],
    rows.map(({ goal, limit, unit, measured, reached }) => {
      const format = (value: number) => `${Number(value.toPrecision(3))} ${unit}`.trim();
      return [
        goal,
        format(limit),
        format(measured),
        reached ? 'yes' : `missed by ${format(measured - limit)}`,
      ];
    }),
  );
}

function formatLatency(routes: ByName<RouteLatency>): string {
  return formatTable(
    ['route', 'floor ms', 'p99', 'measured ms', 'p99', 'ratio', 'p99', 'rounds', 'over ms', 'CPU ms'],
    Object.entries(routes).map(([route, { floor, measured, ratio, ratioP99, spread, over, cpu }]) => [
      route,
      ...formatSummary(floor),
      ...formatSummary(measured),
      ratio.toFixed(2),
      ratioP99.toFixed(2),
      formatSpread(spread, 2),
      over.toFixed(1),
      cpu.toFixed(1),
    ]),
  );
}

function formatCalls(routes: ByName<RouteCalls>): string {
  return formatTable(
    ['route', 'needed', 'made', 'which'],
    Object.entries(routes).map(([route, { floor, calls }]) => [
      route,
      String(floor),
      String(calls.length),
      calls.join(', '),
    ]),
  );
}

function formatCpu(steps: ByName<StepCpu>): string {
  return formatTable(
    ['step', 'here ms', 'the calls alone ms', 'reference ms', 'here of reference', 'rounds'],
    Object.entries(steps).map(([step, { measured, floor, reference, ratio, spread }]) => [
      step,
      measured.toFixed(2),
      floor.toFixed(2),
      reference.toFixed(2),
      ratio.toFixed(2),
      formatSpread(spread, 2),
    ]),
  );
}

/** In the words of the page. */
const kinds = {
  deployed: 'as deployed',
  floor: 'the calls alone',
  defaults: 'the CDK’s defaults',
  reference: 'the reference',
  empty: 'does nothing',
};

function formatColdStarts(starts: readonly ColdStart[]): string {
  return formatTable(
    ['function', 'bundle', 'memory MB', 'whole ms', 'runs', 'import ms', 'first request ms', 'second ms'],
    starts.map(({ name, kind, memory, whole, spread, imported, first, second }) => [
      name,
      kinds[kind],
      String(memory),
      whole.toFixed(0),
      formatSpread(spread, 0),
      imported.toFixed(1),
      first.toFixed(1),
      second.toFixed(1),
    ]),
  );
}

function formatBundles(bundles: ByName<BundleSize>): string {
  return formatTable(
    ['function', 'KB', 'ours', 'AWS SDK', 'jose', 'middy', 'others', 'the CDK’s defaults KB'],
    Object.entries(bundles).map(([name, { bytes, defaults, owners }]) => [
      name,
      formatKilobytes(bytes),
      ...bundleOwners.map((owner) => formatKilobytes(owners[owner])),
      formatKilobytes(defaults),
    ]),
  );
}

function formatMemory(functions: ByName<MemoryUse>): string {
  return formatTable(
    ['function', 'invocations', 'heap KB at the middle', 'at the end', 'KB more each 1,000', 'process MB'],
    Object.entries(functions).map(([name, { invocations, heap, growth, process }]) => [
      name,
      String(invocations),
      (heap[Math.floor(heap.length / 2)] ?? Number.NaN).toFixed(0),
      (heap.at(-1) ?? Number.NaN).toFixed(0),
      growth.toFixed(1),
      process.toFixed(0),
    ]),
  );
}

function formatCost({ currency, signIns, lines, traffic, total }: Cost): string {
  return formatTable(
    [`${signIns.toLocaleString('en-GB')} sign-ins of the production example`, currency],
    [
      ...Object.entries(lines),
      ['all that depends on traffic', traffic] as const,
      ['with keys and monitoring', total] as const,
    ].map(([name, amount]) => [name, amount.toFixed(2)]),
  );
}

function formatSummary({ p50, p99 }: Summary): readonly string[] {
  return [p50.toFixed(1), p99.toFixed(1)];
}

function formatSpread([least, most]: readonly [number, number], places: number): string {
  return `${least.toFixed(places)} to ${most.toFixed(places)}`;
}

function formatKilobytes(bytes: number): string {
  return (bytes / 1_000).toFixed(1);
}
