import { describe, expect, it } from '@jest/globals';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { buildOtherKeyAlias, readKeyRecordAlias } from '../../lib/keys/key-record-aliases.ts';
import { makePublishedKey } from '../support/published-key.ts';
import {
  buildTestConfig,
  findFunction,
  findResource,
  findRole,
  listResources,
  readRoutes,
  readVariables,
  synthesise,
} from './synthesise.ts';

type Keys = readonly { readonly name: string; readonly state: 'publish' | 'sign' | 'retire' }[];

const synthesiseKeys = (signingKeys: Keys) => synthesise(buildTestConfig('local', { signingKeys }));
const before = synthesiseKeys([{ name: 'a', state: 'sign' }]);
const published = synthesiseKeys([
  { name: 'a', state: 'sign' },
  { name: 'b', state: 'publish' },
]);
const switched = synthesiseKeys([
  { name: 'a', state: 'publish' },
  { name: 'b', state: 'sign' },
]);
const retired = synthesiseKeys([
  { name: 'a', state: 'retire' },
  { name: 'b', state: 'sign' },
]);
const removed = synthesiseKeys([{ name: 'b', state: 'sign' }]);

const otherKeys = ['old-2024', 'https://a.gov.uk/keys/2'].map(
  (kid) => makePublishedKey({ kid, alg: kid.startsWith('old') ? 'RS256' : 'PS512' }).jwk,
);
const moving = {
  otherKeys,
  template: synthesise(
    buildTestConfig('local', {
      signingKeys: [
        { name: 'a', state: 'sign' },
        { name: 'b', state: 'publish' },
      ],
      publishedKeys: otherKeys,
    }),
  ),
};

const findKey = (template: Template, name: string) =>
  findResource(template, 'AWS::KMS::Key', `SigningKeys${name}`);

