import { bundleOwners } from '../parts/bundles.ts';
import type { StarterKind } from '../parts/cold-start.ts';
import type { BenchResults } from '../run-bench.ts';
import { type BarChart, drawBars } from './draw-bars.ts';

/** A picture of a part of the results. */
export interface Picture {
  /** The part below whose table it is. */
  readonly title: string;
  readonly file: string;
  readonly svg: string;
  /** What it shows, for those who do not see it. */
  readonly alternative: string;
}

const kinds: Readonly<Record<StarterKind, string>> = {
  deployed: 'as deployed',
  floor: 'floor',
  defaults: 'defaults',
  reference: 'reference',
  empty: '',
};

/** Draws the parts that a picture makes clearer. */
export function drawResults({ latency, coldStart, bundles }: BenchResults): readonly Picture[] {
  return [
    ...(latency
      ? [
          draw('Latency as deployed, in ms', 'latency.svg', {
            title: 'Latency as deployed, median',
            legend: ['what the protocol needs', 'what the code adds'],
            unit: 'ms',
            bars: Object.entries(latency.deployed).map(([label, { floor, over }]) => ({
              label,
              parts: [floor.p50, Math.max(over, 0)],
            })),
          }),
        ]
      : []),
    ...(coldStart
      ? [
          draw('Cold starts, in ms', 'cold-start.svg', {
            title: 'Cold starts at 1,024 MB',
            legend: ['median'],
            unit: 'ms',
            bars: coldStart
              .filter(({ memory }) => memory === 1_024)
              .map(({ name, kind, whole }) => ({ label: `${name} ${kinds[kind]}`.trim(), parts: [whole] })),
          }),
        ]
      : []),
    ...(bundles
      ? [
          draw('Bundles, in KB', 'bundles.svg', {
            title: 'Bundles, and whose bytes they are',
            legend: ['ours', 'AWS SDK', 'jose', 'middy', 'others'],
            unit: 'KB',
            bars: Object.entries(bundles).map(([label, { owners }]) => ({
              label,
              parts: bundleOwners.map((owner) => owners[owner] / 1_000),
            })),
          }),
        ]
      : []),
  ];
}

function draw(title: string, file: string, chart: BarChart): Picture {
  return { title, file, svg: drawBars(chart), alternative: chart.title };
}
