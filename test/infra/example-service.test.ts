import { describe, expect, it } from '@jest/globals';
import { paths } from '../../lambdas/example-service-pages.ts';
import { renderExampleFrames } from '../../lib/example-service/render-frames.ts';
import {
  buildTestConfig,
  findFunction,
  findResource,
  listResources,
  readRoutes,
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

  it('has an API behind the authorizers of the config, and no authorizer anywhere else', () => {
    const authorizers = new Map(
      [...readRoutes(template)]
        .filter(([, { Properties }]) => Properties.AuthorizationType !== 'NONE')
        .map(([route, { Properties }]) => [route, Properties]),
    );

    expect([...authorizers.keys()].sort()).toEqual([
      'GET /api/account',
      'GET /api/identity',
      'HEAD /api/account',
      'HEAD /api/identity',
    ]);
    for (const [route, { AuthorizationType, AuthorizerId, Integration }] of authorizers) {
      const authorizer = findResource(template, 'AWS::ApiGateway::Authorizer', AuthorizerId.Ref);
      const level = route.endsWith('/identity') ? 'ClCmP2' : 'ClCm';

      expect(AuthorizationType).toBe('CUSTOM');
      expect(JSON.stringify(Integration.Uri)).toContain(findFunction(template, 'example-service').id);
      expect(authorizer.Properties).toMatchObject({
        Type: 'REQUEST',
        IdentitySource: 'method.request.header.Cookie',
        AuthorizerResultTtlInSeconds: 0,
      });
      expect(JSON.stringify(authorizer.Properties.AuthorizerUri)).toMatch(
        new RegExp(`"Authorizers${level}Function\\w+","Arn"`),
      );
    }
  });

  it.each([
    ['no authorizers', [], []],
    ['no level without an identity', [{ level: 'Cl.Cm.P2' }], ['/api/identity']],
    ['no level with an identity', [{ level: 'Cl.Cm' }], ['/api/account']],
  ])('has only the paths of its API that the config has a level for: %s', (_, authorizers, apiPaths) => {
    const { apiPaths: linked } = renderExampleFrames(buildTestConfig('local', { authorizers }));
    const fewer = synthesise(buildTestConfig('local', { authorizers }));
    const routes = [...readRoutes(fewer).keys()].filter((route) => route.startsWith('GET /api/'));

    expect(routes).toEqual(apiPaths.map((path) => `GET ${path}`));
    expect(linked).toEqual(apiPaths);
    expect(listResources(fewer, 'AWS::ApiGateway::Authorizer')).toHaveLength(apiPaths.length);
    expect(listResources(fewer, 'AWS::ApiGateway::GatewayResponse', 'ExampleService')).toHaveLength(
      apiPaths.length > 0 ? 4 : 0,
    );
  });

  it('has the responses of an authorizer, with its own address to sign in', () => {
    const responses = listResources(template, 'AWS::ApiGateway::GatewayResponse', 'ExampleService').map(
      ({ Properties }) => [Properties.ResponseType, Properties.ResponseTemplates['application/json']],
    );

    expect(Object.fromEntries(responses)).toMatchObject({
      UNAUTHORIZED: '{"error":"login_required","login_url":"http://localhost:8080/auth/login"}',
      ACCESS_DENIED: expect.stringContaining('$context.authorizer.step_up_url'),
    });
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
