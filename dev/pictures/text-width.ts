/** The widths of Arial's and Helvetica's printable ASCII characters from the space on, in thousandths of the font size. */
const widths = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
  556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
  500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
  556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
  278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/** Some fonts that a browser shows instead are wider by so much. */
const reserve = 1.18;

/** Estimates how wide a text is, without a browser. */
export function measureText(text: string, size: number): number {
  const thousandths = [...text].reduce(
    (total, character) => total + (widths[(character.codePointAt(0) ?? 0) - 32] ?? 556),
    0,
  );
  return (thousandths / 1_000) * size * reserve;
}

/**
 * Breaks a text into lines. A line feed in the text always breaks it.
 *
 * @throws Error if a word is wider than a line
 */
export function wrapText(text: string, width: number, size: number): readonly string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines: string[] = [];
    for (const word of paragraph.split(' ')) {
      if (measureText(word, size) > width) throw new Error(`"${word}" is wider than ${width} px`);
      const longer = `${lines.at(-1)} ${word}`;
      if (lines.length > 0 && measureText(longer, size) <= width) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    return lines;
  });
}
