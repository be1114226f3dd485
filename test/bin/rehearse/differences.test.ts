import { describe, expect, test } from '@jest/globals';
import { differences } from '../../../bin/rehearse/differences.ts';

const ids = new Map([['Table', 'sessions-1']]);

describe('what exists is compared with the template', () => {
  test('finds nothing when everything that the template says is there', () => {
    const template = { Name: 'a.b', Nested: { List: ['x', 1, true] } };
    expect(differences(template, { ...template, More: 'of AWS' }, ids)).toEqual([]);
  });

  test('takes a number for the same number as text, as CloudFormation does', () => {
    expect(differences({ Timeout: '10' }, { Timeout: 10 }, ids)).toEqual([]);
  });

  test.each([
    ['another value', { Timeout: 10 }, { Timeout: 11 }, 'Timeout is 11, expected 10'],
    ['a missing value', { Timeout: 10 }, {}, 'Timeout is missing, expected 10'],
    ['nothing at all', { A: { B: 'c' } }, undefined, 'A.B is missing, expected "c"'],
    ['a text that only contains it', { Name: 'live' }, { Name: 'alive' }, 'Name is alive, expected "live"'],
    ['a dot taken for any character', { Name: 'a.b' }, { Name: 'acb' }, 'Name is acb, expected "a.b"'],
    ['a shorter list', { L: ['a', 'b'] }, { L: ['a'] }, 'L is ["a"], expected ["a","b"]'],
    ['another item', { L: ['a'] }, { L: ['b'] }, 'L[0] is b, expected "a"'],
    ['an object in place of a text', { Name: 'a' }, { Name: {} }, 'Name is {}, expected "a"'],
  ])('names %s and where it is', (_, template, actual, sentence) => {
    expect(differences(template, actual, ids)).toEqual([sentence]);
  });

  test('a reference is the very thing that was made of it', () => {
    const template = { Table: { Ref: 'Table' } };
    expect(differences(template, { Table: 'sessions-1' }, ids)).toEqual([]);
    expect(differences(template, { Table: 'sessions-2' }, ids)).toHaveLength(1);
  });

  test('what only AWS knows may be anything but nothing', () => {
    const template = { Arn: { 'Fn::GetAtt': ['Table', 'Arn'] } };
    expect(differences(template, { Arn: 'arn:aws:anything' }, ids)).toEqual([]);
    expect(differences(template, { Arn: '' }, ids)).toHaveLength(1);
    expect(differences(template, {}, ids)).toHaveLength(1);
  });

  test('a joined text has its literal parts and references, with anything for the rest', () => {
    const join = { 'Fn::Join': ['-', ['a', { Ref: 'Table' }, { 'Fn::GetAtt': ['Table', 'Arn'] }]] };
    expect(differences({ Text: join }, { Text: 'a-sessions-1-arn' }, ids)).toEqual([]);
    expect(differences({ Text: join }, { Text: 'a-sessions-2-arn' }, ids)).toHaveLength(1);
    expect(differences({ Text: join }, { Text: 'b-sessions-1-arn' }, ids)).toHaveLength(1);
  });
});
