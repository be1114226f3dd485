import { describe, expect, test } from '@jest/globals';
import { readFunctionName } from '../../lib/functions/function-name.ts';
import { configOf, synthesise } from './synthesise.ts';

const template = synthesise(configOf('local'));
const [, stage] = template.one('AWS::ApiGateway::Stage');

describe('the API', () => {
  test('is regional', () => {
    const [, api] = template.one('AWS::ApiGateway::RestApi');

    expect(api.Properties).toMatchObject({
      Name: 'one-login-local',
      EndpointConfiguration: { Types: ['REGIONAL'] },
    });
  });

  test('has the routes of the contract, each answered by its function', () => {
    const routes = [...template.routes].filter(([route]) => !/^(HEAD |GET \/auth\/assets\/)/.test(route));
    const functions = routes.map(([route, { Properties }]) => {
      return [route, invokedBy(Properties.Integration) ?? Properties.Integration.Type];
    });

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
    });
  });

  test('proves no identities where none are configured', () => {
    const { routes } = synthesise(configOf('local', { identity: undefined, authorizers: [] }));

    expect([...routes.keys()]).not.toContain('GET /auth/prove-identity');
    expect([...routes.keys()]).not.toContain('GET /auth/in-person-return');
  });

  test('asks nobody to sign in again where One Login could not verify the hint', () => {
    const { routes } = synthesise(configOf('local', { idTokenSigningAlgorithm: 'RS256' }));

    expect([...routes.keys()]).not.toContain('GET /auth/reauthenticate');
  });

  test('is at the stage live', () => {
    expect(stage.Properties.StageName).toBe('live');
  });

  test('deploys anew when a route changes its function', () => {
    const methods = template.ofType('AWS::ApiGateway::Method').map(([id]) => id);
    const [, deployment] = template.one('AWS::ApiGateway::Deployment');

    expect(deployment.DependsOn).toEqual(expect.arrayContaining(methods));
  });
});

test('HEAD works where GET does, with the same integration', () => {
  const integrationOf = (route: string) => template.routes.get(route)?.Properties.Integration;
  const paths = [...template.routes.keys()]
    .filter((route) => route.startsWith('GET '))
    .map((route) => route.slice(4));

  expect(paths).toEqual(expect.arrayContaining(['/auth/login', '/auth/.well-known/jwks.json']));
  expect(paths.some((path) => path.startsWith('/auth/assets/'))).toBe(true);
  for (const path of paths)
    expect([path, integrationOf(`HEAD ${path}`)]).toEqual([path, integrationOf(`GET ${path}`)]);
});

describe('throttling', () => {
  test('is set for routes that exist, since API Gateway may refuse others', () => {
    const paths = [...template.routes.keys()].map(
      (route) => `/${route.split(' ')[1]?.replaceAll('/', '~1')}`,
    );

    for (const { ResourcePath } of stage.Properties.MethodSettings)
      expect(['/*', ...paths]).toContain(ResourcePath);
  });

  test('limits every route', () => {
    expect(settingOf('/*')).toMatchObject({
      HttpMethod: '*',
      ThrottlingRateLimit: expect.any(Number),
      ThrottlingBurstLimit: expect.any(Number),
    });
  });

  test("keeps signing below half of KMS's quota of 500 to 1,000 RSA operations a second", () => {
    // One route of these functions shows a page and does nothing else.
    const signing = [...template.routes].filter(
      ([route, { Properties }]) =>
        ['login', 'callback'].includes(invokedBy(Properties.Integration) ?? '') &&
        route.startsWith('GET ') &&
        route !== 'GET /auth/message',
    );
    const rates = signing.map(([route]) => {
      const path = route.replace('GET ', '').replaceAll('/', '~1');
      return settingOf(`/${path}`).ThrottlingRateLimit;
    });

    expect(signing).toHaveLength(5);
    expect(rates.reduce((sum, rate) => sum + rate, 0)).toBeLessThanOrEqual(250);
  });
});

