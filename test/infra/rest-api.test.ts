import { describe, expect, it } from '@jest/globals';
import {
  buildTestConfig,
  findResource,
  listResources,
  nameInvokedFunction,
  readRoutes,
  synthesise,
} from './synthesise.ts';

const template = synthesise(buildTestConfig('local'));
const routes = readRoutes(template);
const stage = findResource(template, 'AWS::ApiGateway::Stage').Properties;

describe('the API', () => {
  it('is regional, in the stage live', () => {
    template.hasResourceProperties('AWS::ApiGateway::RestApi', {
      Name: 'one-login-local',
      EndpointConfiguration: { Types: ['REGIONAL'] },
    });
    expect(stage.StageName).toBe('live');
  });

  // id: routes-of-contract
  it('has the routes of the contract, each with its function', () => {
    const functions = [...routes]
      .filter(([route]) => !/^(HEAD |GET \/auth\/assets\/)/.test(route))
      .map(([route, method]) => [
        route,
        nameInvokedFunction(template, method) ?? method.Properties.Integration.Type,
      ]);

    expect(Object.fromEntries(functions)).toEqual({
      'GET /auth/login': 'login',
      'GET /auth/reauthenticate': 'login',
      'GET /auth/prove-identity': 'login',
      'GET /auth/in-person-return': 'login',
      'GET /auth/callback': 'callback',
      'GET /auth/message': 'login',
      'GET /auth/userinfo': 'userinfo',
      'GET /auth/logout': 'logout',
      'POST /auth/logout': 'logout',
      'GET /auth/signed-out': 'logout',
      'POST /auth/backchannel-logout': 'backchannel-logout',
      'GET /auth/.well-known/jwks.json': 'MOCK',
      'GET ': 'example-service',
      'GET /account': 'example-service',
      'GET /application': 'example-service',
      'GET /identity-result': 'example-service',
      'GET /session': 'example-service',
      'GET /api/account': 'example-service',
      'GET /api/identity': 'example-service',
    });
  });

  it.each([
    ['/auth/prove-identity', 'identities in the config', { identity: undefined, authorizers: [] }],
    ['/auth/in-person-return', 'identities in the config', { identity: undefined, authorizers: [] }],
    ['/auth/reauthenticate', 'a hint that One Login can verify', { idTokenSigningAlgorithm: 'RS256' }],
  ])('has no route %s without %s', (path, _, changes) => {
    const fewer = readRoutes(synthesise(buildTestConfig('local', changes)));

    expect(fewer.has('GET /auth/login')).toBe(true);
    expect(fewer.has(`GET ${path}`)).toBe(false);
  });

  it('has HEAD wherever it has GET, with the same integration', () => {
    const paths = [...routes.keys()]
      .filter((route) => route.startsWith('GET '))
      .map((route) => route.slice(4));

    expect(paths).toEqual(expect.arrayContaining(['/auth/login', '/auth/.well-known/jwks.json']));
    expect(paths.some((path) => path.startsWith('/auth/assets/'))).toBe(true);
    for (const path of paths) {
      expect([path, routes.get(`HEAD ${path}`)?.Properties.Integration]).toEqual([
        path,
        routes.get(`GET ${path}`)?.Properties.Integration,
      ]);
    }
  });

  it('is deployed after all its methods', () => {
    const methods = listResources(template, 'AWS::ApiGateway::Method').map(({ id }) => id);
    const { DependsOn } = findResource(template, 'AWS::ApiGateway::Deployment');

    expect(DependsOn).toEqual(expect.arrayContaining(methods));
  });
});

describe('the logs of the API', () => {
  // id: no-execution-logs
  it('contain no whole requests: execution logging and tracing are off', () => {
    const settings: { DataTraceEnabled: boolean; LoggingLevel?: string; ResourcePath: string }[] =
      stage.MethodSettings;

    expect(settings.find(({ ResourcePath }) => ResourcePath === '/*')?.LoggingLevel).toBe('OFF');
    for (const { DataTraceEnabled, LoggingLevel = 'OFF' } of settings) {
      expect([DataTraceEnabled, LoggingLevel]).toEqual([false, 'OFF']);
    }
    expect(stage.TracingEnabled).toBe(false);
  });

  // id: access-log-without-input
  it('have JSON lines with nothing that a caller chose: no path, no query string, no header', () => {
    const { DestinationArn: destination, Format: format } = stage.AccessLogSetting;
    const variables = [...format.matchAll(/\$[\w.]+/g)].map(([name]) => name);

    expect(JSON.stringify(destination)).toMatch(/"Ref":"RestApiAccessLog[^"]*"/);
    expect(Object.keys(JSON.parse(format))).toContain('status');
    expect(variables).toEqual([
      '$context.requestTimeEpoch',
      '$context.requestId',
      '$context.identity.sourceIp',
      '$context.httpMethod',
      '$context.resourcePath',
      '$context.status',
      '$context.responseLength',
      '$context.responseLatency',
      '$context.integrationLatency',
      '$context.integrationStatus',
      '$context.error.responseType',
    ]);
  });

  it('are written with a role that the account may have already', () => {
    const existing = synthesise(buildTestConfig('local', { apiGatewayLogRole: 'existing' }));
    const countRoles = (each: typeof template) => listResources(each, 'AWS::IAM::Role').length;

    template.resourceCountIs('AWS::ApiGateway::Account', 1);
    existing.resourceCountIs('AWS::ApiGateway::Account', 0);
    expect(countRoles(existing)).toBe(countRoles(template) - 1);
  });
});
