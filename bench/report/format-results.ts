import type { BenchResults } from '../run-bench.ts';
import type { Summary } from '../statistics.ts';
import { formatTable } from './format-table.ts';

/** Formats results as Markdown, which is legible in a terminal as well. */
export function formatResults({ machine, latency, calls, cpu }: BenchResults): string {
  const { day, revision, node, cpus, load, sharesCpu } = machine;
  return [
    `Measured on ${day} at ${revision}, with Node ${node} on ${cpus}, under a load of ${load}${
      sharesCpu ? '' : ', without CPU shares, which this user cannot set'
    }.`,
    ...Object.entries(latency ?? {}).map(([variant, routes]) =>
      formatTable(
        [`latency, ${variant}`, 'floor ms', 'p99', 'measured ms', 'p99', 'ratio', 'p99', 'rounds', 'over ms'],
        Object.entries(routes).map(([route, { floor, measured, ratio, ratioP99, spread, over }]) => [
          route,
          ...formatSummary(floor),
          ...formatSummary(measured),
          ratio.toFixed(2),
          ratioP99.toFixed(2),
          formatSpread(spread),
          over.toFixed(1),
        ]),
      ),
    ),
    ...(calls === undefined
      ? []
      : [
          formatTable(
            ['calls', 'needed', 'made', 'which'],
            Object.entries(calls).map(([route, { floor, calls: made }]) => [
              route,
              String(floor),
              String(made.length),
              made.join(', '),
            ]),
          ),
        ]),
    ...(cpu === undefined
      ? []
      : [
          formatTable(
            ['CPU', 'here ms', 'reference ms', 'ratio', 'rounds'],
            Object.entries(cpu).map(([step, { measured, reference, ratio, spread }]) => [
              step,
              measured.toFixed(2),
              reference.toFixed(2),
              ratio.toFixed(2),
              formatSpread(spread),
            ]),
          ),
        ]),
  ].join('\n\n');
}

function formatSummary({ p50, p99 }: Summary): readonly string[] {
  return [p50.toFixed(1), p99.toFixed(1)];
}

function formatSpread([least, most]: readonly [number, number]): string {
  return `${least.toFixed(2)} to ${most.toFixed(2)}`;
}
