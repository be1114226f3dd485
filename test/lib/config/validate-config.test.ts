import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Mistake } from '../../../lib/config/mistakes.ts';
import { ConfigError } from '../../../lib/config/mistakes.ts';
import { validateConfig } from '../../../lib/config/validate-config.ts';

/** The least that a config holds. */
const smallest = {
  name: 'licences',
  environment: 'integration',
  serviceName: 'Apply for a licence',
  clientId: 'client',
  scopes: ['openid'],
  authentication: { vtr: ['Cl.Cm'] },
  signingKeys: [{ name: '2026-01', state: 'sign' }],
};

const vocab = 'https://vocab.account.gov.uk/v1';
const provider = configFile('local')['provider'] as Record<string, unknown>;
const identity = { vtr: ['Cl.Cm.P2'], claims: [`${vocab}/coreIdentityJWT`] };

describe('a config', () => {
  test.each(['local', 'integration.example', 'production.example'])('%s.json is valid', (name) => {
    expect(() => validateConfig(configFile(name))).not.toThrow();
  });

  test('is filled in with defaults', () => {
    expect(validateConfig(smallest)).toEqual({
      ...smallest,
      provider: {
        issuer: 'https://oidc.integration.account.gov.uk/',
        discoveryUrl: 'https://oidc.integration.account.gov.uk/.well-known/openid-configuration',
        coreIdentityIssuer: 'https://identity.integration.account.gov.uk/',
        didUrl: 'https://identity.integration.account.gov.uk/.well-known/did.json',
        didId: 'did:web:identity.integration.account.gov.uk',
      },
      region: 'eu-west-2',
      apiGatewayLogRole: 'create',
      throttling: {
        login: 80,
        reauthenticate: 20,
        proveIdentity: 20,
        inPersonReturn: 20,
        callback: 80,
        userinfo: 500,
        logout: 500,
        backchannelLogout: 500,
        others: 500,
      },
      reservedConcurrency: {},
      idTokenSigningAlgorithm: 'ES256',
      signingKeyDeletionRoles: [],
      session: { idleMinutes: 60, absoluteMinutes: 480 },
      defaultPage: '/',
      exampleService: false,
      footerLinks: [],
      pageTexts: {},
      returnOrigins: [],
      authorizers: [],
      logRetentionDays: 90,
      auditRetentionDays: 400,
      alarms: { emails: [] },
    });
  });

  test('is not changed by being validated', () => {
    const json = configFile('local');
    validateConfig(json);

    expect(json).toEqual(configFile('local'));
  });

  test('names a provider of its own in the environment local', () => {
    expect(validateConfig({ ...smallest, environment: 'local', provider }).provider).toEqual(provider);
  });

  test('in production goes to production', () => {
    expect(validateConfig({ ...smallest, environment: 'production' }).provider).toMatchObject({
      issuer: 'https://oidc.account.gov.uk/',
      coreIdentityIssuer: 'https://identity.account.gov.uk/',
      didId: 'did:web:identity.account.gov.uk',
    });
  });
});

