import { describe, expect, it } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import {
  buildTestConfig,
  findFunction,
  findResource,
  listResources,
  nameInvokedFunction,
  readRoutes,
  synthesise,
} from './synthesise.ts';

const defaults = synthesise(buildTestConfig('integration.example'));

/** Route → requests per second and at once, as in the stage. */
function readLimits(template: Template): Readonly<Record<string, readonly [number, number]>> {
  // biome-ignore lint/suspicious/noExplicitAny: a template's properties have no types
  const settings: readonly Readonly<Record<string, any>>[] = findResource(template, 'AWS::ApiGateway::Stage')
    .Properties.MethodSettings;
  return Object.fromEntries(
    settings.map(({ HttpMethod, ResourcePath, ThrottlingRateLimit, ThrottlingBurstLimit }) => [
      `${HttpMethod} ${String(ResourcePath).replaceAll('~1', '/').replace('//', '/')}`,
      [ThrottlingRateLimit, ThrottlingBurstLimit],
    ]),
  );
}

describe('throttling', () => {
  const throttling = {
    login: 1,
    reauthenticate: 2,
    proveIdentity: 3,
    inPersonReturn: 4,
    callback: 5,
    userinfo: 6,
    logout: 7,
    backchannelLogout: 8,
    others: 9,
  };
  const limits: readonly [string, number, number][] = [
    ['* /*', 500, 9],
    ['GET /auth/login', 80, 1],
    ['GET /auth/callback', 80, 5],
    ['GET /auth/reauthenticate', 20, 2],
    ['GET /auth/prove-identity', 20, 3],
    ['GET /auth/in-person-return', 20, 4],
    ['GET /auth/message', 500, 9],
    ['GET /auth/.well-known/jwks.json', 500, 9],
    ['GET /auth/userinfo', 500, 6],
    ['GET /auth/logout', 500, 7],
    ['POST /auth/logout', 500, 7],
    ['GET /auth/signed-out', 500, 7],
    ['POST /auth/backchannel-logout', 500, 8],
  ];

  // id: every-route-throttled
  it('limits every route by default', () => {
    expect(readLimits(defaults)).toEqual(
      Object.fromEntries(limits.map(([route, limit]) => [route, [limit, 2 * limit]])),
    );
  });

  it('uses the limits of the config, route by route', () => {
    const template = synthesise(buildTestConfig('integration.example', { throttling }));

    expect(readLimits(template)).toEqual(
      Object.fromEntries(limits.map(([route, , limit]) => [route, [limit, 2 * limit]])),
    );
  });

  it('is set only for routes that exist, because API Gateway may refuse others', () => {
    expect(['* /*', ...readRoutes(defaults).keys()]).toEqual(
      expect.arrayContaining(Object.keys(readLimits(defaults))),
    );
  });

  // id: signing-below-kms-quota
  it("keeps signing below half of KMS's quota of 500 to 1,000 RSA operations a second", () => {
    // The route of messages shows a page and does not sign.
    const signing = [...readRoutes(defaults)].filter(
      ([route, method]) =>
        /^GET (?!\/auth\/message)/.test(route) &&
        ['login', 'callback'].includes(nameInvokedFunction(defaults, method) ?? ''),
    );
    const rates = signing.map(([route]) => readLimits(defaults)[route]?.[0] ?? Number.NaN);

    expect(signing).toHaveLength(5);
    expect(rates.reduce((sum, rate) => sum + rate, 0)).toBeLessThanOrEqual(250);
  });
});

describe('reserved concurrency', () => {
  const readConcurrency = (template: Template) =>
    Object.fromEntries(
      listResources(template, 'AWS::Lambda::Function')
        .map(({ id, Properties }) => [
          id.replace(/Function[0-9A-F]{8}$/, ''),
          Properties.ReservedConcurrentExecutions,
        ])
        .filter(([, reserved]) => reserved !== undefined),
    );

  it('is in no template by default, because a deployment to a small account would fail', () => {
    expect(readConcurrency(defaults)).toEqual({});
  });

  it('is reserved for back-channel logout by a custom resource by default', () => {
    defaults.hasResourceProperties('Custom::ReservedConcurrency', {
      FunctionName: { Ref: findFunction(defaults, 'backchannel-logout').id },
      Reserved: 20,
    });
  });

  it('needs no custom resource when the config has a number for back-channel logout', () => {
    const config = buildTestConfig('integration.example', { reservedConcurrency: { backchannelLogout: 5 } });
    const template = synthesise(config);

    template.resourceCountIs('Custom::ReservedConcurrency', 0);
    expect(() => findFunction(template, 'reserve-concurrency')).toThrow('There is no function');
  });

  it('is as in the config, function by function', () => {
    const config = buildTestConfig('integration.example', {
      reservedConcurrency: { login: 11, callback: 12, userinfo: 13, logout: 14, backchannelLogout: 15 },
      authorizers: [{ level: 'Cl' }, { level: 'Cl.Cm', reservedConcurrency: 16 }],
    });

    expect(readConcurrency(synthesise(config))).toEqual({
      Functionslogin: 11,
      Functionscallback: 12,
      Functionsuserinfo: 13,
      Functionslogout: 14,
      Functionsbackchannellogout: 15,
      AuthorizersClCm: 16,
    });
  });
});
