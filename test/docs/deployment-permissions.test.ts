import { describe, expect, it } from '@jest/globals';
import { deploymentActions } from '../../dev/generate/deployment-actions.ts';
import { buildFullConfig } from '../infra/everything-on.ts';
import { buildTestConfig, readTemplate } from '../infra/synthesise.ts';

describe('the actions of docs/operations/deployment-permissions.md', () => {
  it('are for each type of resource of the examples and of all options, and for no other', () => {
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
    expect(Object.keys(deploymentActions)).toEqual([...new Set(types)].sort());
  });

  it('have the form of actions, each once', () => {
    for (const actions of Object.values(deploymentActions)) {
      for (const action of actions) expect(action).toMatch(/^[a-z0-9]+:[A-Za-z]+$/);
      expect(new Set(actions).size).toBe(actions.length);
    }
  });
});
