import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { fillPage } from '../../../dev/generate/fill-page.ts';
import { buildRotationPart, type SimulatedRow } from '../../../dev/scale/fill-page.ts';
import { simulateAll } from '../../../dev/scale/measure.ts';

let simulated: readonly SimulatedRow[];

beforeAll(async () => {
  simulated = await simulateAll();
}, 180_000);

const rotations = (name: string) => simulated.filter(([each]) => each === name).map(([, , report]) => report);

describe('docs/scale.md', () => {
  it('has the figures of the rotation that npm run scale writes', () => {
    const page = readFileSync(new URL('../../../docs/scale.md', import.meta.url), 'utf8');
    expect(fillPage(page, buildRotationPart(simulated))).toBe(page);
  });
});

describe('One Login changes its key, and the documents', () => {
  it('are requested as often for one instance as for 1,000', () => {
    const [one, ten, hundred, thousand] = rotations('at once, and a request fails').map(
      ({ fetches }) => fetches,
    );
    for (const name of ['six minutes after it published it', 'at once'])
      expect(new Set(rotations(name).map(({ fetches }) => fetches)).size).toBe(1);
    expect([ten, hundred, thousand]).toEqual([one, one, one]);
    // The refreshers' three documents, the request that fails, and the one that follows.
    expect(one).toBe(5);
  });

  it('are read by each instance at most once a minute', () => {
    for (const [, , report] of simulated) expect(report.readsPerInstanceMinute).toBeLessThanOrEqual(1);
  });

  it('refuse no user when the key was published before its use, or can be fetched at once', () => {
    for (const name of ['six minutes after it published it', 'at once']) {
      expect(rotations(name)).toMatchObject([{ refused: 0 }, { refused: 0 }]);
    }
  });

  it('refuse only the user whose request failed, with one instance as with 1,000', () => {
    for (const report of rotations('at once, and a request fails')) {
      expect(report.refused).toBe(1);
      expect(report.lastRefusedAfter).toBeLessThan(1_000);
      expect(report.longestWait).toBeLessThan(2_000);
    }
  });
});
