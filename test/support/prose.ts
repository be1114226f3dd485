import { globSync } from 'node:fs';

/** Every page of the documents, from the root of the project. */
export const pages = globSync(['*.md', 'docs/**/*.md']).sort();

/** Counts words as `wc -w` does. */
export const countWords = (text: string): number => text.split(/\s+/).filter((word) => word !== '').length;

/**
 * Splits the prose of a page into sentences. Code, tables, headings, comments and generated parts are no prose. A list item is
 * a sentence of its own.
 */
export function listSentences(markdown: string): readonly string[] {
  const prose = markdown
    .replaceAll(/<!-- generated: [\s\S]*?<!-- end of generated -->/g, '')
    .replaceAll(/<!--[\s\S]*?-->/g, '')
    .replaceAll(/^ *```[\s\S]*?^ *```/gm, '\n')
    .replaceAll(/^ *(#|\||>).*$/gm, '\n')
    .replaceAll(/^ *([-*]|\d+\.) /gm, '\n')
    // Of a link and of code, people read one thing: its text.
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/`[^`]*`/g, 'code')
    .replaceAll('**', '');
  return prose
    .split(/\n\s*\n/)
    .map((block) => block.replaceAll(/\s+/g, ' ').trim())
    .flatMap((block) => block.split(/(?<=[.!?])["”)]? (?=[“"(]?[A-Z0-9]|code)/))
    .filter((sentence) => sentence !== '');
}

/** Lists the headings and the rows of tables, without code and the addresses of links. */
export function listHeadingsAndRows(markdown: string): readonly string[] {
  return markdown
    .replaceAll(/^ *```[\s\S]*?^ *```/gm, '')
    .split('\n')
    .filter((line) => /^ *(#|\|)/.test(line))
    .map((line) => line.replaceAll(/`[^`]*`/g, 'code').replaceAll(/\]\([^)]*\)/g, ']'));
}
