import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { parseDidDocument } from '../../../../lambdas/core/one-login/did-document.ts';
import { did, identityKey, makeProviderKey, rsaKey } from './example-provider.ts';

const { kty, crv, x, y } = identityKey.jwk as Record<string, string>;
const publicKeyJwk = { kty, crv, x, y };
const method = { type: 'JsonWebKey', id: identityKey.kid, controller: did, publicKeyJwk };
const didDocument = {
  '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/jwk/v1'],
  id: did,
  assertionMethod: [method],
};
const parse = (changes: object) => parseDidDocument(JSON.stringify({ ...didDocument, ...changes }), { did });

describe('the DID document', () => {
  test('gives each key under its whole id', () => {
    expect([...parse({}).values()]).toEqual([
      { kid: identityKey.kid, alg: 'ES256', publicKey: expect.anything() },
    ]);
  });

  test('may have keys of any declared type, and several of them', () => {
    const second = makeProviderKey('ES256', `${did}#second`);
    const methods = [
      { ...method, type: undefined },
      { id: second.kid, type: 'JsonWebKey2020', publicKeyJwk: second.jwk },
    ];
    expect([...parse({ assertionMethod: methods }).keys()]).toEqual([identityKey.kid, second.kid]);
  });

  test('of the simulator has a port in its id', () => {
    const local = 'did:web:localhost%3A3000';
    const document = { id: local, assertionMethod: [{ ...method, id: `${local}#key` }] };
    const keys = parseDidDocument(JSON.stringify(document), { did: local });
    expect([...keys.keys()]).toEqual([`${local}#key`]);
  });

  test.each<[string, unknown]>([
    ['of RSA', { ...method, id: `${did}#x`, publicKeyJwk: rsaKey.jwk }],
    [
      'of another curve',
      {
        ...method,
        id: `${did}#x`,
        publicKeyJwk: generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ format: 'jwk' }),
      },
    ],
    ['that is not on its curve', { ...method, id: `${did}#x`, publicKeyJwk: { ...publicKeyJwk, y: x } }],
    ['without JWK', { ...method, id: `${did}#x`, publicKeyJwk: undefined }],
    ['that is a reference', `${did}#x`],
  ])('leaves out a key %s', (_case, other) => {
    expect([...parse({ assertionMethod: [other, method] }).keys()]).toEqual([identityKey.kid]);
    expect(() => parse({ assertionMethod: [other] })).toThrow(
      expect.objectContaining({ code: 'provider_did_document_invalid' }),
    );
  });

  test.each<[string, object, string]>([
    ['another id', { id: 'did:web:attacker.example' }, '"id"'],
    ['no id', { id: undefined }, '"id"'],
    ['no keys', { assertionMethod: [] }, 'no usable'],
    ['no assertionMethod', { assertionMethod: undefined }, '"assertionMethod"'],
    [
      'keys for another purpose only',
      { assertionMethod: undefined, authentication: [method] },
      '"assertionMethod"',
    ],
    [
      'a key of another controller',
      { assertionMethod: [method, { ...method, id: 'did:web:a.example#x' }] },
      'not under',
    ],
    [
      'a key whose id only begins alike',
      { assertionMethod: [method, { ...method, id: `${did}.attacker#x` }] },
      'not under',
    ],
    ['a key id without fragment', { assertionMethod: [method, { ...method, id: did }] }, 'not under'],
    [
      'a key id with an empty fragment',
      { assertionMethod: [method, { ...method, id: `${did}#` }] },
      'not under',
    ],
    [
      'a key id of another document with ours as its fragment',
      { assertionMethod: [method, { ...method, id: `did:web:a.example#${did}#x` }] },
      'not under',
    ],
    [
      'a key id with two fragments',
      { assertionMethod: [method, { ...method, id: `${did}#x#y` }] },
      'not under',
    ],
    ['a key id that is a list', { assertionMethod: [method, { ...method, id: [`${did}#x`] }] }, 'not under'],
    ['a key without id', { assertionMethod: [method, { ...method, id: undefined }] }, 'not under'],
    ['a key that is a number', { assertionMethod: [method, 1] }, 'not under'],
    ['the same key id twice', { assertionMethod: [method, method] }, 'same id'],
    [
      'a private key',
      {
        assertionMethod: [
          method,
          { ...method, id: `${did}#x`, publicKeyJwk: identityKey.privateKey.export({ format: 'jwk' }) },
        ],
      },
      'private',
    ],
    ['more than 64 KiB', { padding: 'x'.repeat(65_536) }, 'longer'],
  ])('is refused with %s', (_case, changes, named) => {
    expect(() => parse(changes)).toThrow(
      expect.objectContaining({
        code: 'provider_did_document_invalid',
        message: expect.stringContaining(named),
      }),
    );
  });

  test.each(['', '<html>', '[]', 'null', '{}'])('is refused when it is %j', (body) => {
    expect(() => parseDidDocument(body, { did })).toThrow(
      expect.objectContaining({ code: 'provider_did_document_invalid' }),
    );
  });
});
