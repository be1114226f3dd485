import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type ErrorDefinition, errorTable } from '../../lambdas/core/errors.ts';

const text = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');

const definitions: readonly (readonly [string, ErrorDefinition])[] = Object.entries(errorTable);

/** Reads the codes in the list, each with who acts, its response and its meaning. */
function readEntries(): readonly (readonly [code: string, response: string, meaning: string])[] {
  const [, list = ''] = /<!-- generated: errors -->(.*?)<!-- end of generated -->/s.exec(text) ?? [];
  let fault = '';
  let response = '';
  return list.split('\n').flatMap((line) => {
    [, fault = fault] = /^### `(\w+)`: /.exec(line) ?? [];
    [, response = response] = /^(\d.*):$/.exec(line) ?? [];
    const [, codes = '', meaning = ''] = /^- (.*?): (.*)$/.exec(line) ?? [];
    return [...codes.matchAll(/`(\w+)`/g)].map(
      ([, code = '']) => [code, `${fault} ${response}`, meaning] as const,
    );
  });
}

describe('docs/errors.md', () => {
  it('lists every code once, with its fault, status, page and waiting time', () => {
    const documented = readEntries().map(([code, response]) => [code, response]);
    expect(documented.toSorted()).toEqual(
      definitions
        .map(([code, { fault, status, page, retryAfter }]) => [
          code,
          `${fault} ${status}, \`${page}\`${retryAfter === undefined ? '' : `, \`Retry-After\` ${retryAfter}`}`,
        ])
        .toSorted(),
    );
  });

  it('explains every code', () => {
    expect(readEntries().filter(([, , meaning]) => meaning.length < 14)).toEqual([]);
  });

  it('explains every fault', () => {
    const faults = new Set(definitions.map(([, { fault }]) => fault));
    const explained = [...text.matchAll(/^### `(\w+)`: .+\n\n[A-Z]/gm)].map(([, fault]) => fault);
    expect(new Set(explained)).toEqual(faults);
  });

  it('is right that responses with 502 or 503 have a Retry-After, and no others', () => {
    const withoutRightHeader = definitions.filter(
      ([, { status, retryAfter }]) => (status === 502 || status === 503) !== (retryAfter !== undefined),
    );
    expect(withoutRightHeader).toEqual([]);
  });
});
