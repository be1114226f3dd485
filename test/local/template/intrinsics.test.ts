// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the templates of Fn::Sub look like this
import { describe, expect, test } from '@jest/globals';
import { type ResolutionScope, resolveIntrinsics } from '../../../local/template/intrinsics.ts';
import type { Json } from '../../../local/template/json.ts';

const scope: ResolutionScope = {
  reference: (name) => ({ Table: 'table-1', 'AWS::Region': 'eu-west-2', Names: ['a', 'b'] })[name],
  attribute: (logicalId, name) => (logicalId === 'Key' && name === 'Arn' ? 'arn:key' : undefined),
  condition: (name) =>
    (
      ({
        InLondon: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-2'] },
        InParis: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-3'] },
        InEither: { 'Fn::Or': [{ Condition: 'InLondon' }, { Condition: 'InParis' }] },
        InBoth: { 'Fn::And': [{ Condition: 'InLondon' }, { Condition: 'InParis' }] },
        Elsewhere: { 'Fn::Not': [{ Condition: 'InEither' }] },
      }) as Record<string, Json>
    )[name],
  mapping: (name) => (name === 'Sizes' ? { small: { memory: 128 } } : undefined),
};

const at = { logicalId: 'Thing', property: 'Value' };
const resolve = (value: Json) => resolveIntrinsics(value, scope, at);

describe('intrinsic functions', () => {
  test.each<[string, Json, Json | undefined]>([
    ['Ref', { Ref: 'Table' }, 'table-1'],
    ['Ref of a pseudo parameter', { Ref: 'AWS::Region' }, 'eu-west-2'],
    ['Ref of no value', { Ref: 'AWS::NoValue' }, undefined],
    ['Fn::GetAtt', { 'Fn::GetAtt': ['Key', 'Arn'] }, 'arn:key'],
    ['Fn::Join', { 'Fn::Join': ['/', ['a', { Ref: 'Table' }, 3]] }, 'a/table-1/3'],
    ['Fn::Join of a list', { 'Fn::Join': [',', { Ref: 'Names' }] }, 'a,b'],
    [
      'Fn::Sub',
      { 'Fn::Sub': '${Table} in ${AWS::Region}, ${Key.Arn}, ${!Literal}' },
      'table-1 in eu-west-2, arn:key, ${Literal}',
    ],
    [
      'Fn::Sub with variables',
      { 'Fn::Sub': ['${Own}-${Table}', { Own: { Ref: 'AWS::Region' } }] },
      'eu-west-2-table-1',
    ],
    ['Fn::Split', { 'Fn::Split': ['-', { Ref: 'Table' }] }, ['table', '1']],
    ['Fn::Select', { 'Fn::Select': ['1', { 'Fn::Split': ['-', 'x-y'] }] }, 'y'],
    ['Fn::FindInMap', { 'Fn::FindInMap': ['Sizes', 'small', 'memory'] }, 128],
    ['Fn::If that holds', { 'Fn::If': ['InLondon', 'yes', { Ref: 'Nothing' }] }, 'yes'],
    ['Fn::If that does not', { 'Fn::If': ['InParis', 'yes', { Ref: 'AWS::NoValue' }] }, undefined],
    ['Fn::Or', { 'Fn::If': ['InEither', 1, 2] }, 1],
    ['Fn::And', { 'Fn::If': ['InBoth', 1, 2] }, 2],
    ['Fn::Not', { 'Fn::If': ['Elsewhere', 1, 2] }, 2],
  ])('evaluates %s', (_name, value, expected) => {
    expect(resolve(value)).toEqual(expected);
  });

  test('evaluates deep inside, and leaves out what has no value', () => {
    const value = {
      list: [{ Ref: 'Table' }, { Ref: 'AWS::NoValue' }],
      gone: { Ref: 'AWS::NoValue' },
      plain: true,
    };
    expect(resolve(value)).toEqual({ list: ['table-1'], plain: true });
  });

  test('leaves a statement with a Condition of its own alone', () => {
    const statement = { Action: 'kms:Sign', Condition: { StringEquals: { a: 'b' } } };
    expect(resolve(statement)).toEqual(statement);
  });

  test.each<[string, Json, string]>([
    [
      'a function that it does not know',
      { 'Fn::ImportValue': 'x' },
      'the local environment does not understand Fn::ImportValue',
    ],
    ['a reference to nothing', { Ref: 'Nothing' }, 'refers to Nothing, which has no value here'],
    [
      'an attribute that there is not',
      { 'Fn::GetAtt': ['Key', 'Size'] },
      'refers to the attribute Size of Key',
    ],
    ['a missing map entry', { 'Fn::FindInMap': ['Sizes', 'big', 'memory'] }, 'finds no Sizes.big.memory'],
    ['an index beyond the list', { 'Fn::Select': [2, ['a']] }, 'finds nothing at index 2'],
    ['an unknown condition', { 'Fn::If': ['Nowhere', 1, 2] }, 'the condition Nowhere, which there is not'],
    ['something in a text that is none', { 'Fn::Join': ['', [{ a: 'b' }]] }, 'Fn::Join expects a string'],
  ])('refuses %s, naming resource and property', (_name, value, problem) => {
    expect(() => resolve({ inner: value })).toThrow(`template: Thing, property Value.inner: `);
    expect(() => resolve({ inner: value })).toThrow(problem);
  });
});
