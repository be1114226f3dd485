// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a template of Fn::Sub looks like this
import { describe, expect, test } from '@jest/globals';
import { createStack, type ResourceHandlers } from '../../../local/template/create-stack.ts';
import type { Json, JsonObject } from '../../../local/template/json.ts';
import { createStackIdentity } from '../../../local/template/stack-identity.ts';

/** Creates a stack with resources of the type `Test::Thing`, and records what they read. */
async function create(template: JsonObject, created: string[] = []) {
  const values: Record<string, unknown> = {};
  const handlers: ResourceHandlers = {
    'Test::Thing': ({ logicalId, properties }) => {
      properties.ignore('Colour');
      properties.optionalObject('Options')?.optionalString('Size');
      created.push(logicalId);
      values[logicalId] = {
        text: properties.optionalString('Text'),
        number: properties.optionalNumber('Number'),
        word: properties.oneOf('Word', ['x', 'y'], 'x'),
        list: properties.strings('List'),
        map: properties.stringMap('Map'),
        parts: properties.objects('Parts').map((part) => part.string('Name')),
        json: properties.json('Json'),
      };
      return { ref: `ref-${logicalId}`, attributes: { Arn: `arn-${logicalId}` } };
    },
    'Custom::*': ({ logicalId, properties }) => {
      created.push(logicalId);
      values[logicalId] = properties.all();
      return { ref: logicalId };
    },
  };
  await createStack({ template, handlers, stack: createStackIdentity('test') });
  return { created, values };
}

const thing = (properties: JsonObject = {}) => ({ Type: 'Test::Thing', Properties: properties });

