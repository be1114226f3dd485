import { readFileSync } from 'node:fs';

/** A test that a document names: `[label](path) "name"`, where a case stands in for the `%s` of `test.each`. */
export interface Citation {
  /** From the document's folder. */
  readonly path: string;
  readonly name: string;
}

/** Where a name ends: its quotation mark is followed by the next citation, the end of a cell, or that of the line. */
const citation = /\[[^\]]+\]\(([^)]*\btest\/[^)]+)\) "(.+?)"(?=, \[| \||\s*$)/gm;

/** The tests that a document cites. */
export function citationsIn(markdown: string): readonly Citation[] {
  return [...markdown.matchAll(citation)].map(([, path = '', name = '']) => ({ path, name }));
}

/** The links to test files in a document, whether or not a name follows them. */
export function linksToTestsIn(markdown: string): readonly string[] {
  return [...markdown.matchAll(/\]\(([^)]*\btest\/[^)]+)\)/g)].map(([, path = '']) => path);
}

/**
 * Whether a test file has a test of that name.
 *
 * The name is a title as it is written, or one of its cases: then what stands in the place of a `%s` must be a text of
 * that file, so that a case that goes away is missed as well.
 */
export function hasTest(file: string, name: string): boolean {
  const source = readFileSync(file, 'utf8');
  return titlesIn(source).some((title) => title === name || isCase(source, title, name));
}

/** The texts that begin the arguments of a call: titles of tests among them. */
function titlesIn(source: string): readonly string[] {
  const first = /\(\s*('(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`|"(?:[^"\\]|\\.)*"),/g;
  return [...source.matchAll(first)].map(([, quoted = '']) =>
    quoted.slice(1, -1).replaceAll(/\\(['"`\\])/g, '$1'),
  );
}

function isCase(source: string, title: string, name: string): boolean {
  if (!title.includes('%s')) return false;
  const parts = title.split('%s').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const values = new RegExp(`^${parts.join('(.+)')}$`).exec(name)?.slice(1) ?? [];
  return (
    values.length > 0 &&
    values.every((value) => [`'`, '"', '`'].some((quote) => source.includes(quote + value + quote)))
  );
}
