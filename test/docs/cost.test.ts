import { describe, expect, it } from '@jest/globals';
import { countedSteps } from '../../bin/cost/counted-steps.ts';
import { assumptions } from '../../bin/cost/estimate.ts';
import {
  renderAssumptions,
  renderCountedSteps,
  renderFixedCost,
  renderMillionSignIns,
  renderRemembered,
} from '../../dev/generate/cost-tables.ts';

// `generated.test.ts` compares these with docs/cost.md.
describe('the tables of docs/cost.md', () => {
  it('have the output of the command for a million sign-ins, and what one costs', () => {
    const [, total = ''] = /total +([\d.]+)/.exec(renderMillionSignIns()) ?? [];
    expect(Number(total)).toBeGreaterThan(100);
    expect(renderMillionSignIns()).toContain(`about ${(Number(total) / 10_000).toFixed(3)} US cents`);
  });

  it('have the fixed cost, of which the firewall is a part', () => {
    const [, fixed = ''] = /also costs ([\d.]+)/.exec(renderMillionSignIns()) ?? [];
    const [, others, firewall] =
      /costs ([\d.]+) dollars .* ([\d.]+) for the firewall/s.exec(renderFixedCost()) ?? [];
    expect(Number(others) + Number(firewall)).toBeCloseTo(Number(fixed), 1);
  });

  it('have the dates of the prices', () => {
    expect(renderFixedCost()).toMatch(/lists of 2\d{3}-\d\d-\d\d to 2\d{3}-\d\d-\d\d\.$/);
  });

  it('cost less, the longer a service remembers its users', () => {
    const costs = [...renderRemembered().matchAll(/cost (\d+)/g)].map(([, cost]) => Number(cost));
    expect(costs).toHaveLength(2);
    expect(costs).toEqual(costs.toSorted((one, other) => other - one));
  });

  it('have each step', () => {
    for (const step of Object.keys(countedSteps)) expect(renderCountedSteps()).toContain(`|${step}|`);
  });

  it('have every assumption', () => {
    const { duration, ...others } = assumptions;
    for (const [name, value] of Object.entries(duration))
      expect(renderAssumptions()).toContain(`\`${name}\` ${value.toLocaleString('en-GB')}`);
    for (const value of Object.values(others))
      expect(renderAssumptions()).toMatch(new RegExp(`\\b${value}\\b`));
  });
});
