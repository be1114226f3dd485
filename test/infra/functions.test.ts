import { existsSync, globSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { environmentVariables } from '../../lambdas/environment.ts';
import {
  buildTestConfig,
  bundleNames,
  findFunction,
  functionNames,
  listResources,
  readVariables,
  synthesise,
} from './synthesise.ts';

const lambdas = new URL('../../lambdas/', import.meta.url);
const config = buildTestConfig('local');
const template = synthesise(config);
const functions = listResources(template, 'AWS::Lambda::Function');

describe('the stack', () => {
  it('has a function for every folder in lambdas with an index.ts, and no others', () => {
    const folders = globSync('*/index.ts', { cwd: fileURLToPath(lambdas) }).map((file) =>
      basename(dirname(file)),
    );

    expect([...bundleNames].sort()).toEqual(folders.sort());
    // And the example service.
    expect(functions).toHaveLength(functionNames.length + config.authorizers.length + 1);
  });

  it('has a log group and a role for each function', () => {
    const logGroups = functions.map(({ Properties }) => Properties.LoggingConfig.LogGroup.Ref);
    const roles = functions.map(({ Properties }) => Properties.Role['Fn::GetAtt'][0]);

    for (const [ids, type] of [
      [logGroups, 'AWS::Logs::LogGroup'],
      [roles, 'AWS::IAM::Role'],
    ] as const) {
      expect(new Set(ids).size).toBe(functions.length);
      expect(listResources(template, type).map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
    }
  });
});

describe('a deployment', () => {
  it('changes the functions that read sessions before the callback, which writes them', () => {
    const readers = ['login', 'userinfo', 'logout'] as const;
    const ids = readers.map((name) => findFunction(template, name).id);
    const authorizers = listResources(template, 'AWS::Lambda::Function', 'Authorizers').map(({ id }) => id);
    expect(authorizers).toHaveLength(config.authorizers.length);
    expect(findFunction(template, 'callback').DependsOn).toEqual(
      expect.arrayContaining([...ids, ...authorizers]),
    );
  });
});

describe.each([...functionNames, 'example-service'] as const)('the function %s', (name) => {
  const { Properties } = findFunction(template, name);

  it('runs on Node 24 and arm64, without tracing, whose segments contain codes and states', () => {
    expect(Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
    });
    expect(Properties.TracingConfig).toBeUndefined();
  });

  it('has exactly the environment variables that its composition root reads', async () => {
    const file = new URL(`${name}/environment.ts`, lambdas);
    const { variables } = existsSync(file) ? await import(file.href) : { variables: [] };
    const read = (variables as (keyof typeof environmentVariables)[]).map(
      (each) => environmentVariables[each],
    );

    expect(Object.keys(readVariables(template, name)).sort()).toEqual(read.sort());
  });
});

describe('the timeout', () => {
  it.each([
    ['login', 29, 'API Gateway'],
    ['callback', 29, 'API Gateway'],
    ['userinfo', 29, 'API Gateway'],
    ['logout', 29, 'API Gateway'],
    ['example-service', 29, 'API Gateway'],
    ['backchannel-logout', 15, 'One Login'],
  ] as const)('of %s ends within the %s seconds that %s waits', (name, seconds, _) => {
    expect(findFunction(template, name).Properties.Timeout).toBeLessThan(seconds);
  });
});

describe('the environment of the functions', () => {
  const integration = buildTestConfig('integration.example', {
    scopes: ['openid', 'email'],
    authentication: { vtr: ['Cl.Cm', 'Cl'], maxAgeSeconds: 900 },
    authorizers: [],
    session: { idleMinutes: 20, absoluteMinutes: 120 },
    returnOrigins: ['https://forms.example.gov.uk'],
    defaultPage: '/account',
  });

  it('contains the values of the config', () => {
    const values = functionNames.map((name) => readVariables(synthesise(integration), name));

    expect(Object.assign({}, ...values)).toMatchObject({
      DEPLOYMENT_NAME: integration.name,
      CLIENT_ID: integration.clientId,
      PUBLIC_URL: integration.publicUrl,
      USER_AGENT: expect.stringMatching(
        /^one-login-lambda\/\d+\.\d+\.\d+ \(https:\/\/integration\.apply[^)]*\/\)$/,
      ),
      OIDC_ISSUER: 'https://oidc.integration.account.gov.uk/',
      OIDC_DISCOVERY_URL: 'https://oidc.integration.account.gov.uk/.well-known/openid-configuration',
      OIDC_SCOPES: 'openid email',
      AUTHENTICATION_VTR: '["Cl.Cm","Cl"]',
      MAX_AGE_SECONDS: '900',
      IDENTITY_VTR: '["Cl.Cm.P2"]',
      IDENTITY_CLAIMS: JSON.stringify(integration.identity?.claims),
      IDENTITY_NOT_PROVED_URL: '/identity-not-proved',
      IN_PERSON_RETURN_URL: '/identity-result',
      CORE_IDENTITY_ISSUER: 'https://identity.integration.account.gov.uk/',
      IDENTITY_DID: 'did:web:identity.integration.account.gov.uk',
      IDENTITY_DID_URL: 'https://identity.integration.account.gov.uk/.well-known/did.json',
      ID_TOKEN_SIGNING_ALG: 'ES256',
      DEFAULT_PAGE: '/account',
      RETURN_ORIGINS: '["https://forms.example.gov.uk"]',
      SESSION_IDLE_SECONDS: '1200',
      SESSION_ABSOLUTE_SECONDS: '7200',
    });
  });

  it('is empty, or the default page, for fields that are not in the config', () => {
    const plain = synthesise(
      buildTestConfig('local', { identity: undefined, authorizers: [], defaultPage: '/account' }),
    );

    expect(readVariables(plain, 'login')).toMatchObject({
      IDENTITY_VTR: '[]',
      IDENTITY_CLAIMS: '[]',
      IN_PERSON_RETURN_URL: '/account',
      MAX_AGE_SECONDS: '',
    });
    expect(readVariables(plain, 'callback')).toMatchObject({ IDENTITY_NOT_PROVED_URL: '' });
  });
});
