import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { buildFullConfig } from '../infra/everything-on.ts';
import { buildTestConfig, readTemplate } from '../infra/synthesise.ts';

const page = readFileSync(
  new URL('../../docs/operations/deployment-permissions.md', import.meta.url),
  'utf8',
);
const rows = [...page.matchAll(/^\| `([\w:]+)` \| (.*) \|$/gm)].map(([, type = '', actions = '']) => ({
  type,
  actions: actions.split(', '),
}));

describe('docs/operations/deployment-permissions.md', () => {
  it('has each type of resource of the examples and of all options, and no other', () => {
    const all = { reservedConcurrency: {} };
    const configs = [
      buildTestConfig('integration.example'),
      buildTestConfig('production.example'),
      buildFullConfig('withDomain', all),
      buildFullConfig('withCloudFront', all),
    ];
    const types = configs.flatMap((config) =>
      Object.values(readTemplate(config).Resources).map(({ Type }) => Type),
    );
    expect(rows.map(({ type }) => type)).toEqual([...new Set(types)].sort());
  });

  it('has actions by which each type can be made', () => {
    for (const { actions } of rows) {
      for (const action of actions) expect(action).toMatch(/^`[a-z0-9]+:[A-Za-z]+`$/);
      expect(new Set(actions).size).toBe(actions.length);
    }
  });
});
