import { describe, expect, test } from '@jest/globals';
import { type Item, ItemReader, timeToLive } from '../../../../lambdas/adapters/dynamodb/item.ts';

const item = {
  text: { S: 'a' },
  whole: { N: '12' },
  half: { N: '0.5' },
  huge: { N: '9007199254740992' },
  bare: { N: 12 },
  bytes: { B: Uint8Array.of(1) },
  list: { L: [{ S: 'a' }, { S: 'b' }] },
  numbers: { L: [{ N: '1' }] },
  texts: { L: [{ S: 5 }] },
  nulls: { L: [null] },
} as unknown as Item;
const reader = new ItemReader('sessions', item);
const isA = (value: string): value is 'a' => value === 'a';
const isAny = (value: string): value is string => value !== 'c';

describe('an item of DynamoDB', () => {
  test('has the attributes that it has', () => {
    expect(reader.has('text')).toBe(true);
    expect(reader.has('missing')).toBe(false);
  });

  test.each([
    ['a string', () => reader.string('text'), 'a'],
    ['a whole number', () => reader.integer('whole'), 12],
    ['bytes', () => reader.bytes('bytes'), Uint8Array.of(1)],
    ['a known value', () => reader.oneOf('text', isA), 'a'],
    ['a list of known values', () => reader.listOf('list', isAny), ['a', 'b']],
  ])('gives %s', (_, read, value) => {
    expect(read()).toEqual(value);
  });

  test.each<[string, string, (name: string) => unknown, readonly string[]]>([
    ['a string', 'a string', (name) => reader.string(name), ['missing', 'whole']],
    [
      'a whole number',
      'a whole number',
      (name) => reader.integer(name),
      ['missing', 'text', 'half', 'huge', 'bare'],
    ],
    ['bytes', 'binary', (name) => reader.bytes(name), ['missing', 'text']],
    ['a known value', 'a string', (name) => reader.oneOf(name, isA), ['missing', 'whole']],
    ['a list', 'a list', (name) => reader.listOf(name, isA), ['missing', 'text']],
    [
      'a list of known values',
      'a list of known values',
      (name) => reader.listOf(name, isA),
      ['list', 'numbers', 'nulls'],
    ],
    ['a list of strings', 'a list of known values', (name) => reader.listOf(name, isAny), ['texts']],
  ])('is an error that names table and attribute where %s is missing', (_, expected, read, names) => {
    for (const name of names) {
      expect(() => read(name)).toThrow(
        expect.objectContaining({
          code: 'unexpected',
          message: `table "sessions" has an item whose attribute "${name}" is not ${expected}`,
        }),
      );
    }
  });

  test('is an error where a value is not a known one', () => {
    const other = new ItemReader('sessions', { text: { S: 'b' } });
    expect(() => other.oneOf('text', isA)).toThrow('whose attribute "text" is not a known value');
  });

  test('lives until the second after its time', () => {
    expect([1000, 1001, 2000].map(timeToLive)).toEqual([{ N: '1' }, { N: '2' }, { N: '2' }]);
  });
});
