import zlib from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { readAwsJson, writeAwsJson } from '../../../../lambdas/adapters/aws/aws-json.ts';
import { crc32 } from '../../../../lambdas/adapters/aws/crc32.ts';

describe('writeAwsJson', () => {
  it('writes bytes as base64, wherever they are and of whatever kind', () => {
    const bytes = [Uint8Array.of(0, 255), Buffer.from('text'), new Uint8Array()];
    expect(
      JSON.parse(writeAwsJson({ Item: { a: { L: bytes.map((B) => ({ B })) } }, Message: bytes[0] })),
    ).toEqual({
      Item: { a: { L: [{ B: 'AP8=' }, { B: 'dGV4dA==' }, { B: '' }] } },
      Message: 'AP8=',
    });
  });

  it('writes objects without a prototype', () => {
    expect(writeAwsJson(Object.assign(Object.create(null), { Key: {} }))).toBe('{"Key":{}}');
  });

  it('leaves out what is undefined', () => {
    expect(writeAwsJson({ Key: {}, ConsistentRead: undefined })).toBe('{"Key":{}}');
  });

  it.each([
    ['a Set', new Set(['a'])],
    ['a Map', new Map()],
    ['a Date', new Date(0)],
    ['other numbers in memory', new Float64Array(1)],
    ['a function', () => 1],
  ])('throws for %s, which JSON would lose', (_, value) => {
    expect(() => writeAwsJson({ Item: { a: { SS: value } } })).toThrow('has a "SS" that is not understood');
  });
});

describe('readAwsJson', () => {
  it('makes bytes of the strings in the named fields, and of no others', () => {
    const text = '{"Items":[{"B":{"S":"QQ=="},"x":{"B":"AP8="},"y":{"L":[{"B":""}]}}],"B":5}';
    expect(readAwsJson(Buffer.from(text), ['B'])).toEqual({
      Items: [{ B: { S: 'QQ==' }, x: { B: Uint8Array.of(0, 255) }, y: { L: [{ B: new Uint8Array() }] } }],
      B: 5,
    });
  });

  it.each(['null', '[]', '"Item"', '5'])('finds no fields in %s', (text) => {
    expect(readAwsJson(Buffer.from(text), [])).not.toHaveProperty('Item');
  });

  it.each(['', 'text', '{"Item":'])('returns undefined for "%s", which is not JSON', (text) => {
    expect(readAwsJson(Buffer.from(text), [])).toBeUndefined();
  });
});

describe('crc32', () => {
  it('computes the published check value', () => {
    expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926);
  });

  it.each(['', '{}', 'Siân 🔑', 'x'.repeat(10_000)])('agrees with zlib', (text) => {
    expect(crc32(Buffer.from(text))).toBe(zlib.crc32(text));
  });
});