describe('a stack', () => {
  test('creates each resource after those that it refers to or depends on', async () => {
    const { created } = await create({
      Resources: {
        A: thing({ Text: { 'Fn::GetAtt': ['B', 'Arn'] } }),
        B: { ...thing(), DependsOn: ['D', 'C'] },
        C: thing(),
        D: thing({ Map: { e: { 'Fn::Join': ['', [{ Ref: 'E' }]] } } }),
        E: { Type: 'Custom::Thing', Properties: { anything: 'goes' } },
      },
    });
    expect(created).toEqual(['E', 'D', 'C', 'B', 'A']);
  });

  test.each<[string, Json, Json]>([
    ['Ref', { Ref: 'Other' }, 'ref-Other'],
    ['Ref of a pseudo parameter', { Ref: 'AWS::Region' }, 'eu-west-2'],
    ['Fn::GetAtt', { 'Fn::GetAtt': ['Other', 'Arn'] }, 'arn-Other'],
    ['Fn::Join', { 'Fn::Join': ['/', ['a', { Ref: 'Other' }]] }, 'a/ref-Other'],
    ['Fn::Split', { 'Fn::Split': ['-', { Ref: 'Other' }] }, ['ref', 'Other']],
    ['Fn::Select', { 'Fn::Select': [1, { 'Fn::Split': ['-', { Ref: 'Other' }] }] }, 'Other'],
    ['Fn::Sub', { 'Fn::Sub': '${AWS::AccountId} in ${AWS::Region}' }, '123456789012 in eu-west-2'],
    [
      'functions inside lists',
      { list: [{ Ref: 'Other' }], plain: true },
      { list: ['ref-Other'], plain: true },
    ],
    [
      'a statement with a condition',
      { Action: 'kms:Sign', Condition: { StringEquals: { a: 'b' } } },
      { Action: 'kms:Sign', Condition: { StringEquals: { a: 'b' } } },
    ],
  ])('evaluates %s', async (_name, Value, expected) => {
    const { values } = await create({ Resources: { A: thing({ Json: Value }), Other: thing() } });
    expect(values).toMatchObject({ A: { json: expected } });
  });

  test('reads the properties of its resources', async () => {
    const properties = {
      Text: 3,
      Number: 4,
      Word: 'y',
      List: ['a'],
      Map: { b: true },
      Parts: [{ Name: 'c' }],
    };
    const { values } = await create({ Resources: { A: thing(properties) } });
    const read = { text: '3', number: 4, word: 'y', list: ['a'], map: { b: 'true' }, parts: ['c'] };
    expect(values).toMatchObject({ A: read });
  });

  test('skips resources without local effect, to which others can refer', async () => {
    const { values } = await create({
      Resources: {
        Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { Whatever: { 'Fn::ImportValue': 'x' } } },
        A: thing({ Text: { 'Fn::GetAtt': ['Alarm', 'Arn'] } }),
      },
    });
    expect(values).toMatchObject({ A: { text: 'arn:aws:local:eu-west-2:123456789012:Alarm' } });
  });

  test('does not evaluate properties without local effect', async () => {
    const { created } = await create({ Resources: { A: thing({ Colour: { 'Fn::ImportValue': 'x' } }) } });
    expect(created).toEqual(['A']);
  });

  const parameter = { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk-bootstrap/version' };
  test.each<[string, JsonObject, string]>([
    ['an unknown section', { Transform: 'AWS::Serverless', Resources: {} }, 'Transform: the local'],
    [
      'conditions',
      { Conditions: {}, Resources: {} },
      'Conditions: the local environment does not understand',
    ],
    ['an unknown rule', { Rules: { OnlyHere: {} }, Resources: {} }, 'Rules, property OnlyHere: the local'],
    [
      'a reference to a parameter',
      { Parameters: { Version: parameter }, Resources: { A: thing({ Text: { Ref: 'Version' } }) } },
      'A (Test::Thing), property Text: refers to Version, which has no value here',
    ],
    [
      'an unknown attribute of a resource',
      { Resources: { A: { ...thing(), CreationPolicy: {} } } },
      'A, property CreationPolicy: the local environment does not understand',
    ],
    [
      'resources that depend on each other',
      { Resources: { A: thing({ Text: { Ref: 'B' } }), B: thing({ Text: { Ref: 'A' } }) } },
      'A: depends on itself',
    ],
  ])('refuses %s', async (_name, template, problem) => {
    await expect(create(template)).rejects.toThrow(`template: ${problem}`);
  });

  test.each<[string, JsonObject, string]>([
    ['an unknown property', { Shape: 'round' }, 'Shape: the local environment does not understand it'],
    ['an unknown nested property', { Options: { Size: '1', Weight: '2' } }, 'Options.Weight: the local'],
    ['a list as a text', { Text: [] }, 'Text: is not a string'],
    ['a text as a number', { Number: '3' }, 'Number: is not a number'],
    ['an unknown word', { Word: 'z' }, 'Word: "z" is none of x, y'],
    ['a text as an object', { Options: 'c' }, 'Options: is not an object'],
    ['a function as an object', { Options: { Ref: 'AWS::Region' } }, 'Options: is not an object'],
    ['a text as a list', { Parts: 'c' }, 'Parts: is not a list'],
    ['numbers as texts', { List: [1] }, 'List: is not a list of strings'],
    ['objects as texts', { Map: { b: {} } }, 'Map.b: is not a string'],
    ['a missing text', { Parts: [{}] }, 'Parts[0].Name: is required'],
    [
      'an unknown function',
      { Json: { inner: { 'Fn::ImportValue': 'x' } } },
      'Json.inner: the local environment does not understand Fn::ImportValue',
    ],
    [
      'an unknown reference',
      { Json: { Ref: 'Nothing' } },
      'Json: refers to Nothing, which has no value here',
    ],
    [
      'an unknown reference in a text',
      { Json: { 'Fn::Sub': '${Nothing}' } },
      'Json: refers to Nothing, which has no value here',
    ],
    ['no value', { Json: { Ref: 'AWS::NoValue' } }, 'Json: refers to AWS::NoValue, which has no value here'],
    [
      'an unknown attribute',
      { Json: { 'Fn::GetAtt': ['Other', 'Size'] } },
      'Json: refers to the attribute Size of Other, which has no value here',
    ],
    [
      'an object inside a text',
      { Json: { 'Fn::Join': ['', [{ a: 'b' }]] } },
      'Json: Fn::Join expects a string',
    ],
  ])('refuses a resource with %s', async (_name, properties, problem) => {
    const start = create({ Resources: { Other: thing(), A: thing(properties) } });
    await expect(start).rejects.toThrow(`template: A (Test::Thing), property ${problem}`);
  });

  test('names all resources of unknown types before it creates anything', async () => {
    const template = {
      Resources: { A: thing(), B: { Type: 'AWS::S3::Bucket' }, C: { Type: 'AWS::EC2::VPC' } },
    };
    const created: string[] = [];
    await expect(create(template, created)).rejects.toThrow(
      'template: B (AWS::S3::Bucket), C (AWS::EC2::VPC): the local environment does not support this type',
    );
    expect(created).toEqual([]);
  });
});
