import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { measureTemplate } from '../../bin/cost/template-usage.ts';
import { loginPurposes } from '../../lambdas/core/flow/login-attempt.ts';
import { type DimensionValues, metrics } from '../../lambdas/telemetry/metrics.ts';
import { buildTestConfig, readTemplate } from '../infra/synthesise.ts';

const text = readFileSync(new URL('../../docs/operations/metrics.md', import.meta.url), 'utf8');

/** Reads the cells of all tables whose head begins with a word. */
function readRows(head: string): readonly (readonly string[])[] {
  return text
    .split('\n\n')
    .filter((block) => block.startsWith(`| ${head} |`))
    .flatMap((table) => table.trim().split('\n').slice(2))
    .map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

describe('docs/operations/metrics.md', () => {
  it('lists every metric with its unit and dimensions', () => {
    const documented = readRows('metric').map(([name = '', unit, by = '']) => [
      name.replaceAll('`', ''),
      {
        unit,
        by: by
          .split(', ')
          .map((set) => (set === '' ? [] : [set.replaceAll(/[`,]/g, '').trim()].filter(Boolean))),
      },
    ]);
    expect(Object.fromEntries(documented)).toEqual(metrics);
  });

  it('lists the values of every dimension', () => {
    /** The compiler refuses one too many and one too few, but for codes, which are in docs/errors.md. */
    const values: {
      readonly [D in Exclude<keyof DimensionValues, 'code'>]: Record<DimensionValues[D], true>;
    } = {
      purpose: { login: true, reauthenticate: true, 'prove-identity': true, 'in-person-return': true },
      outcome: { proved: true, not_proved: true },
      fault: { caller: true, claimed: true, provider: true, aws: true, configuration: true },
      document: { discovery: true, jwks: true, did: true },
      decision: {
        authorized: true,
        login_required: true,
        insufficient_authentication: true,
        insufficient_identity: true,
        cross_site_request: true,
        header_not_allowed: true,
        path_not_allowed: true,
      },
      step: {
        discovery: true,
        jwks: true,
        jwks_in_time: true,
        login: true,
        authorize: true,
        callback: true,
        certificate: true,
      },
    };
    expect(Object.keys(values.purpose)).toEqual([...loginPurposes]);
    const documented = readRows('dimension').map(([name = '', cell = '']) => [
      name.replaceAll('`', ''),
      [...cell.matchAll(/`([\w-]+)`/g)].map(([, value]) => value),
    ]);
    expect(Object.fromEntries(documented)).toEqual({
      ...Object.fromEntries(Object.entries(values).map(([name, all]) => [name, Object.keys(all)])),
      code: [],
    });
  });

  it('has the cost of the alarms of the production example', () => {
    const { alarmMetrics } = measureTemplate(readTemplate(buildTestConfig('production.example')));
    const [, many, , cost] = readRows('what').find(([what]) => what?.startsWith('alarms')) ?? [];
    expect([many, cost]).toEqual([
      `${alarmMetrics} with identity and two authorizers`,
      (alarmMetrics * 0.1).toFixed(2),
    ]);
  });
});
