import { describe, expect, test } from '@jest/globals';
import type { ResolutionScope } from '../../../local/template/intrinsics.ts';
import type { Json, JsonObject } from '../../../local/template/json.ts';
import { PropertyReader } from '../../../local/template/property-reader.ts';

const scope: ResolutionScope = {
  reference: (name) => (name === 'Here' ? 'resolved' : undefined),
  attribute: () => undefined,
  condition: (name) => (name === 'Always' ? { 'Fn::Equals': ['a', 'a'] } : undefined),
  mapping: () => undefined,
};
const read = (properties: JsonObject) => new PropertyReader(properties, scope, 'Thing');

describe('reading properties', () => {
  test('reads strings, numbers and booleans, in quotes or not', () => {
    const properties = read({ a: { Ref: 'Here' }, b: 3, c: '3', d: true, e: 'false' });
    expect(properties.string('a')).toBe('resolved');
    expect(properties.optionalNumber('b')).toBe(3);
    expect(properties.optionalNumber('c')).toBe(3);
    expect(properties.optionalBoolean('d')).toBe(true);
    expect(properties.optionalBoolean('e')).toBe(false);
    expect(properties.optionalString('absent')).toBeUndefined();
    properties.end();
  });

  test('reads objects that stand behind a condition', () => {
    const properties = read({ a: { 'Fn::If': ['Always', { b: { Ref: 'Here' } }, {}] }, list: [{ c: 1 }] });
    expect(properties.object('a').string('b')).toBe('resolved');
    expect(properties.objects('list').map((item) => item.optionalNumber('c'))).toEqual([1]);
    properties.end();
  });

  test.each<[string, Json, (properties: PropertyReader) => unknown, string]>([
    ['a missing string', null, (properties) => properties.string('b'), 'Thing, property b: is required'],
    ['a list for a string', [], (properties) => properties.string('a'), 'Thing, property a: is not a string'],
    ['a word for a number', 'many', (properties) => properties.optionalNumber('a'), 'is not a number'],
    ['an empty text for a number', '', (properties) => properties.optionalNumber('a'), 'is not a number'],
    [
      'a word for a boolean',
      'maybe',
      (properties) => properties.optionalBoolean('a'),
      'is neither true nor false',
    ],
    [
      'a word that is not allowed',
      'c',
      (properties) => properties.oneOf('a', ['x', 'y']),
      '"c" is none of x, y',
    ],
    ['a text for an object', 'c', (properties) => properties.object('a'), 'is not an object'],
    ['a text for a list', 'c', (properties) => properties.objects('a'), 'is not a list'],
    ['numbers for strings', [1], (properties) => properties.strings('a'), 'is not a list of strings'],
    [
      'objects for strings',
      { b: {} },
      (properties) => properties.stringMap('a'),
      'property a.b: is not a string',
    ],
  ])('refuses %s', (_name, value, use, problem) => {
    expect(() => use(read({ a: value }))).toThrow(problem);
  });
});
