import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { checks } from '../../bin/doctor/examine.ts';

describe('docs/operations/doctor.md', () => {
  it('lists the checks in their order', () => {
    const page = readFileSync(new URL('../../docs/operations/doctor.md', import.meta.url), 'utf8');
    const listed = /<!-- generated: doctor checks -->(.*)<!-- end/s.exec(page)?.[1]?.match(/[a-z][a-z-]*/g);

    expect(listed).toEqual(checks.map(({ id }) => id));
  });
});

describe('the checks of the doctor', () => {
  it('have different ids, and each comes after those that it needs', () => {
    const ids = checks.map(({ id }) => id);

    expect(new Set(ids).size).toBe(ids.length);
    for (const [index, { needs }] of checks.entries()) {
      expect(needs.filter((need) => !ids.slice(0, index).includes(need))).toEqual([]);
    }
  });
});
