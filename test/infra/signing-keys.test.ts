import { describe, expect, test } from '@jest/globals';
import { readKeyRecordAlias } from '../../lib/keys/key-record-aliases.ts';
import { configOf, synthesise, type Template } from './synthesise.ts';

type Keys = readonly { readonly name: string; readonly state: 'publish' | 'sign' | 'retire' }[];

const before = stackWith([{ name: 'a', state: 'sign' }]);
const published = stackWith([
  { name: 'a', state: 'sign' },
  { name: 'b', state: 'publish' },
]);
const switched = stackWith([
  { name: 'a', state: 'publish' },
  { name: 'b', state: 'sign' },
]);
const retired = stackWith([
  { name: 'a', state: 'retire' },
  { name: 'b', state: 'sign' },
]);
const removed = stackWith([{ name: 'b', state: 'sign' }]);

describe('signing keys', () => {
  test('are RSA 2048 for signing, and reachable by an alias of the deployment', () => {
    const [id, key] = before.one('AWS::KMS::Key', 'SigningKeys');
    const [, alias] = before.one('AWS::KMS::Alias', 'SigningKeys');

    expect(key.Properties).toMatchObject({ KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' });
    expect(alias.Properties).toEqual({
      AliasName: 'alias/one-login/local/a',
      TargetKeyId: { 'Fn::GetAtt': [id, 'Arn'] },
    });
  });

  test('stay when they are retired, so that the step can be undone', () => {
    expect(retired.ofType('AWS::KMS::Key').filter(([id]) => id.startsWith('SigningKeys'))).toHaveLength(2);
    expect(keyIdOf(retired, 'a')).toBe(keyIdOf(before, 'a'));
  });

  test('sign by the one key that the config says', () => {
    for (const name of ['login', 'callback'] as const) {
      expect(signingKeyOf(published, name)).toBe(keyIdOf(published, 'a'));
      expect(signingKeyOf(switched, name)).toBe(keyIdOf(switched, 'b'));
    }
  });

  test('switch without a change of permissions, which would take a while to be known', () => {
    expect(switched.function('login').role).toEqual(published.function('login').role);
    expect(switched.function('callback').role).toEqual(published.function('callback').role);
    for (const name of ['a', 'b']) expect(policyOf(switched, name)).toEqual(policyOf(published, name));
  });
});

describe('the JWKS', () => {
  test('is answered by API Gateway itself', () => {
    const { Integration: integration } = jwksMethodOf(before);

    expect(integration).toMatchObject({
      Type: 'MOCK',
      RequestTemplates: { 'application/json': '{"statusCode":200}' },
      PassthroughBehavior: 'WHEN_NO_TEMPLATES',
      ContentHandling: 'CONVERT_TO_TEXT',
    });
    expect(integration.Uri).toBeUndefined();
    expect(integration.IntegrationResponses).toEqual([
      {
        StatusCode: '200',
        ContentHandling: 'CONVERT_TO_TEXT',
        ResponseParameters: {
          'method.response.header.Cache-Control': "'max-age=300'",
          'method.response.header.Content-Type': "'application/json'",
          'method.response.header.X-Content-Type-Options': "'nosniff'",
        },
        ResponseTemplates: { 'application/json': expect.anything() },
      },
    ]);
  });

  test('declares every header that it maps, without which API Gateway refuses the deployment', () => {
    const { Integration: integration, MethodResponses: responses } = jwksMethodOf(before);

    expect(Object.keys(responses[0].ResponseParameters)).toEqual(
      Object.keys(integration.IntegrationResponses[0].ResponseParameters),
    );
  });

  test('holds RSA keys with kid, use and alg, each once', () => {
    expect(jwksOf(published)).toEqual({
      keys: ['a', 'b'].map((name) => ({
        kty: 'RSA',
        use: 'sig',
        alg: 'PS256',
        kid: `Ref ${keyIdOf(published, name)}`,
        e: 'AQAB',
        n: `n of ${publicationIdOf(published, name)}`,
      })),
    });
  });

  test('holds what signs first and what will sign next, but nothing that is retired', () => {
    expect(publishedIn(before)).toEqual(['a']);
    expect(publishedIn(published)).toEqual(['a', 'b']);
    expect(publishedIn(switched)).toEqual(['b', 'a']);
    expect(publishedIn(retired)).toEqual(['b']);
    expect(publishedIn(removed)).toEqual(['b']);
  });

  test.each([
    ['adding a key', before, published],
    ['switching to a key', published, switched],
    ['retiring a key', switched, retired],
    ['removing a key that is retired', retired, removed],
    ['removing a key that is published', switched, removed],
  ])('is deployed anew by %s', (_, from, to) => {
    expect(deploymentIdOf(to)).not.toBe(deploymentIdOf(from));
  });

  test('is not deployed anew when nothing changes', () => {
    const again = synthesise(
      configOf('local', { signingKeys: [{ name: 'a', state: 'sign' }], clientId: 'b' }),
    );

    expect(deploymentIdOf(again)).toBe(deploymentIdOf(before));
  });

  test('reads each public key with a limit of time, again when what is read changes', () => {
    for (const [, { Properties }] of published.ofType('Custom::PublishedKey')) {
      expect(Properties).toEqual({
        ServiceToken: expect.anything(),
        ServiceTimeout: '120',
        KeyId: { Ref: expect.stringMatching(/^SigningKeys/) },
        AnswerVersion: '1',
      });
    }
  });

  test('gives the function time to answer before CloudFormation stops waiting', () => {
    const { Timeout: timeout } = published.function('publish-jwks').function.Properties;

    expect(timeout).toBeLessThan(120);
    // It waits 40 s for a permission, and tries to deliver the answer three times within 32.5 s.
    expect(timeout).toBeGreaterThan(75);
  });
});

describe('the record of the signing keys', () => {
  test('is an alias for the state of each key, and one for as long as it is in the JWKS', () => {
    expect(recordedIn(before)).toEqual(['a/jwks', 'a/sign']);
    expect(recordedIn(published)).toEqual(['a/jwks', 'a/sign', 'b/jwks', 'b/publish']);
    expect(recordedIn(switched)).toEqual(['a/jwks', 'a/publish', 'b/jwks', 'b/sign']);
    expect(recordedIn(retired)).toEqual(['a/retire', 'b/jwks', 'b/sign']);
    expect(recordedIn(removed)).toEqual(['b/jwks', 'b/sign']);
  });

  test('keeps the date of a key in the JWKS over a switch, and begins another for its new state', () => {
    const idsIn = (template: Template) => recordOf(template).map(([id]) => id);

    expect(idsIn(switched).filter((id) => idsIn(published).includes(id))).toEqual([
      expect.stringMatching(/^KeyRecordajwks/),
      expect.stringMatching(/^KeyRecordbjwks/),
    ]);
  });

  test('is made when the state is in effect, not before', () => {
    const [stage] = switched.one('AWS::ApiGateway::Stage');
    const login = switched.functionId('login');
    const callback = switched.functionId('callback');

    for (const [, { DependsOn: needed }] of recordOf(switched)) {
      expect(needed).toEqual(expect.arrayContaining([stage, login, callback]));
    }
  });

  test('names its deployment, so that two in one account do not collide', () => {
    const other = synthesise(
      configOf('local', { name: 'other', signingKeys: [{ name: 'a', state: 'sign' }] }),
    );

    expect(recordOf(other).map(([, { Properties }]) => Properties.AliasName)).toEqual([
      'alias/one-login/other/a/sign',
      'alias/one-login/other/a/jwks',
    ]);
  });
});

function recordOf(template: Template) {
  return template.ofType('AWS::KMS::Alias').filter(([id]) => id.startsWith('KeyRecord'));
}

/** Key and fact of each alias that points to that very key. */
function recordedIn(template: Template): readonly string[] {
  return recordOf(template)
    .map(([, { Properties }]) => {
      const { key = '', fact, deployment } = readKeyRecordAlias(Properties.AliasName) ?? {};
      expect(deployment).toBe('local');
      expect(Properties.TargetKeyId).toEqual({ 'Fn::GetAtt': [keyIdOf(template, key), 'Arn'] });
      return `${key}/${fact}`;
    })
    .sort();
}

function stackWith(signingKeys: Keys): Template {
  return synthesise(configOf('local', { signingKeys }));
}

function keyIdOf(template: Template, name: string): string {
  return template.one('AWS::KMS::Key', `SigningKeys${name}`)[0];
}

function policyOf(template: Template, name: string): unknown {
  return template.json.Resources[keyIdOf(template, name)]?.Properties.KeyPolicy;
}

function publicationIdOf(template: Template, name: string): string {
  return template.one('Custom::PublishedKey', `PublishedJwks${name}`)[0];
}

function signingKeyOf(template: Template, name: 'login' | 'callback'): string {
  return template.function(name).function.Properties.Environment.Variables.SIGNING_KEY_ID.Ref;
}

function deploymentIdOf(template: Template): string {
  return template.one('AWS::ApiGateway::Deployment')[0];
}

function jwksMethodOf(template: Template) {
  const method = template.routes.get('GET /auth/.well-known/jwks.json');
  if (method === undefined) throw new Error('there is no JWKS route');
  return method.Properties;
}

/** The JWKS with references written as text. */
function jwksOf(template: Template): { readonly keys: readonly { readonly kid: string }[] } {
  const [response] = jwksMethodOf(template).Integration.IntegrationResponses;
  const parts: readonly unknown[] = response.ResponseTemplates['application/json']['Fn::Join'][1];
  return JSON.parse(parts.map(textOf).join(''));
}

function textOf(part: unknown): string {
  if (typeof part === 'string') return part;
  const { Ref: ref, 'Fn::GetAtt': attribute } = part as { Ref?: string; 'Fn::GetAtt'?: [string, string] };
  return attribute === undefined ? `Ref ${ref}` : `${attribute[1]} of ${attribute[0]}`;
}

function publishedIn(template: Template): readonly string[] {
  return jwksOf(template).keys.map(({ kid }) => kid.replace(/^Ref SigningKeys|[0-9A-F]{8}$/g, ''));
}
