import { describe, expect, it } from '@jest/globals';
import { paths } from '../../lambdas/example-service-pages.ts';
import {
  buildTestConfig,
  findFunction,
  findRole,
  listResources,
  listStatements,
  readRoutes,
  readVariables,
  synthesise,
} from './synthesise.ts';

const template = synthesise(buildTestConfig('local'));

describe('the example service', () => {
  it('does not exist unless the config has it', () => {
    const production = synthesise(buildTestConfig('production.example'));

    expect(listResources(production, undefined, 'ExampleService')).toEqual([]);
    for (const path of paths) expect([...readRoutes(production).keys()]).not.toContain(`GET ${path}`);
  });

  it('has a route for each of its pages at the root of the API', () => {
    const { id } = findFunction(template, 'example-service');

    for (const path of paths) {
      const method = readRoutes(template).get(`GET ${path === '/' ? '' : path}`);

      expect(JSON.stringify(method?.Properties.Integration.Uri)).toContain(id);
    }
  });

  it('may only write its log, and has no secrets in its environment', () => {
    expect(listStatements(findRole(template, 'example-service'))).toMatchObject([
      { Action: ['logs:CreateLogStream', 'logs:PutLogEvents'] },
    ]);
    expect(Object.keys(readVariables(template, 'example-service')).sort()).toEqual([
      'DEPLOYMENT_NAME',
      'PUBLIC_URL',
    ]);
  });

  it.each([
    ['its root without a domain', { publicUrl: undefined }, '/live/'],
    ['another page in the config', { publicUrl: undefined, defaultPage: '/live/account' }, '/live/account'],
    ['the root without the example service', { publicUrl: undefined, exampleService: undefined }, '/'],
    ['the root with a public URL', {}, '/'],
  ])('makes the default page %s', (_, changes, defaultPage) => {
    expect(buildTestConfig('local', changes)).toMatchObject({ defaultPage });
  });
});
