import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { measureTemplate } from '../../bin/cost/template-usage.ts';
import { dimensionValues } from '../../dev/generate/operations-tables.ts';
import { loginPurposes } from '../../lambdas/core/flow/login-attempt.ts';
import { metrics } from '../../lambdas/telemetry/metrics.ts';
import { buildTestConfig, readTemplate } from '../infra/synthesise.ts';

const text = readFileSync(new URL('../../docs/operations/metrics.md', import.meta.url), 'utf8');

describe('docs/operations/metrics.md', () => {
  // `npm run generate` writes the tables, and the compiler refuses a metric or a value without a text.
  it('has every metric, and every value of every dimension', () => {
    for (const name of Object.keys(metrics)) expect(text).toMatch(new RegExp(`^- .*\`${name}\`.*: \\w`, 'm'));
    for (const [name, values] of Object.entries(dimensionValues)) {
      const [, listed = ''] = new RegExp(`^- \`${name}\`: (.*)$`, 'm').exec(text) ?? [];
      expect(listed.replaceAll('`', '').split(', ')).toEqual(Object.keys(values));
    }
    expect(Object.keys(dimensionValues.purpose)).toEqual([...loginPurposes]);
  });

  it('has the cost of the alarms of the production example', () => {
    const { alarmMetrics } = measureTemplate(readTemplate(buildTestConfig('production.example')));
    expect(text).toContain(`- ${alarmMetrics} metrics that alarms read: 0.10 dollars each`);
  });
});