describe('a mistake is named by its path, with what is allowed', () => {
  test.each<[string, Record<string, unknown>, string, string]>([
    [
      'missing client id',
      { clientId: undefined },
      'clientId',
      'is missing. The client id that One Login gave',
    ],
    ['empty client id', { clientId: '' }, 'clientId', 'allowed: letters, digits and . _ ~ -'],
    ['client id with a space', { clientId: 'a b' }, 'clientId', '"a b" is not allowed'],
    ['client id of the wrong type', { clientId: 7 }, 'clientId', '7 is not a text'],
    [
      'unknown field',
      { clientID: 'x' },
      'clientID',
      'is not a field of the config; here are allowed: $schema, name,',
    ],
    [
      'unknown environment',
      { environment: 'prod' },
      'environment',
      'allowed: local, integration, production',
    ],
    [
      'name in capitals',
      { name: 'Licences' },
      'name',
      'allowed: lower-case letters, digits and single hyphens',
    ],
    ['name beginning with a digit', { name: '1st' }, 'name', 'beginning with a letter'],
    ['name too long', { name: 'a'.repeat(41) }, 'name', 'at most 40 characters'],
    ['region that is none', { region: 'london' }, 'region', 'such as eu-west-2'],
    ['account as a number', { account: 111122223333 }, 'account', '111122223333 is not a text'],
    ['account too short', { account: '123' }, 'account', 'the 12 digits of an AWS account'],
    ['log role', { apiGatewayLogRole: true }, 'apiGatewayLogRole', 'allowed: create, existing'],
    ['service name of two lines', { serviceName: 'a\nb' }, 'serviceName', 'text on one line'],
    ['service name of nothing', { serviceName: ' ' }, 'serviceName', 'text on one line'],
    ['no scopes', { scopes: [] }, 'scopes', 'must hold openid'],
    ['scopes without openid', { scopes: ['email'] }, 'scopes', 'must hold openid'],
    [
      'unknown scope',
      { scopes: ['openid', 'profile'] },
      'scopes[1]',
      'allowed: openid, email, phone, wallet-subject-id',
    ],
    ['scope twice', { scopes: ['openid', 'openid'] }, 'scopes', 'entries 0 and 1 are the same'],
    ['scopes as a text', { scopes: 'openid' }, 'scopes', '"openid" is not a list'],
    ['no vtr', { authentication: {} }, 'authentication.vtr', 'is missing'],
    ['unknown vtr', { authentication: { vtr: ['Cm'] } }, 'authentication.vtr[0]', 'allowed: Cl, Cl.Cm'],
    [
      'vtr with a P level',
      { authentication: { vtr: ['Cl', 'Cl.Cm.P2'] } },
      'authentication.vtr[1]',
      'allowed: Cl, Cl.Cm',
    ],
    [
      'negative max_age',
      { authentication: { vtr: ['Cl'], maxAgeSeconds: -1 } },
      'authentication.maxAgeSeconds',
      'the smallest allowed is 0',
    ],
    [
      'max_age as a text',
      { authentication: { vtr: ['Cl'], maxAgeSeconds: '60' } },
      'authentication.maxAgeSeconds',
      '"60" is not a whole number',
    ],
    [
      'identity without a P level',
      { identity: { ...identity, vtr: ['Cl.Cm'] } },
      'identity.vtr[0]',
      'allowed: Cl.Cm.P1, Cl.Cm.P2',
    ],
    [
      'mixed identity vectors',
      { identity: { ...identity, vtr: ['Cl.Cm.P2', 'Cl.Cm'] } },
      'identity.vtr[1]',
      'allowed: Cl.Cm.P1, Cl.Cm.P2',
    ],
    [
      'unknown claim',
      { identity: { ...identity, claims: [`${vocab}/coreIdentityJWT`, 'address'] } },
      'identity.claims[1]',
      `${vocab}/address`,
    ],
    [
      'claims without core identity',
      { identity: { ...identity, claims: [`${vocab}/address`] } },
      'identity.claims',
      'must hold https://vocab.account.gov.uk/v1/coreIdentityJWT',
    ],
    [
      'ID token algorithm',
      { idTokenSigningAlgorithm: 'PS256' },
      'idTokenSigningAlgorithm',
      'allowed: ES256, RS256',
    ],
    ['no signing keys', { signingKeys: [] }, 'signingKeys', 'at least 1'],
    [
      'no key that signs',
      { signingKeys: [{ name: 'a', state: 'publish' }] },
      'signingKeys',
      'exactly one key must have the state sign; none has',
    ],
    [
      'two keys that sign',
      {
        signingKeys: [
          { name: 'a', state: 'sign' },
          { name: 'b', state: 'sign' },
        ],
      },
      'signingKeys',
      'exactly one key must have the state sign; these have: a, b',
    ],
    [
      'two keys of one name',
      {
        signingKeys: [
          { name: 'a', state: 'sign' },
          { name: 'a', state: 'publish' },
        ],
      },
      'signingKeys[1].name',
      '"a" is the name of another key',
    ],
    [
      'unknown key state',
      { signingKeys: [{ name: 'a', state: 'active' }] },
      'signingKeys[0].state',
      'allowed: publish, sign, retire',
    ],
    [
      'key name',
      { signingKeys: [{ name: 'a/b', state: 'sign' }] },
      'signingKeys[0].name',
      'lower-case letters, digits and single hyphens',
    ],
    [
      'nine keys',
      {
        signingKeys: [
          { name: 'a', state: 'sign' },
          ...Array.from({ length: 8 }, (_, n) => ({ name: `k${n}`, state: 'retire' })),
        ],
      },
      'signingKeys',
      'at most 8',
    ],
    [
      'idle above absolute',
      { session: { idleMinutes: 500 } },
      'session.idleMinutes',
      '500 is more than session.absoluteMinutes, 480',
    ],
    ['idle of nothing', { session: { idleMinutes: 0 } }, 'session.idleMinutes', 'the smallest allowed is 1'],
    [
      'absolute above a day',
      { session: { absoluteMinutes: 1441 } },
      'session.absoluteMinutes',
      'the largest allowed is 1440',
    ],
    ['half minutes', { session: { idleMinutes: 1.5 } }, 'session.idleMinutes', '1.5 is not a whole number'],
    [
      'retention that CloudWatch does not know',
      { logRetentionDays: 100 },
      'logRetentionDays',
      'allowed: 1, 3, 5, 7, 14, 30',
    ],
    ['local without a provider', { environment: 'local' }, 'provider', 'is missing'],
    ['provider with One Login', { provider }, 'provider', 'allowed with the environment local only'],
    [
      'provider over http',
      { environment: 'local', provider: { ...provider, issuer: 'http://provider.example/' } },
      'provider.issuer',
      'must begin with https://',
    ],
    [
      'provider with half its fields',
      { environment: 'local', provider: { ...provider, didUrl: undefined } },
      'provider.didUrl',
      'is missing',
    ],
    [
      'DID that is none',
      { environment: 'local', provider: { ...provider, didId: 'localhost' } },
      'provider.didId',
      'did:web',
    ],
    [
      'service URL over http',
      { serviceUrl: 'http://service.example/' },
      'serviceUrl',
      'must begin with https://',
    ],
    ['service URL that is none', { serviceUrl: 'service.example' }, 'serviceUrl', 'is not an absolute URL'],
  ])('%s', (_, changes, path, message) => {
    expect(mistakesIn({ ...smallest, ...changes })).toContainEqual({
      path,
      message: expect.stringContaining(message),
    });
  });

  test.each([
    ['http://service.example/auth', 'must begin with https://'],
    ['https://service.example/', 'must end with /auth'],
    ['https://service.example/auth/', 'must end with /auth, without a slash after it'],
    ['https://service.example/auth?', 'must have no query and no fragment'],
    ['https://service.example/auth?a=b', 'must have no query and no fragment'],
    ['https://service.example/auth#a', 'must have no query and no fragment'],
    ['https://user:word@service.example/auth', 'must not hold a user name or password'],
    ['https://SERVICE.example/auth', 'must be written in its normal form, https://service.example/auth'],
    ['https://service.example:443/auth', 'must be written in its normal form, https://service.example/auth'],
    ['https://service.example/x/../auth', 'must be written in its normal form, https://service.example/auth'],
    ['/auth', 'is not an absolute URL'],
    ['javascript:/auth', 'must begin with https://'],
  ])('public URL %s', (publicUrl, message) => {
    expect(mistakesIn({ ...smallest, publicUrl })).toEqual([
      { path: 'publicUrl', message: expect.stringContaining(message) },
    ]);
  });

  test('public URL that nobody reaches in production', () => {
    const publicUrl = 'http://localhost:8080/auth';

    expect(mistakesIn({ ...smallest, publicUrl })).toEqual([]);
    expect(mistakesIn({ ...smallest, environment: 'production', publicUrl })).toEqual([
      { path: 'publicUrl', message: `"${publicUrl}" can't be reached by anyone in production` },
    ]);
  });

  test.each([
    ['https://forms.example/', 'must be an origin, without a path: https://forms.example'],
    ['https://forms.example/start', 'must be an origin, without a path: https://forms.example'],
    ['http://forms.example', 'must begin with https://'],
    ['forms.example', 'is not an absolute URL'],
    ['https://*.example', 'must name one host, without wildcards'],
    ['*', 'is not an absolute URL'],
    ['null', 'is not an absolute URL'],
  ])('return origin %s', (origin, message) => {
    expect(mistakesIn({ ...smallest, returnOrigins: ['https://ok.example', origin] })).toEqual([
      { path: 'returnOrigins[1]', message: expect.stringContaining(message) },
    ]);
  });
});

