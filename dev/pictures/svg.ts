/** Colours of the GOV.UK palette. */
export const colours = {
  text: '#0b0c0c',
  secondary: '#505a5f',
  border: '#b1b4b6',
  lightGrey: '#f3f2f1',
  white: '#fff',
  blue: '#1d70b8',
  lightBlue: '#d2e2f1',
  green: '#00703c',
  red: '#d4351c',
  orange: '#f47738',
  purple: '#4c2c92',
  turquoise: '#28a197',
  yellow: '#ffdd00',
} as const;

/** The size of all text, in pixels. Headings are larger. */
export const textSize = 14;
export const lineHeight = 18;

/** Pages on GitHub are about as wide, so that it does not make a picture smaller. */
export const pictureWidth = 820;

export interface Frame {
  readonly title: string;
  /** For people who do not see the picture. */
  readonly description?: string;
  readonly width: number;
  readonly height: number;
}

/** Puts elements into an SVG that has a size, so that its text has one, and a background, so that it is readable in dark mode. */
export function renderSvg({ title, description, width, height }: Frame, elements: readonly string[]): string {
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="sans-serif" font-size="${textSize}">`,
    `<title>${escapeXml(title)}</title>`,
    ...(description === undefined ? [] : [`<desc>${escapeXml(description)}</desc>`]),
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...elements,
    '</svg>',
  ].join('\n')}\n`;
}

export interface TextStyle {
  /** @default start */
  readonly anchor?: 'start' | 'middle' | 'end';
  /** @default false */
  readonly bold?: boolean;
  readonly fill?: string;
  readonly size?: number;
}

/** Writes lines below each other. @param y the base of the first line */
export function text(x: number, y: number, lines: string | readonly string[], style: TextStyle = {}): string {
  const { anchor = 'start', bold = false, fill = colours.text, size = textSize } = style;
  const attributes = [
    ...(anchor === 'start' ? [] : [` text-anchor="${anchor}"`]),
    ...(bold ? [' font-weight="bold"'] : []),
    ...(fill === colours.text ? [] : [` fill="${fill}"`]),
    ...(size === textSize ? [] : [` font-size="${size}"`]),
  ].join('');
  return [lines]
    .flat()
    .map(
      (line, row) =>
        `<text x="${format(x)}" y="${format(y + row * lineHeight)}"${attributes}>${escapeXml(line)}</text>`,
    )
    .join('');
}

export interface BoxStyle {
  readonly fill?: string;
  readonly stroke?: string;
  /** @default false */
  readonly dashed?: boolean;
}

export function box(x: number, y: number, width: number, height: number, style: BoxStyle = {}): string {
  const { fill = colours.white, stroke, dashed = false } = style;
  const line = stroke === undefined ? '' : ` stroke="${stroke}"${dashed ? ' stroke-dasharray="6 4"' : ''}`;
  return `<rect x="${format(x)}" y="${format(y)}" width="${format(width)}" height="${format(height)}" fill="${fill}"${line}/>`;
}

export type Point = readonly [number, number];

export interface LineStyle {
  readonly stroke?: string;
  /** @default false */
  readonly dashed?: boolean;
  /** @default 1.5 */
  readonly width?: number;
}

export function line(points: readonly Point[], style: LineStyle = {}): string {
  const { stroke = colours.text, dashed = false, width = 1.5 } = style;
  const path = points.map(([x, y]) => `${format(x)} ${format(y)}`).join('L');
  return `<path d="M${path}" fill="none" stroke="${stroke}" stroke-width="${width}"${dashed ? ' stroke-dasharray="5 4"' : ''}/>`;
}

/** Draws a line with a head at its end. */
export function arrow(points: readonly Point[], style: LineStyle = {}): string {
  const [tip = [0, 0], before = [0, 0]] = points.toReversed();
  const [dx, dy] = [Math.sign(tip[0] - before[0]), Math.sign(tip[1] - before[1])];
  // Lines are horizontal or vertical.
  const corners: readonly Point[] = [
    tip,
    [tip[0] - 9 * dx - 5 * dy, tip[1] - 9 * dy - 5 * dx],
    [tip[0] - 9 * dx + 5 * dy, tip[1] - 9 * dy + 5 * dx],
  ];
  const end: Point = [tip[0] - 8 * dx, tip[1] - 8 * dy];
  const head = corners.map(([x, y]) => `${format(x)} ${format(y)}`).join('L');
  return `${line([...points.slice(0, -1), end], style)}<path d="M${head}z" fill="${style.stroke ?? colours.text}"/>`;
}

export function format(value: number): string {
  return String(Number(value.toFixed(1)));
}

export function escapeXml(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
