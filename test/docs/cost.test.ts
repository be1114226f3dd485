import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { countedSteps } from '../../bin/cost/counted-steps.ts';
import { assumptions } from '../../bin/cost/estimate.ts';
import {
  renderAssumptions,
  renderCountedSteps,
  renderMillionSignIns,
} from '../../dev/generate/cost-tables.ts';

// `generated.test.ts` compares these with docs/cost.md.
describe('the tables of docs/cost.md', () => {
  it('have the output of the command for a million sign-ins, and what one costs', () => {
    const [, total = ''] = /total +([\d.]+)/.exec(renderMillionSignIns()) ?? [];
    expect(Number(total)).toBeGreaterThan(100);
    expect(renderMillionSignIns()).toContain(`about ${(Number(total) / 10_000).toFixed(3)} US cents`);
  });

  it('have the fixed cost, of which the page leaves out the firewall', () => {
    const [, fixed = ''] = /also costs ([\d.]+)/.exec(renderMillionSignIns()) ?? [];
    const page = readFileSync('docs/cost.md', 'utf8');
    const [, rounded, firewall] = /about (\d+) dollars a month .* another (\d+)/s.exec(page) ?? [];
    expect(Math.abs(Number(fixed) - Number(rounded) - Number(firewall))).toBeLessThan(2.5);
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
