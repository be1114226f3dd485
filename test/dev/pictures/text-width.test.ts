import { describe, expect, it } from '@jest/globals';
import { measureText, wrapText } from '../../../dev/pictures/text-width.ts';

describe('measureText', () => {
  it('returns more for wide letters than for narrow ones, and for larger text', () => {
    expect(measureText('mmm', 14)).toBeGreaterThan(2 * measureText('iii', 14));
    expect(measureText('text', 28)).toBeCloseTo(2 * measureText('text', 14));
  });
});

describe('wrapText', () => {
  it('continues on the next line when a line is full, and at a line feed', () => {
    expect(wrapText('one two three', 60, 14)).toEqual(['one two', 'three']);
    expect(wrapText('one\ntwo', 60, 14)).toEqual(['one', 'two']);
  });

  it('refuses a word that is wider than a line', () => {
    expect(() => wrapText('backchannel-logout', 60, 14)).toThrow('is wider than 60 px');
  });
});
