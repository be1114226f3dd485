import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { makePublishedKey } from '../../support/published-key.ts';
import { findMistakes, validateWith } from './find-mistakes.ts';

const { jwk, privateKey } = makePublishedKey();
const privateJwk: Readonly<Record<string, unknown>> = privateKey.export({ format: 'jwk' });
const bitsOf = (bits: number) => makePublishedKey({}, bits).jwk;
const withKeys = (...publishedKeys: unknown[]) => findMistakes({ publishedKeys });

describe('the public keys of other systems in a config', () => {
  it.each([
    ['none', []],
    ['an RSA key of 2048 bits', [jwk]],
    ['one with its use', [{ ...jwk, use: 'sig' }]],
    ['one of 3072 bits', [bitsOf(3072)]],
    ['one of 4096 bits', [bitsOf(4096)]],
    ['a kid of a thumbprint or an address', [{ ...jwk, kid: 'https://a.gov.uk/keys/1~2=' }, jwk]],
  ])('can be %s', (_, keys) => {
    expect(withKeys(...keys)).toEqual([]);
    expect(validateWith({ publishedKeys: keys }).publishedKeys).toEqual(keys);
  });

  it.each<[string, unknown, string]>([
    ['an EC key', { ...jwk, kty: 'EC' }, '[0].kty: it is not allowed; allowed: RSA'],
    [
      'a key of 1024 bits',
      bitsOf(1024),
      '[0].n: has 1024 bits, expected the modulus of an RSA key of 2048 to 4096 bits',
    ],
    ['a key of 4224 bits', bitsOf(4224), '[0].n: has 4224 bits, expected'],
    ['another exponent', { ...jwk, e: 'Aw' }, '[0].e: it is not allowed; allowed: AQAB'],
    ['no kid', { ...jwk, kid: undefined }, '[0].kid: is missing. The id of the key'],
    [
      'a kid that API Gateway would evaluate',
      { ...jwk, kid: '$context' },
      '[0].kid: it is not allowed; allowed: letters',
    ],
    ['a kid of 129 characters', { ...jwk, kid: 'a'.repeat(129) }, '[0].kid: it is too long'],
    ['no alg', { ...jwk, alg: undefined }, '[0].alg: is missing. The algorithm with which'],
    ['the alg of an EC key', { ...jwk, alg: 'ES256' }, '[0].alg: it is not allowed'],
    ['a key that encrypts', { ...jwk, use: 'enc' }, '[0].use: it is not allowed; allowed: sig'],
    [
      'base64 in place of base64url',
      { ...jwk, n: `${jwk.n.slice(0, -1)}+` },
      '[0].n: it is not allowed; allowed: base64url',
    ],
    ['a modulus with zeros before it', { ...jwk, n: `AAAA${jwk.n}` }, '[0].n: is not in its shortest form'],
    ['an empty modulus', { ...jwk, n: 'AA' }, '[0].n: '],
    [
      'another member',
      { ...jwk, x5c: [] },
      '[0].x5c: is not a field of the config; allowed here: kty, kid, alg, e, n, use',
    ],
    ['a set in place of a list', { keys: [jwk] }, '[0].keys: is not a field'],
  ])('cannot be %s', (_, key, mistake) => {
    expect(withKeys(key)).toContainEqual(expect.stringContaining(`publishedKeys${mistake}`));
  });

  it('have different kids', () => {
    expect(withKeys(jwk, { ...bitsOf(2048), kid: 'other' }, bitsOf(2048))).toEqual([
      'publishedKeys[2].kid: is also the kid of another key',
    ]);
  });

  it('are at most four', () => {
    const keys = Array.from({ length: 5 }, (_, index) => ({ ...jwk, kid: String(index) }));
    expect(withKeys(...keys)).toEqual(['publishedKeys: has too many entries; at most 4 are allowed']);
  });

  it.each(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'])(
    'cannot have the private member %s, whose value no message shows',
    (member) => {
      const secret = privateJwk[member] ?? 'c2VjcmV0';
      const mistakes = withKeys({ ...jwk, [member]: secret });
      expect(mistakes).toEqual([
        expect.stringMatching(
          `^publishedKeys\\[0\\].${member}: is part of a private key, which must stay secret`,
        ),
      ]);
    },
  );

  it('are in no message when they are private keys in another form', () => {
    const pem = String(privateKey.export({ format: 'pem', type: 'pkcs8' }));
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
    for (const publishedKeys of [
      pem,
      [pem],
      { keys: [privateJwk] },
      privateJwk,
      [{ ...privateJwk, n: pem, kid: pem, alg: pem }],
      [ec],
    ]) {
      const mistakes = findMistakes({ publishedKeys }).join();
      expect(mistakes).not.toBe('');
      expect(mistakes).not.toMatch(/BEGIN|MII/);
      for (const value of [...Object.values(privateJwk), ec.d]) {
        if (String(value).length > 10) expect(mistakes).not.toContain(String(value).slice(0, 8));
      }
    }
  });
});