describe('signing keys', () => {
  // id: signing-keys-in-kms
  it('are RSA 2048 for signing, with an alias of the deployment', () => {
    before.hasResourceProperties('AWS::KMS::Key', { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' });
    expect(findResource(before, 'AWS::KMS::Alias', 'SigningKeys').Properties).toEqual({
      AliasName: 'alias/one-login/local/a',
      TargetKeyId: { 'Fn::GetAtt': [findKey(before, 'a').id, 'Arn'] },
    });
  });

  it('have a tag with the name of the deployment, so that a key in no stack can be found', () => {
    before.hasResourceProperties('AWS::KMS::Key', {
      KeyUsage: 'SIGN_VERIFY',
      Tags: [{ Key: 'one-login/deployment', Value: 'local' }],
    });
  });

  it('stay when they are retired, so that the step can be undone', () => {
    expect(listResources(retired, 'AWS::KMS::Key', 'SigningKeys')).toHaveLength(2);
    expect(findKey(retired, 'a').id).toBe(findKey(before, 'a').id);
  });

  it.each(['login', 'callback'] as const)(
    'switch in the function %s without a change of permissions',
    (name) => {
      const readKeyId = (template: Template) => readVariables(template, name)['SIGNING_KEY_ID'];

      expect(readKeyId(published)).toEqual({ Ref: findKey(published, 'a').id });
      expect(readKeyId(switched)).toEqual({ Ref: findKey(switched, 'b').id });
      // A new permission would take a while to take effect.
      expect(findRole(switched, name)).toEqual(findRole(published, name));
      for (const key of ['a', 'b']) expect(findKey(switched, key)).toEqual(findKey(published, key));
    },
  );
});

describe('the JWKS', () => {
  // id: jwks-without-function
  it('is served by API Gateway itself, with the headers that the method declares', () => {
    const { Integration: integration, MethodResponses: responses } = findJwksMethod(before);
    const [response] = integration.IntegrationResponses;

    expect(integration).toEqual({
      Type: 'MOCK',
      RequestTemplates: { 'application/json': '{"statusCode":200}' },
      PassthroughBehavior: 'WHEN_NO_TEMPLATES',
      ContentHandling: 'CONVERT_TO_TEXT',
      IntegrationResponses: [
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
      ],
    });
    // API Gateway refuses a deployment with undeclared headers.
    expect(Object.keys(responses[0].ResponseParameters)).toEqual(Object.keys(response.ResponseParameters));
  });

  it('contains each RSA key once, with kid, use and alg', () => {
    expect(readJwks(published)).toEqual({
      keys: ['a', 'b'].map((name) => ({
        kty: 'RSA',
        use: 'sig',
        alg: 'PS256',
        kid: `Ref ${findKey(published, name).id}`,
        e: 'AQAB',
        n: `n of ${findResource(published, 'Custom::PublishedKey', `PublishedJwks${name}`).id}`,
      })),
    });
  });

  it.each([
    ['the only key', before, ['a']],
    ['the signing key and the next one', published, ['a', 'b']],
    ['the signing key first after a switch', switched, ['b', 'a']],
    ['no retired key', retired, ['b']],
    ['no removed key', removed, ['b']],
  ])('contains %s', (_, template, names) => {
    expect(readJwks(template).keys.map(({ kid }) => kid)).toEqual(
      names.map((name) => `Ref ${findKey(template, name).id}`),
    );
  });

  it('contains the keys of other systems after our own, and the custom resources get their kids', () => {
    const { otherKeys } = moving;
    expect(readJwks(moving.template).keys.slice(2)).toEqual(
      otherKeys.map(({ kty, alg, kid, e, n }) => ({ kty, use: 'sig', alg, kid, e, n })),
    );
    moving.template.allResourcesProperties('Custom::PublishedKey', {
      OtherKids: otherKeys.map(({ kid }) => kid),
    });
    expect(JSON.stringify(listResources(published, 'Custom::PublishedKey'))).not.toContain('OtherKids');
  });

  it('stays far below the 50 KB that One Login reads, with as many keys as a config can have', () => {
    const signingKeys = Array.from({ length: 8 }, (_, index) => ({
      name: `k${index}`,
      state: index === 0 ? 'sign' : 'publish',
    }));
    const publishedKeys = Array.from({ length: 4 }, (_, index) =>
      makePublishedKey({ kid: `${index}`.repeat(128) }, 4096),
    ).map(({ jwk }) => jwk);
    const most = synthesise(buildTestConfig('local', { signingKeys, publishedKeys }));
    // Each of ours has 342 characters in place of the reference, and a kid of 36.
    expect(JSON.stringify(readJwks(most)).length + 8 * (342 + 36)).toBeLessThan(10_000);
  });

  it.each([
    ['adding a key', before, published],
    ['adding a key of another system', published, moving.template],
    ['removing a key of another system', moving.template, published],
    ['switching to a key', published, switched],
    ['retiring a key', switched, retired],
    ['removing a retired key', retired, removed],
    ['removing a published key', switched, removed],
  ])('is deployed again after %s', (_, from, to) => {
    expect(findResource(to, 'AWS::ApiGateway::Deployment').id).not.toBe(
      findResource(from, 'AWS::ApiGateway::Deployment').id,
    );
  });

  it('is not deployed again when no key changes', () => {
    const signingKeys = [{ name: 'a', state: 'sign' }];
    const again = synthesise(buildTestConfig('local', { signingKeys, clientId: 'b' }));

    expect(findResource(again, 'AWS::ApiGateway::Deployment').id).toBe(
      findResource(before, 'AWS::ApiGateway::Deployment').id,
    );
  });

  it('reads each public key within the time that CloudFormation waits', () => {
    const { Timeout: timeout } = findFunction(published, 'publish-jwks').Properties;

    published.allResourcesProperties('Custom::PublishedKey', {
      ServiceToken: Match.anyValue(),
      ServiceTimeout: '120',
      KeyId: { Ref: Match.stringLikeRegexp('^SigningKeys') },
      AnswerVersion: '1',
    });
    expect(timeout).toBeLessThan(120);
    // The function waits 40 s for a permission, and tries three times within 32.5 s to deliver the response.
    expect(timeout).toBeGreaterThan(75);
  });
});

describe('the record of the signing keys', () => {
  it.each([
    ['the first key', before, ['a/jwks', 'a/sign']],
    ['a second key', published, ['a/jwks', 'a/sign', 'b/jwks', 'b/publish']],
    ['a switch', switched, ['a/jwks', 'a/publish', 'b/jwks', 'b/sign']],
    ['a retirement', retired, ['a/retire', 'b/jwks', 'b/sign']],
    ['a removal', removed, ['b/jwks', 'b/sign']],
  ])(
    'has an alias for the state of each key and one for its place in the JWKS, after %s',
    (_, template, facts) => {
      const recorded = listRecord(template).map(({ Properties }) => {
        const { key = '', fact, deployment } = readKeyRecordAlias(Properties.AliasName) ?? {};
        expect(deployment).toBe('local');
        expect(Properties.TargetKeyId).toEqual({ 'Fn::GetAtt': [findKey(template, key).id, 'Arn'] });
        return `${key}/${fact}`;
      });

      expect(recorded.sort()).toEqual(facts);
    },
  );

  it('has an alias for each key of another system, of the key that signs', () => {
    const aliases = listResources(moving.template, 'AWS::KMS::Alias', 'KeyRecordother');
    expect(aliases.map(({ Properties }) => Properties)).toEqual(
      otherKeys.map(({ kid }) => ({
        AliasName: buildOtherKeyAlias('local', kid),
        TargetKeyId: { 'Fn::GetAtt': [findKey(moving.template, 'a').id, 'Arn'] },
      })),
    );
    for (const { Properties } of aliases) expect(Properties.AliasName).toMatch(/^alias\/[\w/-]+$/);
    expect(readKeyRecordAlias(buildOtherKeyAlias('local', 'old-2024'))).toBeUndefined();
  });

  it('keeps the date of a key in the JWKS during a switch, and starts a new one for its state', () => {
    const [from, to] = [published, switched].map((template) => listRecord(template).map(({ id }) => id));

    expect(to?.filter((id) => from?.includes(id))).toEqual([
      expect.stringMatching(/^KeyRecordajwks/),
      expect.stringMatching(/^KeyRecordbjwks/),
    ]);
  });

  it('is created after the state has taken effect', () => {
    const needed = [
      findResource(switched, 'AWS::ApiGateway::Stage'),
      findFunction(switched, 'login'),
      findFunction(switched, 'callback'),
    ].map(({ id }) => id);

    for (const { DependsOn } of listRecord(switched))
      expect(DependsOn).toEqual(expect.arrayContaining(needed));
  });
});

function listRecord(template: Template) {
  return listResources(template, 'AWS::KMS::Alias', 'KeyRecord');
}

function findJwksMethod(template: Template) {
  const method = readRoutes(template).get('GET /auth/.well-known/jwks.json');
  if (method === undefined) throw new Error('There is no route for the JWKS');
  return method.Properties;
}

/** @returns the JWKS, with references as text */
function readJwks(template: Template): { readonly keys: readonly { readonly kid: string }[] } {
  const [response] = findJwksMethod(template).Integration.IntegrationResponses;
  const parts: readonly (string | { Ref?: string; 'Fn::GetAtt'?: [string, string] })[] =
    response.ResponseTemplates['application/json']['Fn::Join'][1];
  const texts = parts.map((part) => {
    if (typeof part === 'string') return part;
    const { Ref: reference, 'Fn::GetAtt': attribute } = part;
    return attribute === undefined ? `Ref ${reference}` : `${attribute[1]} of ${attribute[0]}`;
  });
  return JSON.parse(texts.join(''));
}