describe('logs', () => {
  test('execution logging, which writes whole requests, is off', () => {
    expect(settingOf('/*').LoggingLevel).toBe('OFF');
    for (const setting of stage.Properties.MethodSettings) {
      expect(setting.DataTraceEnabled).toBe(false);
      expect(['OFF', undefined]).toContain(setting.LoggingLevel);
    }
    expect(stage.Properties.TracingEnabled).toBe(false);
  });

  test('the access log is JSON, into a log group of its own', () => {
    const { DestinationArn: destination, Format: format } = stage.Properties.AccessLogSetting;

    expect(Object.keys(JSON.parse(format))).toContain('status');
    expect(JSON.stringify(destination)).toMatch(/"Ref":"RestApiAccessLog[^"]*"/);
  });

  test('the access log holds nothing that a caller chose: no path, no query string, no header', () => {
    const variables = [...stage.Properties.AccessLogSetting.Format.matchAll(/\$[\w.]+/g)].map(
      ([name]) => name,
    );

    expect(variables).toEqual([
      '$context.requestTimeEpoch',
      '$context.requestId',
      '$context.identity.sourceIp',
      '$context.httpMethod',
      '$context.resourcePath',
      '$context.status',
      '$context.protocol',
      '$context.responseLength',
      '$context.responseLatency',
      '$context.integrationLatency',
      '$context.integrationStatus',
      '$context.error.responseType',
    ]);
  });

  test('the role with which API Gateway writes them can be left to the account', () => {
    const existing = synthesise(configOf('local', { apiGatewayLogRole: 'existing' }));

    expect(template.ofType('AWS::ApiGateway::Account')).toHaveLength(1);
    expect(existing.ofType('AWS::ApiGateway::Account')).toEqual([]);
    expect(existing.ofType('AWS::IAM::Role')).toHaveLength(template.ofType('AWS::IAM::Role').length - 1);
  });
});

describe("API Gateway's own answers", () => {
  const responses = template
    .ofType('AWS::ApiGateway::GatewayResponse')
    .map(([, { Properties }]) => Properties);

  test('cover all that it may have to say', () => {
    expect(responses.map(({ ResponseType }) => ResponseType)).toEqual(
      expect.arrayContaining(['DEFAULT_4XX', 'DEFAULT_5XX']),
    );
  });

  test('say 404 for a route that does not exist', () => {
    expect(
      responses.find(({ ResponseType }) => ResponseType === 'MISSING_AUTHENTICATION_TOKEN'),
    ).toMatchObject({
      StatusCode: '404',
      ResponseTemplates: { 'application/json': '{"error":"not_found","reference":"$context.requestId"}' },
    });
  });

  test('carry the headers that every answer has', () => {
    for (const { ResponseParameters } of responses) {
      expect(ResponseParameters).toMatchObject({
        'gatewayresponse.header.Cache-Control': "'no-store'",
        'gatewayresponse.header.Referrer-Policy': "'no-referrer'",
        'gatewayresponse.header.X-Content-Type-Options': "'nosniff'",
        'gatewayresponse.header.X-Frame-Options': "'DENY'",
        'gatewayresponse.header.Strict-Transport-Security': "'max-age=63072000'",
        'gatewayresponse.header.Content-Security-Policy': expect.stringMatching(
          /^'default-src 'none'; .*frame-ancestors 'none''$/,
        ),
      });
    }
  });

  test('say when to come back', () => {
    for (const { ResponseType, ResponseParameters } of responses) {
      if (['THROTTLED', 'DEFAULT_5XX'].includes(ResponseType)) {
        expect(ResponseParameters['gatewayresponse.header.Retry-After']).toMatch(/^'\d+'$/);
      }
    }
  });

  test('give away nothing of what is behind, and tell programs the request id that the logs have', () => {
    for (const { ResponseTemplates } of responses) {
      expect(Object.keys(ResponseTemplates).sort()).toEqual(['application/json', 'text/html']);
      const { 'application/json': json, 'text/html': page } = ResponseTemplates;
      expect(json).toContain('"reference":"$context.requestId"');
      expect(json.replaceAll('$context.requestId', '')).not.toMatch(/[$#]/);
      // Of a request nothing is shown as its caller has written it.
      expect(JSON.stringify(page)).not.toMatch(/[$#]/);
    }
  });
});

// biome-ignore lint/suspicious/noExplicitAny: a template's properties have no types
function settingOf(path: string): any {
  return stage.Properties.MethodSettings.find(
    (setting: { ResourcePath: string }) => setting.ResourcePath === path,
  );
}

/** The name of the function that an integration invokes. */
function invokedBy({ Uri }: { readonly Uri?: unknown }): string | undefined {
  const uri = JSON.stringify(Uri ?? '');
  const found = template.resources.filter(
    ([id, resource]) => readFunctionName(resource) && uri.includes(`"${id}"`),
  );
  return readFunctionName(found[0]?.[1]);
}
