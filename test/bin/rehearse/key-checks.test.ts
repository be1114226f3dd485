import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { checkKeys, servedDeployments } from '../../../bin/rehearse/key-checks.ts';
import { newKeyName, published, switched } from '../../../bin/rehearse/key-lists.ts';
import type { SigningKeyConfig } from '../../../lib/config/deployment-config.ts';
import { buildSigningKeyAlias } from '../../../lib/keys/key-record-aliases.ts';
import { observed } from './observed.ts';

const pairs = new Map(
  ['first', 'next'].map((name) => [name, generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey]),
);

const keys = [...pairs].map(([name, key]) => ({
  KeyId: `id-${name}`,
  PublicKey: key.export({ format: 'der', type: 'spki' }).toString('base64'),
}));

const aliases = [...pairs.keys()].map((name) => ({
  AliasName: buildSigningKeyAlias('x', name),
  TargetKeyId: `id-${name}`,
}));

function jwk(name: string, n = pairs.get(name)?.export({ format: 'jwk' }).n ?? '') {
  return { kty: 'RSA', kid: `id-${name}`, n };
}

function account(jwks: readonly unknown[], signer = 'id-first') {
  const responseTemplates = { 'application/json': JSON.stringify({ keys: jwks }) };
  return observed({
    keys,
    aliases,
    functions: [{ Environment: { Variables: { SIGNING_KEY_ID: signer } } }, { FunctionName: 'another' }],
    apis: [
      {
        stages: [{ deploymentId: 'deployment-1' }],
        methods: [
          {
            path: '/auth/.well-known/jwks.json',
            httpMethod: 'GET',
            methodIntegration: { integrationResponses: { '200': { responseTemplates } } },
          },
        ],
      },
    ],
  });
}

const config = {
  name: 'x',
  signingKeys: [
    { name: 'first', state: 'sign' },
    { name: 'next', state: 'publish' },
  ] satisfies readonly SigningKeyConfig[],
};

describe('the keys of a deployment', () => {
  test('are good when the JWKS has what the config publishes, and functions sign with the right one', () => {
    expect(checkKeys(config, account([jwk('first'), jwk('next')]))).toEqual([]);
  });

  test.each([
    ['a key that is missing', account([jwk('first')]), 'the key next, id-next, is not in the JWKS'],
    [
      'a modulus that is not of the key',
      account([jwk('first'), jwk('next', 'None')]),
      'the JWKS has another "n" for next than KMS',
    ],
    [
      'a key that nobody published',
      account([jwk('first'), jwk('next'), jwk('other')]),
      'the JWKS has the key id-other, which the config does not publish',
    ],
    [
      'a function that signs with another',
      account([jwk('first'), jwk('next')], 'id-next'),
      'a function signs with id-next, not with first',
    ],
    [
      'functions that know no key',
      { ...account([jwk('first'), jwk('next')]), functions: [] },
      'no function knows which key to sign with',
    ],
    ['no JWKS', observed({ keys, aliases }), 'there is no JWKS at /auth/.well-known/jwks.json'],
  ])('are not with %s', (_, observation, sentence) => {
    expect(checkKeys(config, observation)).toEqual([sentence]);
  });

  test('a retired key is not expected in the JWKS, and wrong there', () => {
    const retired = { ...config, signingKeys: switched([{ name: 'next', state: 'sign' }], 'first') };
    expect(checkKeys(retired, account([jwk('first')]))).toEqual([]);
    expect(checkKeys(retired, account([jwk('first'), jwk('next')]))).toEqual([
      'the JWKS has the key id-next, which the config does not publish',
    ]);
  });

  test('the deployment in service is that of the stage', () => {
    expect(servedDeployments(account([]))).toEqual(['deployment-1']);
  });
});

describe('the key lists of a rehearsal', () => {
  test('get a key of a name that none has', () => {
    expect(newKeyName(config.signingKeys)).toBe('rehearsal');
    expect(newKeyName([{ name: 'rehearsal', state: 'sign' }])).toBe('rehearsal-2');
  });

  test('publish it first, then have it sign in the place of the one that did', () => {
    expect(published(config.signingKeys, 'new').at(-1)).toEqual({ name: 'new', state: 'publish' });
    expect(switched(config.signingKeys, 'new')).toEqual([
      { name: 'first', state: 'retire' },
      { name: 'next', state: 'publish' },
      { name: 'new', state: 'sign' },
    ]);
  });
});
