import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { countedCanary, countedSteps, type StepUsage } from '../../bin/cost/counted-steps.ts';
import { assumptions, defaultVisit, estimateCost, estimateTraffic } from '../../bin/cost/estimate.ts';
import { defaultPrices, readPrices } from '../../bin/cost/prices.ts';
import { formatCostTable } from '../../bin/cost/print-estimate.ts';
import { measureTemplate } from '../../bin/cost/template-usage.ts';
import { buildTestConfig, readTemplate } from '../infra/synthesise.ts';

const page = readFileSync(new URL('../../docs/cost.md', import.meta.url), 'utf8');

describe('docs/cost.md', () => {
  it('quotes the output of the command for a million sign-ins', () => {
    const config = buildTestConfig('production.example');
    const prices = readPrices(defaultPrices);
    const traffic = estimateTraffic(1_000_000, defaultVisit, config.session.idleMinutes);
    const { traffic: lines } = estimateCost(traffic, measureTemplate(readTemplate(config)), prices);
    expect(page).toContain(`\`\`\`text\n${formatCostTable(lines, prices).join('\n')}\n\`\`\``);
    const cents = lines.reduce((sum, { cost }) => sum + cost, 0) / 10_000;
    expect(page).toContain(`So a sign-in costs about ${cents.toFixed(3)} US cents`);
  });

  it('lists what each step uses', () => {
    const { run, path } = countedCanary;
    const counted: Readonly<Record<string, StepUsage>> = { ...countedSteps, 'a run': run, 'a path': path };
    const rows = Object.entries(counted).map(([step, usage]) => {
      const functions = Object.entries(usage.invocations).map(
        ([name, count]) => `\`${name}\`${count === 1 ? '' : ` × ${count}`}`,
      );
      const { apiRequests, signatures, writeUnits, readUnits, logBytes } = usage;
      const numbers = [signatures, writeUnits, readUnits, logBytes].map((each) =>
        each.toLocaleString('en-GB'),
      );
      return `| ${[step, apiRequests, functions.join(', '), ...numbers].join(' | ')} |`;
    });
    for (const row of rows) expect(page.replaceAll(/ +/g, ' ')).toContain(row.replaceAll(/ +/g, ' '));
  });

  it('lists every assumption', () => {
    const { duration, ...others } = assumptions;
    const values = [
      ...Object.entries(duration).map(([name, value]) => [`\`${name}\``, value]),
      ...Object.entries(others),
    ];
    for (const [name, value] of values)
      expect(page).toMatch(new RegExp(`^\\|.*${name}.*\\| ${value.toLocaleString('en-GB')} \\|`, 'm'));
  });
});
