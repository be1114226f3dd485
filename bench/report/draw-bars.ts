import { box, format, renderSvg, text } from '../../dev/pictures/svg.ts';

/** A bar of parts, one after the other. */
export interface Bar {
  readonly label: string;
  readonly parts: readonly number[];
}

export interface BarChart {
  readonly title: string;
  /** What each part of a bar is, in the order of the parts. */
  readonly legend: readonly string[];
  readonly unit: string;
  readonly bars: readonly Bar[];
}

/** Colours of the GOV.UK palette that differ in lightness as well. */
const colours = ['#1d70b8', '#f47738', '#85994b', '#912b88', '#b1b4b6'];
const labelWidth = 250;
const barWidth = 420;
const rowHeight = 22;
const top = 66;

/** Draws horizontal bars as SVG. The title, and each bar with its figures, are text. */
export function drawBars({ title, legend, unit, bars }: BarChart): string {
  const most = Math.max(...bars.map(({ parts }) => sum(parts)));
  const scale = barWidth / most;
  const width = labelWidth + barWidth + 100;
  const height = top + bars.length * rowHeight + 8;
  const rows = bars.map(({ label, parts }, row) => {
    const y = top + row * rowHeight;
    let x = labelWidth;
    const rectangles = parts.map((part, index) => {
      const length = part * scale;
      const rectangle = box(x, y, length, 16, { fill: pickColour(index) });
      x += length;
      return rectangle;
    });
    const name = text(labelWidth - 8, y + 13, label, { anchor: 'end' });
    return name + rectangles.join('') + text(x + 6, y + 13, `${format(sum(parts))} ${unit}`);
  });
  let keyX = 8;
  const keys = legend.map((name, index) => {
    const key = box(keyX, 34, 14, 14, { fill: pickColour(index) }) + text(keyX + 20, 46, name);
    keyX += 44 + name.length * 8;
    return key;
  });
  return renderSvg({ title, width, height }, [text(8, 20, title, { bold: true }), ...keys, ...rows]);
}

function pickColour(index: number): string {
  return colours[index] ?? '#b1b4b6';
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
