import { box, colours, line, lineHeight, type Point, text, textSize } from '../svg.ts';
import { measureText } from '../text-width.ts';

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Graph {
  readonly title: string;
  /** Minutes since the incident began. */
  readonly times: readonly number[];
  /** Whether the lines are areas on top of each other. */
  readonly stacked: boolean;
  readonly lines: readonly GraphLine[];
  readonly annotation?: { readonly value: number; readonly label: string } | undefined;
  /** The upper end of the scale. @default from the values */
  readonly most?: number;
}

export interface GraphLine {
  readonly label: string;
  readonly values: readonly number[];
}

const padding = 8;
/** Colours of lines and areas, in their order. */
const series = [
  colours.blue,
  colours.orange,
  colours.green,
  colours.red,
  colours.purple,
  colours.turquoise,
] as const;
/** The hour at which the incident begins. */
const beginsAt = 10;

/** Draws lines or areas over time, with their legend below. */
export function drawGraph(graph: Graph, area: Area): string {
  const { title, times, stacked, lines, annotation } = graph;
  const keys = placeKeys(lines, area.width - 2 * padding);
  const legendHeight = (Math.max(0, ...keys.map(({ row }) => row)) + 1) * lineHeight;
  const plot: Area = {
    x: area.x + 44,
    y: area.y + 36,
    width: area.width - 76,
    height: area.height - 36 - 30 - legendHeight,
  };
  const sums = times.map((_, index) => lines.map(({ values }) => values[index] ?? 0));
  const highest = stacked ? sums.map((all) => all.reduce((left, right) => left + right, 0)) : sums.flat();
  const most = graph.most ?? roundUp(Math.max(1, ...highest));
  const [first = 0, last = 1] = [times[0], times.at(-1)];
  const placeX = (time: number) => plot.x + ((time - first) / (last - first)) * plot.width;
  const placeY = (value: number) => plot.y + plot.height * (1 - value / most);
  const ticks = times.filter((time) => time % 30 === 0);
  return [
    box(area.x, area.y, area.width, area.height, { stroke: colours.border }),
    text(area.x + padding, area.y + 22, title, { bold: true }),
    ...[0, most / 2, most].map(
      (value) =>
        line(
          [
            [plot.x, placeY(value)],
            [plot.x + plot.width, placeY(value)],
          ],
          { stroke: colours.border, width: 1 },
        ) + text(plot.x - 6, placeY(value) + 5, String(value), { anchor: 'end' }),
    ),
    ...ticks.map((time) =>
      text(placeX(time), plot.y + plot.height + 18, formatTime(time), { anchor: 'middle' }),
    ),
    ...(stacked
      ? drawAreas(lines, times, placeX, placeY)
      : lines.map(({ values }, index) =>
          line(
            values.flatMap((value, at): Point[] =>
              Number.isNaN(value) ? [] : [[placeX(times[at] ?? 0), placeY(value)]],
            ),
            { stroke: pickColour(index), width: 2 },
          ),
        )),
    ...(annotation === undefined
      ? []
      : [
          line(
            [
              [plot.x, placeY(annotation.value)],
              [plot.x + plot.width, placeY(annotation.value)],
            ],
            { stroke: colours.red, dashed: true },
          ),
          text(plot.x + 4, placeY(annotation.value) - 5, annotation.label),
        ]),
    ...keys.map(({ label, x, row }, index) => {
      const y = area.y + area.height - legendHeight + row * lineHeight + 8;
      return (
        box(area.x + padding + x, y - 11, 12, 12, { fill: pickColour(index) }) +
        text(area.x + padding + x + 18, y, label)
      );
    }),
  ].join('');
}

function pickColour(index: number): string {
  return series[index % series.length] ?? colours.text;
}

/** Draws what is there, from the bottom up. */
function drawAreas(
  lines: readonly GraphLine[],
  times: readonly number[],
  placeX: (time: number) => number,
  placeY: (value: number) => number,
): readonly string[] {
  let below: readonly number[] = times.map(() => 0);
  return lines.map(({ values }, index) => {
    const above = values.map((value, at) => value + (below[at] ?? 0));
    const bottom = below;
    below = above;
    if (values.every((value) => value === 0)) return '';
    const place = (heights: readonly number[]) =>
      times.map((time, at) => `${placeX(time).toFixed(1)} ${placeY(heights[at] ?? 0).toFixed(1)}`);
    const outline = [...place(above), ...place(bottom).toReversed()].join('L');
    return `<path d="M${outline}z" fill="${pickColour(index)}"/>`;
  });
}

/** Puts the keys of the legend into rows. */
function placeKeys(lines: readonly GraphLine[], width: number) {
  let [x, row] = [0, 0];
  return lines.map(({ label }) => {
    const own = measureText(label, textSize) + 34;
    if (x > 0 && x + own - 16 > width) [x, row] = [0, row + 1];
    const key = { label, x, row };
    x += own;
    return key;
  });
}

/** @returns a scale's end whose half is a whole number */
function roundUp(value: number): number {
  const step = value > 50 ? 20 : value > 20 ? 10 : 2;
  return Math.ceil(value / step) * step;
}

function formatTime(minutes: number): string {
  const total = beginsAt * 60 + minutes;
  const pad = (number: number) => String(number).padStart(2, '0');
  return `${pad(Math.floor(total / 60))}:${pad(total % 60)}`;
}
