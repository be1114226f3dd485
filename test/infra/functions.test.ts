import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { environmentVariables } from '../../lambdas/environment.ts';
import { bundleNames, configOf, functionNames, synthesise } from './synthesise.ts';

const lambdas = new URL('../../lambdas/', import.meta.url);
const config = configOf('local');
const template = synthesise(config);
const functions = template.ofType('AWS::Lambda::Function');

test('every folder of lambdas with an index.ts is a function of the stack, and nothing else is', () => {
  const folders = readdirSync(lambdas, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .filter((name) => readdirSync(new URL(`${name}/`, lambdas)).includes('index.ts'));

  expect([...bundleNames].sort()).toEqual(folders.sort());
  // The example service, which this config has.
  expect(functions).toHaveLength(functionNames.length + config.authorizers.length + 1);
});

describe.each([...functionNames, 'example-service'] as const)('the function %s', (name) => {
  const { function: lambda } = template.function(name);

  test('runs on Node 24 and arm64', () => {
    expect(lambda.Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
    });
  });

  test('has exactly the environment variables that its composition root reads', async () => {
    const read = await variablesReadBy(name);

    expect(Object.keys(lambda.Properties.Environment?.Variables ?? {}).sort()).toEqual(read.sort());
  });

  test('writes to a log group of its own', () => {
    const { Ref: logGroup } = lambda.Properties.LoggingConfig.LogGroup;
    const writers = functions.filter(([, other]) => other.Properties.LoggingConfig.LogGroup.Ref === logGroup);

    expect(template.json.Resources[logGroup]?.Type).toBe('AWS::Logs::LogGroup');
    expect(writers).toHaveLength(1);
  });

  test('has a role of its own', () => {
    const role = JSON.stringify(lambda.Properties.Role);

    expect(functions.filter(([, other]) => JSON.stringify(other.Properties.Role) === role)).toHaveLength(1);
  });

  test('is not traced, since segments hold addresses with codes and states', () => {
    expect(lambda.Properties.TracingConfig).toBeUndefined();
  });
});

describe('a function that answers requests ends before', () => {
  test.each(['login', 'callback', 'userinfo', 'logout', 'example-service'] as const)(
    'API Gateway stops waiting: %s',
    (name) => {
      expect(template.function(name).function.Properties.Timeout).toBeLessThan(29);
    },
  );

  test('One Login stops waiting: backchannel-logout', () => {
    expect(template.function('backchannel-logout').function.Properties.Timeout).toBeLessThan(15);
  });
});

describe('what the config says reaches the functions', () => {
  const config = configOf('integration.example', {
    scopes: ['openid', 'email'],
    authentication: { vtr: ['Cl.Cm', 'Cl'], maxAgeSeconds: 900 },
    authorizers: [],
    session: { idleMinutes: 20, absoluteMinutes: 120 },
    returnOrigins: ['https://forms.example.gov.uk'],
    defaultPage: '/account',
  });
  const variables = Object.assign(
    {},
    ...functionNames.map(
      (name) => synthesise(config).function(name).function.Properties.Environment?.Variables,
    ),
  );

  test.each([
    ['DEPLOYMENT_NAME', config.name],
    ['CLIENT_ID', config.clientId],
    ['PUBLIC_URL', config.publicUrl],
    [
      'USER_AGENT',
      expect.stringMatching(/^one-login-lambda\/\d+\.\d+\.\d+ \(https:\/\/integration\.apply[^)]*\/\)$/),
    ],
    ['OIDC_ISSUER', 'https://oidc.integration.account.gov.uk/'],
    ['OIDC_DISCOVERY_URL', 'https://oidc.integration.account.gov.uk/.well-known/openid-configuration'],
    ['OIDC_SCOPES', 'openid email'],
    ['AUTHENTICATION_VTR', '["Cl.Cm","Cl"]'],
    ['MAX_AGE_SECONDS', '900'],
    ['IDENTITY_VTR', '["Cl.Cm.P2"]'],
    ['IDENTITY_CLAIMS', JSON.stringify(config.identity?.claims)],
    ['IDENTITY_NOT_PROVED_URL', '/identity-not-proved'],
    ['IN_PERSON_RETURN_URL', '/identity-result'],
    ['CORE_IDENTITY_ISSUER', 'https://identity.integration.account.gov.uk/'],
    ['IDENTITY_DID', 'did:web:identity.integration.account.gov.uk'],
    ['IDENTITY_DID_URL', 'https://identity.integration.account.gov.uk/.well-known/did.json'],
    ['ID_TOKEN_SIGNING_ALG', 'ES256'],
    ['DEFAULT_PAGE', '/account'],
    ['RETURN_ORIGINS', '["https://forms.example.gov.uk"]'],
    ['SESSION_IDLE_SECONDS', '1200'],
    ['SESSION_ABSOLUTE_SECONDS', '7200'],
  ])('%s', (variable, value) => {
    expect(variables[variable]).toEqual(value);
  });

  test('what no config says is empty, or the default page', () => {
    const plain = synthesise(
      configOf('local', { identity: undefined, authorizers: [], defaultPage: '/account' }),
    );
    const { login, callback } = {
      login: plain.function('login').function.Properties.Environment.Variables,
      callback: plain.function('callback').function.Properties.Environment.Variables,
    };

    expect(login).toMatchObject({
      IDENTITY_VTR: '[]',
      IDENTITY_CLAIMS: '[]',
      IN_PERSON_RETURN_URL: '/account',
    });
    expect(callback).toMatchObject({ IDENTITY_NOT_PROVED_URL: '' });
  });

  test('max_age is empty when it is not configured', () => {
    expect(template.function('login').function.Properties.Environment.Variables.MAX_AGE_SECONDS).toBe('');
  });
});

/** The variables that a function reads, by its `environment.ts`, if it has one. */
async function variablesReadBy(name: string): Promise<string[]> {
  const file = new URL(`${name}/environment.ts`, lambdas);
  if (!existsSync(file)) return [];
  const { variables } = (await import(file.href)) as { variables: (keyof typeof environmentVariables)[] };
  return variables.map((variable) => environmentVariables[variable]);
}
