import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { fillPage } from '../../dev/generate/fill-page.ts';
import { generatePages } from '../../dev/generate/generate-files.ts';

describe('a page with generated tables', () => {
  it.each(generatePages())('is what `npm run generate` writes: $path', ({ path, text }) => {
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('has a place for each of them', () => {
    expect(() => fillPage('# A page', { table: '' })).toThrow('the page has no place for "table"');
  });
});
