import type { Sequence, Step } from './sequence.ts';
import { arrow, box, colours, line, lineHeight, pictureWidth, renderSvg, text, textSize } from './svg.ts';
import { measureText, wrapText } from './text-width.ts';

const margin = 8;
const headTop = 44;
/** Space within a box and at both ends of a label. */
const padding = 8;
const gap = 12;
/** Bold text is as wide as usual text of this size. */
const boldSize = 15;

interface Row {
  readonly height: number;
  /** @param top where the row begins */
  draw(top: number): string;
}

/** Draws participants next to each other, and what happens between them from top to bottom. */
export function drawSequence({ title, description, participants, steps }: Sequence): string {
  const laneWidth = (pictureWidth - 2 * margin) / participants.length;
  const centres = new Map(
    participants.map(({ name }, index) => [name, margin + (index + 0.5) * laneWidth] as const),
  );
  const find = (name: string) => centres.get(name) ?? Number.NaN;
  const heads = participants.map(({ name, ours }) => ({
    ours,
    centre: find(name),
    lines: wrapText(name, laneWidth - 4 * padding, boldSize),
  }));
  const headHeight = Math.max(...heads.map(({ lines }) => lines.length)) * lineHeight + 2 * padding;
  const rows = steps.map((step) => buildRow(step, find, laneWidth));
  let top = headTop + headHeight + gap;
  const drawn = rows.map((row) => {
    const element = row.draw(top);
    top += row.height + gap;
    return element;
  });
  const height = top + 4;
  return renderSvg({ title, description, width: pictureWidth, height }, [
    text(margin, 28, title, { bold: true, size: 18 }),
    ...heads.map(({ centre }) =>
      line(
        [
          [centre, headTop + headHeight],
          [centre, height - margin],
        ],
        { stroke: colours.border },
      ),
    ),
    ...heads.map(
      ({ ours, centre, lines }) =>
        box(centre - laneWidth / 2 + padding, headTop, laneWidth - 2 * padding, headHeight, {
          fill: ours ? colours.blue : colours.secondary,
        }) +
        text(
          centre,
          headTop +
            padding +
            13 +
            ((headHeight - 2 * padding) / lineHeight - lines.length) * (lineHeight / 2),
          lines,
          { anchor: 'middle', bold: true, fill: colours.white },
        ),
    ),
    ...drawn,
  ]);
}

function buildRow(step: Step<string>, find: (name: string) => number, laneWidth: number): Row {
  switch (step.kind) {
    case 'phase':
      return {
        height: 28,
        draw: (top) =>
          box(0, top, pictureWidth, 28, { fill: colours.lightBlue }) +
          text(margin, top + 19, step.text, { bold: true }),
      };
    case 'note': {
      const centres = step.over.map(find);
      const width = Math.max(...centres) - Math.min(...centres) + laneWidth - 2 * padding;
      const middle = (Math.max(...centres) + Math.min(...centres)) / 2;
      const lines = wrapText(step.text, width - 4, textSize);
      const height = lines.length * lineHeight + padding;
      return {
        height,
        draw: (top) =>
          box(middle - width / 2, top, width, height, {
            fill: colours.lightGrey,
            stroke: colours.border,
          }) + text(middle, top + 17, lines, { anchor: 'middle' }),
      };
    }
    default: {
      const [from, to] = [find(step.from), find(step.to)];
      const span = Math.abs(to - from);
      const lines = wrapText(step.text, span - 4, textSize);
      const width = Math.max(...lines.map((each) => measureText(each, textSize)));
      const middle = (from + to) / 2;
      const height = lines.length * lineHeight + 4;
      // Lines of other participants do not cross the text.
      const background =
        span > laneWidth * 1.5 ? box(middle - width / 2 - 2, 0, width + 4, lines.length * lineHeight) : '';
      return {
        height,
        draw: (top) =>
          background.replace('y="0"', `y="${top}"`) +
          text(middle, top + 14, lines, { anchor: 'middle' }) +
          arrow(
            [
              [from, top + height],
              [to, top + height],
            ],
            { dashed: step.kind === 'reply' },
          ),
      };
    }
  }
}