describe('the default page', () => {
  const publicUrl = 'https://service.example/auth';
  const returnOrigins = ['https://forms.example'];
  const config = { ...smallest, publicUrl, returnOrigins };

  test.each([
    '/',
    '/account',
    '/authors',
    '/account?tab=1#top',
    'https://service.example/account',
    'https://forms.example/start?from=sign-in',
  ])('may be %s', (defaultPage) => {
    expect(mistakesIn({ ...config, defaultPage })).toEqual([]);
  });

  test.each([
    ['', 'must be a path that begins with a single /'],
    ['account', 'must be a path that begins with a single /'],
    ['//evil.example', 'must begin with a single /'],
    ['/\\evil.example', 'must hold no spaces, control characters or backslashes'],
    ['/\u0009/evil.example', 'must hold no spaces, control characters or backslashes'],
    ['/a b', 'must hold no spaces'],
    ['/a/../auth', 'must be written in its normal form, /auth'],
    ['/auth', 'must not lie below /auth'],
    ['/auth/login', 'must not lie below /auth'],
    ['/AUTH/login', 'must not lie below /auth'],
    ['/%61uth/login', 'must not lie below /auth'],
    ['https://service.example/auth/login', 'must not lie below /auth'],
    [
      'https://evil.example/',
      'is at an origin that is not allowed; allowed: https://service.example, https://forms.example',
    ],
    ['http://service.example/', 'must begin with https://'],
    ['https://user@service.example/', 'must not hold a user name or password'],
    ['javascript:alert(1)', 'must begin with https://'],
  ])('must not be %p', (defaultPage, message) => {
    expect(mistakesIn({ ...config, defaultPage })).toEqual([
      { path: 'defaultPage', message: expect.stringContaining(message) },
    ]);
  });

  test('must be at a return origin while the service has no public URL', () => {
    expect(mistakesIn({ ...smallest, defaultPage: 'https://service.example/' })).toEqual([
      { path: 'defaultPage', message: expect.stringContaining('allowed: none (see returnOrigins)') },
    ]);
    expect(mistakesIn({ ...smallest, returnOrigins, defaultPage: 'https://forms.example/' })).toEqual([]);
  });
});

