import { describe, expect, test } from '@jest/globals';
import { paths } from '../../lambdas/example-service-pages.ts';
import { configOf, synthesise } from './synthesise.ts';

const template = synthesise(configOf('local'));
const { function: lambda, role } = template.function('example-service');

describe('the example service', () => {
  test('is not there unless a config asks for it', () => {
    const production = synthesise(configOf('production.example'));

    expect(production.resources.filter(([id]) => id.startsWith('ExampleService'))).toEqual([]);
    for (const path of paths) expect([...production.routes.keys()]).not.toContain(`GET ${path}`);
  });

  test('has a route for each of its pages, at the root of the API', () => {
    for (const path of paths) {
      const method = template.routes.get(`GET ${path === '/' ? '' : path}`);

      expect(JSON.stringify(method?.Properties.Integration.Uri)).toContain('ExampleServiceexampleservice');
    }
  });

  test('may do nothing but write its log: it knows of users what userinfo tells it', () => {
    const statements = role.Properties.Policies.flatMap(
      ({ PolicyDocument }: { readonly PolicyDocument: { readonly Statement: readonly object[] } }) =>
        PolicyDocument.Statement,
    );

    expect(statements).toMatchObject([{ Action: ['logs:CreateLogStream', 'logs:PutLogEvents'] }]);
    expect(Object.keys(lambda.Properties.Environment.Variables).sort()).toEqual([
      'DEPLOYMENT_NAME',
      'PUBLIC_URL',
    ]);
  });

  test('is what the default page is where there is no domain, since nothing is at the root', () => {
    expect(configOf('local', { publicUrl: undefined }).defaultPage).toBe('/live/');
    expect(configOf('local', { publicUrl: undefined, defaultPage: '/live/account' }).defaultPage).toBe(
      '/live/account',
    );
    expect(configOf('local', { publicUrl: undefined, exampleService: undefined }).defaultPage).toBe('/');
    expect(configOf('local').defaultPage).toBe('/');
  });
});
