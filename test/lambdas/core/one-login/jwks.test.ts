import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { parseJwks } from '../../../../lambdas/core/one-login/jwks.ts';
import { secretMembers } from '../../../../lambdas/core/one-login/secret-members.ts';
import { ecKey, rsaKey } from './example-provider.ts';

const parse = (...keys: unknown[]) => parseJwks(JSON.stringify({ keys }));
/** An RSA key whose modulus is these bytes, as far as an import examines it. */
const rsaJwk = (...modulus: readonly Buffer[]) => ({
  ...rsaKey.jwk,
  kid: 'x',
  n: Buffer.concat(modulus).toString('base64url'),
});
const publicJwk = (pair: ReturnType<typeof generateKeyPairSync>) => pair.publicKey.export({ format: 'jwk' });

describe('the JWKS', () => {
  test('gives each signature key under its kid', () => {
    expect([...parse(ecKey.jwk, rsaKey.jwk).values()].map(({ kid, alg }) => [kid, alg])).toEqual([
      ['ec-1', 'ES256'],
      ['rsa-1', 'RS256'],
    ]);
  });

  test.each([
    ['EC', ecKey, 'ES256'],
    ['RSA', rsaKey, 'RS256'],
  ])('ties a key without alg to the algorithm of its type: %s', (_type, { jwk, kid }, alg) => {
    expect(parse({ ...jwk, alg: undefined, use: undefined }).get(kid)?.alg).toBe(alg);
  });

  test('ties an RSA key to RS256, even if it also has the curve of ES256', () => {
    expect(parse({ ...rsaKey.jwk, alg: undefined, crv: 'P-256' }).get('rsa-1')?.alg).toBe('RS256');
  });

  test.each<[string, object]>([
    ['whose operations include verify', { ...rsaKey.jwk, kid: 'x', key_ops: ['verify', 'encrypt'] }],
    ['of 4096 bits', rsaJwk(Buffer.alloc(512, 0xc5))],
  ])('takes a key %s', (_case, jwk) => {
    expect([...parse(jwk).keys()]).toEqual(['x']);
  });

  // id: weak-keys-left-out
  test.each<[string, object]>([
    ['for encryption', { ...rsaKey.jwk, use: 'enc' }],
    ['whose operations do not include verify', { ...rsaKey.jwk, key_ops: ['encrypt'] }],
    ['whose operations are no list', { ...rsaKey.jwk, key_ops: 'verify' }],
    ['without kid', { ...rsaKey.jwk, kid: undefined }],
    ['with an empty kid', { ...rsaKey.jwk, kid: '' }],
    ['with a kid that is a number', { ...rsaKey.jwk, kid: 1 }],
    ['of another algorithm', { ...rsaKey.jwk, alg: 'PS256' }],
    ['of an algorithm of another type', { ...rsaKey.jwk, alg: 'ES256' }],
    ['of another curve', { ...publicJwk(generateKeyPairSync('ec', { namedCurve: 'P-384' })), kid: 'x' }],
    ['of another type', { ...publicJwk(generateKeyPairSync('ed25519')), kid: 'x' }],
    ['of an unknown type', { kty: 'FUTURE', kid: 'x' }],
    ['that is not on its curve', { ...ecKey.jwk, kid: 'x', y: ecKey.jwk.x }],
    ['that lacks a member', { ...ecKey.jwk, kid: 'x', y: undefined }],
    ['of 4097 bits', rsaJwk(Buffer.of(1), Buffer.alloc(512, 0xc5))],
    ['with the exponent 3', { ...rsaKey.jwk, kid: 'x', e: 'Aw' }],
    ['with a huge exponent', { ...rsaKey.jwk, kid: 'x', e: Buffer.alloc(256, 0xc5).toString('base64url') }],
    ['of 1024 bits', { ...publicJwk(generateKeyPairSync('rsa', { modulusLength: 1024 })), kid: 'x' }],
  ])('leaves out a key %s', (_case, jwk) => {
    expect([...parse(jwk, ecKey.jwk).keys()]).toEqual(['ec-1']);
    expect(() => parse(jwk)).toThrow(expect.objectContaining({ code: 'provider_jwks_invalid' }));
  });

  // id: bad-key-sets-refused
  test.each<[string, unknown[], string]>([
    ['no keys', [], 'no usable'],
    ['the same kid twice', [ecKey.jwk, { ...rsaKey.jwk, kid: 'ec-1' }], 'same "kid"'],
    ['the kid of a key that is left out', [{ kty: 'FUTURE', kid: 'ec-1' }, ecKey.jwk], 'same "kid"'],
    [
      'an EC private key',
      [ecKey.jwk, { ...ecKey.privateKey.export({ format: 'jwk' }), kid: 'x' }],
      'private',
    ],
    [
      'an RSA private key',
      [ecKey.jwk, { ...rsaKey.privateKey.export({ format: 'jwk' }), kid: 'x' }],
      'private',
    ],
    ['a symmetric key', [ecKey.jwk, { kty: 'oct', k: 'c2VjcmV0', kid: 'x' }], 'symmetric'],
    ['an AKP private key', [ecKey.jwk, { kty: 'AKP', alg: 'ML-DSA-44', priv: 'cA', kid: 'x' }], 'private'],
    ['a member that is no object', [ecKey.jwk, 'key'], 'not an object'],
    ['more than 64 KiB', [ecKey.jwk, { kty: 'x'.repeat(65_536) }], 'longer'],
  ])('is refused with %s', (_case, keys, named) => {
    expect(() => parse(...keys)).toThrow(
      expect.objectContaining({ code: 'provider_jwks_invalid', message: expect.stringContaining(named) }),
    );
  });

  test.each(secretMembers)('is refused with a key that has the secret member %s', (member) => {
    expect(() => parse(ecKey.jwk, { ...rsaKey.jwk, [member]: 'AQ' })).toThrow('private or symmetric');
  });

  test('is refused with every member that only private and symmetric keys have', () => {
    expect(secretMembers).toEqual(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv']);
  });

  test.each(['', '<html>', '[]', '{}', '{"keys":{}}'])('is refused when it is %j', (body) => {
    expect(() => parseJwks(body)).toThrow(expect.objectContaining({ code: 'provider_jwks_invalid' }));
  });
});