describe('the pages of identity proving', () => {
  test.each(['notProvedUrl', 'inPersonReturnUrl'])('%s is held to the same', (field) => {
    const withPage = (page: string) => ({ ...smallest, identity: { ...identity, [field]: page } });

    expect(mistakesIn(withPage('/result'))).toEqual([]);
    expect(mistakesIn(withPage('//evil.example'))).toEqual([
      { path: `identity.${field}`, message: expect.stringContaining('must begin with a single /') },
    ]);
    expect(mistakesIn(withPage('https://evil.example/'))).toEqual([
      { path: `identity.${field}`, message: expect.stringContaining('is at an origin that is not allowed') },
    ]);
  });
});

describe('many mistakes', () => {
  const broken = {
    ...smallest,
    clientId: undefined,
    publicUrl: 'http://service.example/auth',
    authentication: { vtr: ['Cl.Cm.P2', 'X'] },
    identity: { vtr: ['Cl.Cm'], claims: [`${vocab}/nothing`] },
    signingKeys: [
      { name: 'a', state: 'sign' },
      { name: 'a', state: 'sign', kind: 'RSA' },
    ],
    session: { idleMinutes: 100, absoluteMinutes: 50 },
    defaultPage: '//evil.example',
    returnOrigins: ['https://forms.example/', 'http://x.example'],
    switch: 'on',
  };

  test('are listed all at once', () => {
    expect(
      mistakesIn(broken)
        .map(({ path }) => path)
        .sort(),
    ).toEqual([
      'authentication.vtr[0]',
      'authentication.vtr[1]',
      'clientId',
      'defaultPage',
      'identity.claims',
      'identity.claims[0]',
      'identity.vtr[0]',
      'publicUrl',
      'returnOrigins[0]',
      'returnOrigins[1]',
      'session.idleMinutes',
      'signingKeys',
      'signingKeys[1].kind',
      'signingKeys[1].name',
      'switch',
    ]);
  });

  test('are one error, whose message is a list', () => {
    const error = errorOf({ ...smallest, clientId: 7, name: 'X' }, 'config/x.json');

    expect(error.message.split('\n')).toEqual([
      'config/x.json has 2 mistakes:',
      expect.stringMatching(/^ {2}- name: "X" is not allowed; allowed: /),
      expect.stringMatching(/^ {2}- clientId: 7 is not a text\. /),
    ]);
  });

  test.each([null, [], 'x', 7])('%p is no config at all', (json) => {
    expect(mistakesIn(json)).toEqual([{ path: '', message: expect.stringContaining('is not an object') }]);
  });
});

function configFile(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(new URL(`../../../config/${name}.json`, import.meta.url), 'utf8'));
}

/** JSON has no undefined: such fields are left out. */
function mistakesIn(config: unknown): readonly Mistake[] {
  try {
    validateConfig(JSON.parse(JSON.stringify(config)));
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
}

function errorOf(config: unknown, source: string): ConfigError {
  try {
    validateConfig(config, source);
  } catch (error) {
    if (error instanceof ConfigError) return error;
  }
  throw new Error('there was no mistake');
}
