import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { fillPage } from '../../dev/generate/fill-page.ts';
import { buildWallParts } from '../../dev/scale/fill-page.ts';
import { findWalls } from '../../dev/scale/find-walls.ts';
import { readScaleConfig } from '../../dev/scale/measure.ts';
import { quotas } from '../../dev/scale/quotas.ts';

const config = readScaleConfig();

describe('docs/scale.md', () => {
  it('has the limits that npm run scale writes', () => {
    const page = readFileSync(new URL('../../docs/scale.md', import.meta.url), 'utf8');
    expect(fillPage(page, buildWallParts(config))).toBe(page);
  });

  it('has a source for every limit', () => {
    for (const { source } of findWalls(config))
      expect(source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/|^configuration\.md#/);
  });
});

it('names the first limit that each rate adds, and what raises it', () => {
  const { rates = '' } = buildWallParts(config);
  const rows = rates.split('\n').slice(2);
  expect(rows.map((row) => row.split('|').slice(1, 4))).toEqual([
    ['1', 'none', ''],
    ['100', 'requests to `/auth/userinfo`: 25', '[the config](configuration.md#throttling)'],
    ['1,000', 'Lambda: calls of all functions: 392', 'Service Quotas'],
    ['10,000', 'requests to `/auth/logout`: 1,000', '[the config](configuration.md#throttling)'],
  ]);
});

describe('the walls', () => {
  const find = (what: string) => findWalls(config).find((wall) => wall.what === what);

  it('come from the counted calls: two signatures for each sign-in', () => {
    expect(find(quotas.kms.what)).toMatchObject({ used: 2, signIns: 500 });
  });

  it('begin with the first', () => {
    const signIns = findWalls(config).map((wall) => wall.signIns);
    expect(signIns).toEqual(signIns.toSorted((one, other) => one - other));
  });

  it('are further away when the config allows more', () => {
    const throttling = { ...config.throttling, userinfo: 50_000 };
    const [first] = findWalls({ ...config, throttling });
    expect(first).toMatchObject({ what: 'requests to `/auth/login`', signIns: 80 });
  });
});
