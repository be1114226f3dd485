import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { fillScalePage, type SimulatedRow } from '../../../dev/scale/fill-page.ts';
import { findWalls } from '../../../dev/scale/find-walls.ts';
import { readScaleConfig, simulateAll } from '../../../dev/scale/measure.ts';
import { quotas } from '../../../dev/scale/quotas.ts';

const config = readScaleConfig();
let simulated: readonly SimulatedRow[];

beforeAll(async () => {
  simulated = await simulateAll();
}, 180_000);

const rotations = (name: string) => simulated.filter(([each]) => each === name).map(([, , report]) => report);

describe('docs/scale.md', () => {
  it('has the figures that npm run scale writes', () => {
    const page = readFileSync(new URL('../../../docs/scale.md', import.meta.url), 'utf8');
    expect(fillScalePage(page, config, simulated)).toBe(page);
  });

  it('has a source for every limit', () => {
    for (const { source } of findWalls(config))
      expect(source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/|^config/);
  });
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
    expect(first).toMatchObject({ what: 'ours: requests to `/auth/login`', signIns: 80 });
  });
});

describe('One Login changes its key, and the documents', () => {
  it('are requested as often for one instance as for 1,000', () => {
    const [one, ten, hundred, thousand] = rotations('at once, and a request fails').map(
      ({ fetches }) => fetches,
    );
    expect([ten, hundred, thousand]).toEqual([one, one, one]);
    // The refreshers' three documents, the request that fails, and the one that follows.
    expect(one).toBe(5);
  });

  it('are read by each instance at most once a minute', () => {
    for (const [, , report] of simulated) expect(report.readsPerInstanceMinute).toBeLessThanOrEqual(1);
  });

  it('refuse nobody when the key was published before its use, or can be fetched at once', () => {
    for (const name of ['six minutes after it published it', 'at once']) {
      expect(rotations(name)).toMatchObject([{ refused: 0 }]);
    }
  });

  it('refuse nobody later than three seconds after the first use when a request fails', () => {
    for (const report of rotations('at once, and a request fails')) {
      expect(report.refused).toBeGreaterThan(0);
      expect(report.lastRefusedAfter).toBeLessThan(3_000);
      expect(report.longestWait).toBeLessThan(2_500);
    }
  });
});
