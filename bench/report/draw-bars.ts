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
      const rectangle = `<rect x="${format(x)}" y="${y}" width="${format(length)}" height="16" fill="${colours[index]}"/>`;
      x += length;
      return rectangle;
    });
    const figure = `<text x="${format(x + 6)}" y="${y + 13}">${format(sum(parts))} ${unit}</text>`;
    return `<text x="${labelWidth - 8}" y="${y + 13}" text-anchor="end">${escapeXml(label)}</text>${rectangles.join('')}${figure}`;
  });
  let keyX = 8;
  const keys = legend.map((text, index) => {
    const key = `<rect x="${keyX}" y="34" width="14" height="14" fill="${colours[index]}"/><text x="${keyX + 20}" y="46">${escapeXml(text)}</text>`;
    keyX += 44 + text.length * 8;
    return key;
  });
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" font-family="sans-serif" font-size="14">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="8" y="20" font-weight="bold">${escapeXml(title)}</text>`,
    ...keys,
    ...rows,
    '</svg>',
  ].join('\n')}\n`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function format(value: number): string {
  return String(Number(value.toFixed(1)));
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
