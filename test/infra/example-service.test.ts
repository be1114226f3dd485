import { describe, expect, it } from '@jest/globals';
import { paths } from '../../lambdas/example-service-pages.ts';
import { buildTestConfig, findFunction, listResources, readRoutes, synthesise } from './synthesise.ts';

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

  it.each([
    ['its root without a domain', { publicUrl: undefined }, '/live/'],
    ['another page in the config', { publicUrl: undefined, defaultPage: '/live/account' }, '/live/account'],
    ['the root without the example service', { publicUrl: undefined, exampleService: undefined }, '/'],
    ['the root with a public URL', {}, '/'],
  ])('makes the default page %s', (_, changes, defaultPage) => {
    expect(buildTestConfig('local', changes)).toMatchObject({ defaultPage });
  });
});
