import type { Schema } from '../../lib/config/read-schema.ts';

/** Splits a paragraph into lines of at most this many characters, where words allow it. */
export function wrapText(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}

/** The value of a field that is left out, in words. The default of an object is in its own fields. */
export function describeDefault({ default: value }: Schema): string {
  if (value === undefined || JSON.stringify(value) === '{}') return '';
  return `Default: \`${JSON.stringify(value).replaceAll(/^"|"$/g, '')}\`.`;
}
