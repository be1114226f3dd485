import { describe, expect, it } from '@jest/globals';
import { type PlannedVisit, planVisits } from '../../../dev/game-day/traffic.ts';

const usual = () => 1;
const traffic = { perHour: 200, beginsAt: 10, seed: 1 };
const start = (visit: PlannedVisit) => visit.steps[0]?.minute ?? -1;

describe('the users of the game day', () => {
  it('come at the same times for the same seed, whenever the plan begins', () => {
    const whole = planVisits(traffic, 0, 120, usual);

    expect(planVisits(traffic, 0, 120, usual)).toEqual(whole);
    expect(planVisits(traffic, 60, 120, usual)).toEqual(whole.filter((visit) => start(visit) >= 60));
    expect(planVisits({ ...traffic, seed: 2 }, 0, 120, usual)).not.toEqual(whole);
  });

  it('come as often as the traffic sets by day, independently of each other, and seldom at night', () => {
    const visits = planVisits(traffic, 0, 24 * 60, usual);
    const byDay = Array.from(
      { length: 600 },
      (_, minute) => visits.filter((visit) => start(visit) === minute).length,
    );
    const mean = 200 / 60;
    const variance = byDay.reduce((sum, count) => sum + (count - mean) ** 2, 0) / byDay.length;

    expect(byDay.reduce((sum, count) => sum + count, 0) / 10).toBeCloseTo(200, -1.3);
    // Of independent users, the variance is the mean.
    expect(variance / mean).toBeCloseTo(1, 0.5);
    // From two to four in the morning.
    expect(visits.filter((visit) => start(visit) >= 960 && start(visit) < 1080).length).toBeLessThan(25);
  });

  it('come more often when there are more of them', () => {
    const twice = planVisits(traffic, 0, 600, () => 2).length / planVisits(traffic, 0, 600, usual).length;

    expect(twice).toBeCloseTo(2, 0.7);
    expect(planVisits(traffic, 0, 600, () => 0)).toEqual([]);
  });

  it('come back from One Login after they have left, nine in ten of them', () => {
    const visits = planVisits(traffic, 0, 600, usual);
    const back = visits.filter(({ steps }) => steps.some(({ step }) => step === 'return'));

    expect(back.length / visits.length).toBeCloseTo(0.92, 1.3);
    for (const { steps } of visits) {
      const minutes = steps.map(({ minute }) => minute);
      expect(minutes).toEqual(minutes.toSorted((left, right) => left - right));
      expect(steps[0]?.step).toBe('start');
    }
  });
});
