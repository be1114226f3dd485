import { describe, expect, it } from '@jest/globals';
import { exemptions } from '../../../dev/check-template/exemptions.ts';
import {
  type Examined,
  type Exemption,
  listPaths,
  listUnexempted,
  listUnneeded,
} from '../../../dev/check-template/findings.ts';
import { buildApp } from '../../../lib/app.ts';
import { buildTestConfig, placeholderBundles } from '../../infra/synthesise.ts';

const config = buildTestConfig('production.example');
const examined: Examined = {
  config,
  paths: new Map([
    ['TablesSessions1', 'Tables/Sessions/Resource'],
    ['TablesSessionsOfOthers2', 'Tables/SessionsOfOthers/Resource'],
  ]),
  findings: [
    { rule: 'PITR', logicalId: 'TablesSessions1', message: 'no backup' },
    { rule: 'LOGS', logicalId: undefined, message: 'no log' },
  ],
};
const lines = ['PITR at Tables/Sessions/Resource: no backup', 'LOGS at template: no log'];
const pitr: Exemption = { rule: 'PITR', resources: ['Tables/Sessions'], reason: 'Nothing to restore.' };
const logs: Exemption = { rule: 'LOGS', resources: ['template'], reason: 'Logged elsewhere.' };

describe('a finding', () => {
  it('is listed with its rule and its construct if no exemption is for it', () => {
    expect(listUnexempted(examined, [])).toEqual(lines);
  });

  it('is left out by an exemption of its rule for its construct, a parent or the template', () => {
    expect(listUnexempted(examined, [pitr, logs])).toEqual([]);
    expect(listUnexempted(examined, [{ ...pitr, resources: ['Tables'] }, logs])).toEqual([]);
  });

  it.each([
    ['another rule', { ...pitr, rule: 'KEYS' }],
    ['a construct whose name is the beginning of its name', { ...pitr, resources: ['Tables/Session'] }],
    ['other configs', { ...pitr, when: () => false }],
  ])('is listed if the exemption is for %s', (_, exemption) => {
    expect(listUnexempted(examined, [exemption])).toEqual(lines);
  });

  it('is listed by its logical id if no construct has made the resource', () => {
    const included = { ...examined, paths: new Map() };
    expect(listUnexempted(included, [pitr, logs])).toEqual(['PITR at TablesSessions1: no backup']);
  });
});

describe('an exemption', () => {
  it('is needed if one of the templates has a finding for it', () => {
    expect(listUnneeded([{ ...examined, findings: [] }, examined], [pitr, logs])).toEqual([]);
  });

  it('is listed for each resource without a finding', () => {
    const exemption = { ...pitr, resources: ['Tables/Sessions', 'Tables/SessionsOfOthers'] };
    expect(listUnneeded([examined], [exemption])).toEqual([
      'PITR at Tables/SessionsOfOthers: nothing is found here',
    ]);
  });

  it('is listed if it is for none of the configs', () => {
    expect(listUnneeded([examined], [{ ...pitr, when: () => false }])).toEqual([
      'PITR at Tables/Sessions: nothing is found here',
    ]);
  });

  it('has a sentence as its reason', () => {
    for (const { reason } of exemptions) expect(reason).toMatch(/^[A-Z].{40,}\.$/);
  });
});

describe('listPaths', () => {
  it('finds the construct of a logical id', () => {
    const paths = listPaths(buildApp(config, { bundles: placeholderBundles }));
    const tables = [...paths].filter(([logicalId]) => logicalId.startsWith('TablesSessions'));
    expect(tables.map(([, path]) => path)).toEqual(['Tables/Sessions/Resource']);
  });
});
