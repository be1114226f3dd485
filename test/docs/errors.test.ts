import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type ErrorDefinition, errorTable } from '../../lambdas/core/errors.ts';

const text = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');

/** Reads the cells of the table below a heading, without its head. */
function tableBelow(heading: string): readonly (readonly string[])[] {
  const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const definitions: readonly (readonly [string, ErrorDefinition])[] = Object.entries(errorTable);

describe('docs/errors.md', () => {
  it('lists every code once, with its fault, status, page and waiting time', () => {
    const documented = tableBelow('Codes').map(([code, _meaning, ...rest]) => [code, ...rest]);
    expect(documented).toEqual(
      definitions.map(([code, { fault, status, page, retryAfter }]) => [
        `\`${code}\``,
        fault,
        `${status}`,
        page,
        `${retryAfter ?? ''}`,
      ]),
    );
  });

  it('explains every code', () => {
    const meanings = tableBelow('Codes').map(([, meaning]) => meaning ?? '');
    expect(meanings.filter((meaning) => meaning.length < 15)).toEqual([]);
  });

  it('explains every fault', () => {
    const faults = new Set(definitions.map(([, { fault }]) => `\`${fault}\``));
    expect(new Set(tableBelow('Who acts').map(([fault]) => fault))).toEqual(faults);
  });

  it('explains every page', () => {
    const pages = new Set<string>(definitions.map(([, { page }]) => page));
    expect(new Set(tableBelow('Pages').map(([page]) => page))).toEqual(pages);
  });

  it('is right that responses with 502 or 503 have a Retry-After, and no others', () => {
    const withoutRightHeader = definitions.filter(
      ([, { status, retryAfter }]) => (status === 502 || status === 503) !== (retryAfter !== undefined),
    );
    expect(withoutRightHeader).toEqual([]);
  });
});
