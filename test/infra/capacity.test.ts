import { describe, expect, test } from '@jest/globals';
import { configOf, synthesise, type Template } from './synthesise.ts';

const plain = synthesise(configOf('integration.example'));

/** Requests per second and at once, by route as the stage has it. */
function limitsOf(template: Template): Readonly<Record<string, readonly [number, number]>> {
  const [, stage] = template.one('AWS::ApiGateway::Stage');
  return Object.fromEntries(
    stage.Properties.MethodSettings.map(
      (setting: Readonly<Record<string, string | number>>) =>
        [
          `${setting['HttpMethod']} ${String(setting['ResourcePath']).replaceAll('~1', '/')}`,
          [setting['ThrottlingRateLimit'], setting['ThrottlingBurstLimit']],
        ] as const,
    ),
  );
}

describe('throttling', () => {
  test('has defaults for every route', () => {
    expect(limitsOf(plain)).toEqual({
      '* /*': [500, 1000],
      'GET //auth/login': [80, 160],
      'GET //auth/callback': [80, 160],
      'GET //auth/reauthenticate': [20, 40],
      'GET //auth/prove-identity': [20, 40],
      'GET //auth/in-person-return': [20, 40],
      'GET //auth/message': [500, 1000],
      'GET //auth/.well-known/jwks.json': [500, 1000],
      'GET //auth/userinfo': [500, 1000],
      'GET //auth/logout': [500, 1000],
      'POST //auth/logout': [500, 1000],
      'GET //auth/signed-out': [500, 1000],
      'POST //auth/backchannel-logout': [500, 1000],
    });
  });

  test('is what the config says, route by route', () => {
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

    expect(limitsOf(synthesise(configOf('integration.example', { throttling })))).toEqual({
      '* /*': [9, 18],
      'GET //auth/login': [1, 2],
      'GET //auth/callback': [5, 10],
      'GET //auth/reauthenticate': [2, 4],
      'GET //auth/prove-identity': [3, 6],
      'GET //auth/in-person-return': [4, 8],
      'GET //auth/message': [9, 18],
      'GET //auth/.well-known/jwks.json': [9, 18],
      'GET //auth/userinfo': [6, 12],
      'GET //auth/logout': [7, 14],
      'POST //auth/logout': [7, 14],
      'GET //auth/signed-out': [7, 14],
      'POST //auth/backchannel-logout': [8, 16],
    });
  });
});

describe('reserved concurrency', () => {
  const concurrencyOf = (template: Template) =>
    Object.fromEntries(
      template
        .ofType('AWS::Lambda::Function')
        .map(([id, { Properties }]) => [
          id.replace(/Function[0-9A-F]{8}$/, ''),
          Properties.ReservedConcurrentExecutions,
        ]),
    );

  test('is no function’s in the template unless the config has it: a small account could not be deployed to', () => {
    expect(Object.values(concurrencyOf(plain)).filter((reserved) => reserved !== undefined)).toEqual([]);
  });

  test('is asked for back-channel logout at the end of a deployment', () => {
    const [, { Properties }] = plain.one('Custom::ReservedConcurrency');
    const limited = plain.functionId('backchannel-logout');

    expect(Properties).toMatchObject({ FunctionName: { Ref: limited }, Reserved: 20 });
  });

  test('is asked for no more once the config has a number for back-channel logout', () => {
    const config = configOf('integration.example', { reservedConcurrency: { backchannelLogout: 5 } });

    expect(synthesise(config).ofType('Custom::ReservedConcurrency')).toEqual([]);
    expect(Object.keys(concurrencyOf(synthesise(config)))).not.toContain('Functionsreserveconcurrency');
  });

  test('is what the config says, function by function', () => {
    const config = configOf('integration.example', {
      reservedConcurrency: { login: 11, callback: 12, userinfo: 13, logout: 14, backchannelLogout: 15 },
      authorizers: [{ level: 'Cl' }, { level: 'Cl.Cm', reservedConcurrency: 16 }],
    });
    const reserved = Object.entries(concurrencyOf(synthesise(config))).filter(
      ([, concurrency]) => concurrency !== undefined,
    );

    expect(Object.fromEntries(reserved)).toEqual({
      Functionslogin: 11,
      Functionscallback: 12,
      Functionsuserinfo: 13,
      Functionslogout: 14,
      Functionsbackchannellogout: 15,
      AuthorizersClCm: 16,
    });
  });
});
