import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { checks } from '../../bin/doctor/examine.ts';

test('the page of the doctor lists its checks, in their order', () => {
  const page = readFileSync(new URL('../../docs/operations/doctor.md', import.meta.url), 'utf8');
  const listed = [...page.matchAll(/^\| `([a-z][a-z-]*)` \| /gm)].map(([, id]) => id);

  expect(listed).toEqual(checks.map(({ id }) => id));
});

test('no two checks have the same id, and each comes after those that it needs', () => {
  const ids = checks.map(({ id }) => id);

  expect(new Set(ids).size).toBe(ids.length);
  for (const [index, { needs }] of checks.entries()) {
    expect(needs.filter((need) => !ids.slice(0, index).includes(need))).toEqual([]);
  }
});
